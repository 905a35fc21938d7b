import Networks
import SpecGANTensors
import SpecGANTestSupport
import Testing

@Suite struct SpectralNormalizationTests {
  private let engine = Engine(threads: 2)

  private func layout() -> ParameterLayout {
    var layout = ParameterLayout()
    _ = layout.append("a/kernel", shape: [5, 2, 7])
    _ = layout.append("a/bias", shape: [7])
    _ = layout.append("b/kernel", shape: [11, 1])
    return layout
  }

  private func weights(of layout: ParameterLayout, seed: UInt64) -> Parameters {
    let weights = Parameters(layout)
    weights.block.copy(0..<layout.count, of: Tensor.random([layout.count], seed: seed).view, to: 0)
    return weights
  }

  private func normalization(of layout: ParameterLayout) -> SpectralNormalization {
    let normalization = SpectralNormalization(for: layout)
    normalization.vectors.copy(weights(of: normalization.vectors.layout, seed: 8))
    return normalization
  }

  /// A matrix of known singular values, 3 and 1, turned by known angles: the power method gains a
  /// factor of nine a step, so that after twenty it is as exact as float32.
  @Test func aMatrixIsDividedByItsLargestSingularValue() {
    var layout = ParameterLayout()
    let kernel = layout.append("kernel", shape: [2, 2])
    let weights = Parameters(layout)
    // [[0.6, −0.8], [0.8, 0.6]] · diag(3, 1) · [[0.28, 0.96], [−0.96, 0.28]]
    let matrix: [Float] = [0.504 + 0.768, 1.728 - 0.224, 0.672 - 0.576, 2.304 + 0.168]
    weights[kernel].withMutableSpan { span in for i in 0..<4 { span[i] = matrix[i] } }
    let normalization = normalization(of: layout)
    for _ in 0..<20 { normalization.advance(weights, on: engine) }
    normalization.normalize(weights, on: engine)
    expectClose(normalization.normalized.block.values, matrix.map { $0 / 3 }, terms: 4)
  }

  @Test func biasesStay() {
    let layout = layout()
    let weights = weights(of: layout, seed: 3)
    let normalization = normalization(of: layout)
    normalization.advance(weights, on: engine)
    normalization.normalize(weights, on: engine)
    let bias = layout.entries[1]
    #expect(normalization.normalized[bias].values == weights[bias].values)
    #expect(
      normalization.vectors.layout.entries.map(\.name) == ["a/kernel/u", "b/kernel/u"])
    #expect(normalization.vectors.layout.entries.map(\.shape) == [[7], [1]])
  }

  /// The gradient of `⟨Ḡ, W/σ(W)⟩` with respect to the weights against differences, with constant
  /// `u`.
  ///
  /// With h = 2⁻⁸ rounding is 2⁻¹⁶ of a weight, and the error of the third derivative has the same
  /// order.
  @Test func theGradientIsThatOfTheWholeDivision() {
    let layout = layout()
    let start = weights(of: layout, seed: 3)
    let normalization = normalization(of: layout)
    normalization.advance(start, on: engine)
    let cotangent = weights(of: layout, seed: 4)
    let direction = weights(of: layout, seed: 5)
    func value(_ step: Float) -> Double {
      let moved = Parameters(layout)
      moved.block.withMutableSpan { span in
        for index in 0..<span.count {
          span[index] = start.block.values[index] + step * direction.block.values[index]
        }
      }
      normalization.normalize(moved, on: engine)
      return inner(normalization.normalized.block.values, cotangent.block.values)
    }
    let step: Float = 0x1p-8
    let difference = (value(step) - value(-step)) / Double(2 * step)
    _ = value(0)
    let gradient = Parameters(layout)
    gradient.copy(cotangent)
    normalization.pullBack(gradient, on: engine)
    let slope = inner(gradient.block.values, direction.block.values)
    let size = inner(gradient.block.values, gradient.block.values).squareRoot()
    #expect(abs(difference - slope) < 1e-3 * size, "\(difference), not \(slope)")
    let plain = inner(cotangent.block.values, direction.block.values)
    #expect(abs(plain - slope) > 0.1 * size, "the test cannot distinguish the gradients")
  }

  /// A kernel of zeros has no singular value to divide by, and does not change.
  @Test func zerosStayZeros() {
    let layout = layout()
    let normalization = normalization(of: layout)
    let zeros = Parameters(layout)
    normalization.advance(zeros, on: engine)
    normalization.normalize(zeros, on: engine)
    #expect(normalization.normalized.block.values.allSatisfy { $0 == 0 })
  }

  @Test func bitsDoNotDependOnThreads() {
    let layout = layout()
    let results = [1, 3].map { threads in
      let normalization = normalization(of: layout)
      let engine = Engine(threads: threads)
      normalization.advance(weights(of: layout, seed: 3), on: engine)
      normalization.normalize(weights(of: layout, seed: 3), on: engine)
      return normalization.normalized.block.values
    }
    #expect(results[0] == results[1])
  }
}
