internal import CSpecGANKernels
package import SpecGANTensors

/// The first layer of a style-based generator: a learned constant that does not depend on the
/// input.
///
/// Source: Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative Adversarial
/// Networks", CVPR 2019, section 2.
package struct ConstantInput: PiecewiseLinear {
  /// The name in reports: that of the constant, such as `G/constant`.
  package var name: String { constant.name }
  /// The shape of one example's input, which is not read.
  package let inputShape: [Int]
  /// The layout entry of the constant.
  package let constant: ParameterLayout.Entry

  /// Creates a layer whose constant of `shape` is appended to `layout` as `name`.
  package init(
    _ shape: [Int], inputs: Int, name: String, in layout: inout ParameterLayout
  ) {
    inputShape = [inputs]
    constant = layout.append(name, shape: shape, role: .constant)
  }

  /// The shape of the constant.
  package var outputShape: [Int] { constant.shape }
  /// The number of multiply-adds: 0.
  package var multiplyAdds: Int { 0 }

  /// Does nothing: the layer needs no scratch memory.
  package func reserveScratch(on engine: Engine) {}

  /// Copies the constant to every example of `y`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    let constant = pass.parameters[constant]
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      unsafe y.examples(example).start.update(from: constant.start, count: constant.count)
    }
  }

  /// Writes zeros.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    xCotangent?.examples(pass.examples).fill(0)
  }

  /// Writes zeros.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    yTangent.examples(pass.examples).fill(0)
  }

  /// Adds `Σ ȳ` to the gradient of the constant, the examples in order.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    guard includingBias else { return }
    let target = gradient[constant]
    pass.engine.run(over: 0..<target.count, by: 1 << 10) { range, _ in
      for example in pass.summed {
        unsafe specgan_add(
          yCotangent.examples(example..<example + 1).start + range.lowerBound, range.count,
          target.start + range.lowerBound)
      }
    }
  }
}
