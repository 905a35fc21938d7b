internal import Networks
internal import SpecGANConvolutions
internal import SpecGANTensors

extension AffineLayer: ONNXConvertible where Function: ONNXActivation {
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    let parameters = weights.parameters
    let geometry = convolution.geometry
    if geometry.height == .single && geometry.width == .single {
      let kernel = graph.constant(kernel, of: parameters)
      let result = graph.append("Gemm", [value, kernel] + biases(in: &graph, parameters))
      return Function.append(to: &graph, after: result)
    }
    let stored = Kernel(parameters[kernel].values, shape: kernel.shape)
    let kernel = graph.constant(
      kernel.name, shape: stored.channelsFirstShape, stored.channelsFirst)
    let result = graph.append(
      direction == .transposed ? "ConvTranspose" : "Conv",
      [value, kernel] + biases(in: &graph, parameters), attributes)
    return Function.append(to: &graph, after: result)
  }

  /// TensorFlow's SAME padding in ONNX: the padding at both ends, or the cropping of a transposed
  /// convolution, and the missing end of its output.
  private var attributes: [(name: String, value: ONNXGraph.Attribute)] {
    let axes = [convolution.geometry.height, convolution.geometry.width]
    let surplus = axes.map { ($0.outputLength - 1) * $0.stride + $0.kernel - $0.length }
    let starts = axes.map(\.padding)
    let ends = zip(surplus, starts).map { max($0 - $1, 0) }
    let missing = ONNXGraph.Attribute.integers(surplus.map { max(-$0, 0) })
    return [
      ("kernel_shape", .integers(axes.map(\.kernel))), ("strides", .integers(axes.map(\.stride))),
      ("pads", .integers(starts + ends)),
    ] + (direction == .transposed ? [("output_padding", missing)] : [])
  }

  /// Returns the name of the bias, or nothing if the layer has none.
  private func biases(in graph: inout ONNXGraph, _ parameters: Parameters) -> [String] {
    bias.map { [graph.constant($0, of: parameters)] } ?? []
  }
}

/// A kernel `[height, width, a, b]` of a network: `a` and `b` are input and output channels, or
/// output and input channels if it is transposed.
private struct Kernel {
  private let values: [Float]
  private let shape: [Int]

  /// Creates a kernel; one with a single axis has a height of 1.
  init(_ values: [Float], shape: [Int]) {
    self.values = values
    self.shape = [Int](repeating: 1, count: 4 - shape.count) + shape
  }

  /// The shape in ONNX's order, `[b, a, height, width]`, transposed or not.
  var channelsFirstShape: [Int] { [shape[3], shape[2], shape[0], shape[1]] }

  /// The values in ONNX's order.
  var channelsFirst: [Float] {
    let (positions, pairs) = (shape[0] * shape[1], shape[2] * shape[3])
    var arranged = [Float](repeating: 0, count: values.count)
    for position in 0..<positions {
      for first in 0..<shape[2] {
        for second in 0..<shape[3] {
          arranged[(second * shape[2] + first) * positions + position] =
            values[position * pairs + first * shape[3] + second]
        }
      }
    }
    return arranged
  }
}
