internal import Networks
internal import Tensors

/// A layer that ONNX has operators for.
///
/// Between layers a value is `[batch, channels, height, width]`, ONNX's order.
protocol ONNXConvertible: Layer {
  /// Appends the layer to `graph`, and returns the name of what it gives.
  func append(to graph: inout ONNXGraph, after value: String, _ parameters: Parameters) -> String
}

extension AffineLayer: ONNXConvertible where Function: ONNXActivation {
  func append(to graph: inout ONNXGraph, after value: String, _ parameters: Parameters) -> String {
    let geometry = convolution.geometry
    let result =
      geometry.height == .single && geometry.width == .single
      ? appendDense(to: &graph, after: value, parameters)
      : appendTransposed(to: &graph, after: value, parameters)
    return Function.append(to: &graph, after: result)
  }

  private func appendDense(
    to graph: inout ONNXGraph, after value: String, _ parameters: Parameters
  ) -> String {
    graph.append("Gemm", [value] + constants(in: &graph, parameters) { $0.values })
  }

  private func appendTransposed(
    to graph: inout ONNXGraph, after value: String, _ parameters: Parameters
  ) -> String {
    precondition(direction == .transposed, "only a generator's convolutions are exported")
    let axes = [convolution.geometry.height, convolution.geometry.width]
    // TensorFlow's SAME as ONNX says it: what is cut off at either end, and what lacks at the end.
    let surplus = axes.map { ($0.outputLength - 1) * $0.stride + $0.kernel - $0.length }
    let starts = axes.map(\.padding)
    let ends = zip(surplus, starts).map { max($0 - $1, 0) }
    let inputs = constants(in: &graph, parameters) { kernel in kernel.channelsFirst }
    return graph.append(
      "ConvTranspose", [value] + inputs,
      [
        ("kernel_shape", .integers(axes.map(\.kernel))),
        ("strides", .integers(axes.map(\.stride))), ("pads", .integers(starts + ends)),
        ("output_padding", .integers(surplus.map { max(-$0, 0) })),
      ])
  }

  /// The names of the kernel, as `arranged` has it, and of the bias, if there is one.
  private func constants(
    in graph: inout ONNXGraph, _ parameters: Parameters, arranged: (Kernel) -> [Float]
  ) -> [String] {
    let stored = Kernel(values: parameters[kernel].values, shape: kernel.shape)
    let shape = kernel.shape.count == 4 ? stored.channelsFirstShape : kernel.shape
    let names = [graph.constant(kernel.name, shape: shape, arranged(stored))]
    guard let bias else { return names }
    return names + [graph.constant(bias.name, shape: bias.shape, parameters[bias].values)]
  }
}

/// A kernel `[height, width, out, in]` as transposed convolutions keep it.
private struct Kernel {
  let values: [Float]
  let shape: [Int]

  /// `[in, out, height, width]`.
  var channelsFirstShape: [Int] { [shape[3], shape[2], shape[0], shape[1]] }

  /// The values in the order `[in, out, height, width]`.
  var channelsFirst: [Float] {
    let (positions, pairs) = (shape[0] * shape[1], shape[2] * shape[3])
    var arranged = [Float](repeating: 0, count: values.count)
    for position in 0..<positions {
      for output in 0..<shape[2] {
        for input in 0..<shape[3] {
          arranged[(input * shape[2] + output) * positions + position] =
            values[position * pairs + output * shape[3] + input]
        }
      }
    }
    return arranged
  }
}

/// An activation that ONNX has an operator for.
protocol ONNXActivation: Activation {
  /// Appends it to `graph`, and returns the name of what it gives.
  static func append(to graph: inout ONNXGraph, after value: String) -> String
}

extension ReLU: ONNXActivation {
  static func append(to graph: inout ONNXGraph, after value: String) -> String {
    graph.append("Relu", [value])
  }
}

extension HyperbolicTangent: ONNXActivation {
  static func append(to graph: inout ONNXGraph, after value: String) -> String {
    graph.append("Tanh", [value])
  }
}
