// Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", JMLR
// 2014, in the form that scales in training, so that use needs no scaling.

internal import SpecGANErrors
internal import SpecGANRandomness
internal import SpecGANTensors

/// Puts zeros in place of a part of the numbers in training, and does nothing in use.
///
/// What is dropped is a function of the pass's draws and the place alone. With those fixed it is
/// linear.
package struct Dropout: PiecewiseLinear {
  /// What it is called in reports.
  package let name: String
  /// The shape of one example's input.
  package let inputShape: [Int]
  /// The part of the numbers that is dropped, in `[0, 1)`.
  package let rate: Float
  /// Which of a network's layers of its kind it is: each has draws of its own.
  package let index: Int

  /// A layer that drops `rate` of numbers of `shape`.
  ///
  /// - Precondition: `rate` is in `[0, 1)`.
  package init(_ shape: [Int], rate: Float, index: Int, name: String) {
    require(0..<1 ~= rate, "rate (=\(rate)) must be from 0 and below 1")
    inputShape = shape
    self.rate = rate
    self.index = index
    self.name = name
  }

  /// As its input's.
  package var outputShape: [Int] { inputShape }
  /// It multiplies nothing that counts.
  package var multiplyAdds: Int { 0 }

  /// It needs none.
  package func reserveScratch(on engine: Engine) {}

  /// `y = M x`, where `M` drops and scales by `1 / (1 − rate)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    apply(x, into: y, pass)
  }

  /// `x̄ = M ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    if let xCotangent { apply(yCotangent, into: xCotangent, pass) }
  }

  /// `ẏ = M ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    apply(xTangent, into: yTangent, pass)
  }

  /// It has no parameters.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {}

  private func apply(_ source: TensorView, into target: TensorView, _ pass: Pass) {
    let count = inputShape.reduce(1, *)
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      let target = target.examples(example)
      target.copy(0..<1, of: source.examples(example), to: 0)
      guard let draws = pass.dropout, rate > 0 else { return }
      let stream = RandomStream(seed: draws.seed, purpose: .dropout, row: UInt32(index))
      let first = UInt64(draws.update * draws.batch + example.lowerBound) * UInt64(count)
      target.withMutableSpan { numbers in
        for place in 0..<count {
          let isKept = stream.uniform(at: first + UInt64(place)) >= rate
          numbers[place] = isKept ? numbers[place] / (1 - rate) : 0
        }
      }
    }
  }
}

/// The random draws of dropout, the same in all passes of an update.
public struct DropoutDraws: Equatable, Sendable {
  /// The random seed.
  public var seed: UInt64
  /// The number of the update.
  public var update: Int
  /// The number of examples of an update.
  public var batch: Int

  /// The draws of update number `update`.
  public init(seed: UInt64, update: Int, batch: Int) {
    self.seed = seed
    self.update = update
    self.batch = batch
  }
}
