// Donahue, McAuley and Puckette 2019, section 3.3, as the published code has it: one shift a layer and
// a pass, shared by the examples and channels of a batch; what a shift uncovers is filled by
// reflection without the edge.

internal import CKernels
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

  /// Such as `D/phaseshuffle_0`.
  public var name: String { "D/phaseshuffle_\(index)" }
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
    unsafe run(pass, from: x, to: y) { source, target, shift in
      let kept = length - abs(shift)
      unsafe row(target, max(shift, 0)).update(
        from: row(source, max(-shift, 0)), count: kept * channels)
      for position in uncovered(shift) {
        unsafe row(target, position).update(
          from: row(source, origin(position, shift)), count: channels)
      }
    }
  }

  /// `x̄ = Jᵀ·ȳ`.
  public func backward(_ yCotangent: Tensor, y: Tensor, into xCotangent: Tensor?, _ pass: Pass) {
    guard let xCotangent else { return }
    unsafe run(pass, from: yCotangent, to: xCotangent) { source, target, shift in
      let kept = length - abs(shift)
      unsafe row(target, max(-shift, 0)).update(
        from: row(source, max(shift, 0)), count: kept * channels)
      for position in uncovered(-shift) {
        unsafe row(target, position).update(repeating: 0, count: channels)
      }
      for position in uncovered(shift) {
        unsafe specgan_add(row(source, position), channels, row(target, origin(position, shift)))
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

  private typealias Row = UnsafeMutablePointer<Float>

  private func run(
    _ pass: Pass, from source: Tensor, to target: Tensor,
    _ body: @Sendable (_ source: Row, _ target: Row, _ shift: Int) -> Void
  ) {
    let size = length * channels
    precondition(
      pass.examples.upperBound * size <= min(source.count, target.count),
      "examples \(pass.examples) of \(size) elements are not in \(source.shape) and \(target.shape)"
    )
    pass.engine.run(over: pass.examples, by: 1) { examples, _ in
      let example = examples.lowerBound
      let shift = pass.shifts[layer: index, example: example]
      precondition(abs(shift) < length, "shift (=\(shift)) must be less than length (=\(length))")
      unsafe body(source.start + example * size, target.start + example * size, shift)
    }
  }

  private func row(_ start: Row, _ position: Int) -> Row { unsafe start + position * channels }

  /// The positions that a shift leaves for reflection to fill.
  private func uncovered(_ shift: Int) -> Range<Int> {
    shift > 0 ? 0..<shift : length + shift..<length
  }

  /// The position of the input that `position` of the output shows.
  private func origin(_ position: Int, _ shift: Int) -> Int {
    let origin = abs(position - shift)
    return origin < length ? origin : 2 * (length - 1) - origin
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
