// Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", JMLR
// 2014, in the form that scales in training, so that inference needs no scaling.

internal import SpecGANErrors
internal import SpecGANRandomness
internal import SpecGANTensors

/// A layer that sets a share of the values to zero in training, and does nothing at inference.
///
/// The dropped values depend only on the pass's draws, the layer's index and their positions. With
/// fixed draws the layer is linear.
package struct Dropout: PiecewiseLinear, ParameterlessLayer {
  /// The name in reports.
  package let name: String
  /// The shape of one example's input.
  package let inputShape: [Int]
  /// The share of the values that is dropped, in `[0, 1)`.
  package let rate: Float
  /// The index among the network's dropout layers, each of which has its own draws.
  package let index: Int

  /// Creates a layer that drops the share `rate` of the values of `shape`.
  ///
  /// - Precondition: `rate` is in `[0, 1)`.
  package init(_ shape: [Int], rate: Float, index: Int, name: String) {
    require(0..<1 ~= rate, "rate (=\(rate)) must be at least 0 and below 1")
    inputShape = shape
    self.rate = rate
    self.index = index
    self.name = name
  }

  /// The shape of one example's output, that of its input.
  package var outputShape: [Int] { inputShape }
  /// The number of multiply-adds: 0, because the scaling is not counted.
  package var multiplyAdds: Int { 0 }

  /// Computes `y = M x`; `M` drops values, and scales the others by `1 / (1 − rate)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    apply(x, into: y, pass)
  }

  /// Computes `x̄ = M ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    if let xCotangent { apply(yCotangent, into: xCotangent, pass) }
  }

  /// Computes `ẏ = M ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    apply(xTangent, into: yTangent, pass)
  }

  private func apply(_ source: TensorView, into target: TensorView, _ pass: Pass) {
    let count = inputShape.reduce(1, *)
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      let target = target.examples(example)
      target.copy(0..<1, of: source.examples(example), to: 0)
      guard let draws = pass.dropout, rate > 0 else { return }
      let stream = RandomStream(seed: draws.seed, purpose: .dropout, row: UInt32(index))
      let first = UInt64(draws.update * draws.batch + example.lowerBound) * UInt64(count)
      target.withMutableSpan { values in
        for position in 0..<count {
          let isKept = stream.uniform(at: first + UInt64(position)) >= rate
          values[position] = isKept ? values[position] / (1 - rate) : 0
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

  /// Creates the draws of update number `update`.
  public init(seed: UInt64, update: Int, batch: Int) {
    self.seed = seed
    self.update = update
    self.batch = batch
  }
}
