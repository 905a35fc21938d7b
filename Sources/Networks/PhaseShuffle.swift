// Donahue, McAuley and Puckette 2019, section 3.3, as the published code has it: one shift a layer and
// a pass, shared by the examples and channels of a batch; what a shift uncovers is filled by
// reflection without the edge.

public import Tensors

/// A shift along the length by up to `radius` samples, new in every pass.
public struct PhaseShuffle: PiecewiseLinear {
  /// Positions along the length.
  public let length: Int
  /// Numbers at each position.
  public let channels: Int
  /// Which of ``PhaseShifts``' layers this is.
  public let index: Int

  /// - Precondition: reflection needs `length` to be larger than any shift it will be given.
  public init(length: Int, channels: Int, index: Int) {
    self.length = length
    self.channels = channels
    self.index = index
  }

  /// `[1, length, channels]`.
  public var inputShape: [Int] { [1, length, channels] }
  /// `[1, length, channels]`.
  public var outputShape: [Int] { inputShape }
  /// None: it copies.
  public var multiplyAdds: Int { 0 }

  /// Nothing: it needs none.
  public func reserveScratch(on engine: Engine) {}

  /// `y = f(x; θ)`.
  public func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    run(pass) { examples, shift in
      x.withExamples(examples) { source in
        y.withMutableExamples(examples) { target in
          forEachPosition(shift) { position, origin in
            for channel in 0..<channels {
              target[position * channels + channel] = source[origin * channels + channel]
            }
          }
        }
      }
    }
  }

  /// `x̄ = Jᵀ·ȳ`.
  public func backward(_ yCotangent: Tensor, y: Tensor, into xCotangent: Tensor?, _ pass: Pass) {
    guard let xCotangent else { return }
    run(pass) { examples, shift in
      yCotangent.withExamples(examples) { source in
        xCotangent.withMutableExamples(examples) { target in
          for index in 0..<target.count { target[index] = 0 }
          forEachPosition(shift) { position, origin in
            for channel in 0..<channels {
              target[origin * channels + channel] += source[position * channels + channel]
            }
          }
        }
      }
    }
  }

  /// `ẏ = J·ẋ`.
  public func tangent(_ xTangent: Tensor, y: Tensor, into yTangent: Tensor, _ pass: Pass) {
    forward(xTangent, into: yTangent, pass)
  }

  /// Nothing: it has no parameters.
  public func accumulateGradient(
    x: Tensor, yCotangent: Tensor, includingBias: Bool, into gradient: Parameters, _ pass: Pass
  ) {}

  private func run(_ pass: Pass, _ body: @Sendable (Range<Int>, _ shift: Int) -> Void) {
    pass.engine.run(over: pass.examples, by: 1) { examples, _ in
      body(examples, pass.shifts[layer: index, example: examples.lowerBound])
    }
  }

  /// Calls `body` with every position of the output and the position of the input it shows.
  private func forEachPosition(_ shift: Int, _ body: (_ position: Int, _ origin: Int) -> Void) {
    precondition(abs(shift) < length, "shift (=\(shift)) must be less than length (=\(length))")
    for position in 0..<length {
      let origin = abs(position - shift)
      body(position, origin < length ? origin : 2 * (length - 1) - origin)
    }
  }
}

/// The shifts of every phase shuffle of a network, for groups of examples that share them.
///
/// Without any, nothing is shifted.
public struct PhaseShifts: Equatable, Sendable {
  private var shifts: [[Int]] = []
  private var groupSize = 1

  /// No shift anywhere.
  public init() {}

  /// `shifts[group][layer]`, where a group is `groupSize` examples in a row.
  public init(_ shifts: [[Int]], groupSize: Int) {
    self.shifts = shifts
    self.groupSize = groupSize
  }

  /// How far `layer` shifts `example`; right is positive.
  public subscript(layer layer: Int, example example: Int) -> Int {
    shifts.isEmpty ? 0 : shifts[example / groupSize][layer]
  }
}
