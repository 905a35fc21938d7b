internal import Networks
internal import SpecGANErrors

/// A layer that can be converted to ONNX operators.
///
/// Values between layers are `[batch, channels, height, width]`, ONNX's order.
protocol ONNXConvertible: Layer {
  /// Appends the layer to `graph`, and returns the name of its output.
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String
}

extension ONNXGraph {
  /// Appends `layer`, and returns the name of its output.
  ///
  /// - Precondition: the layer is ``ONNXConvertible``.
  mutating func append(
    _ layer: any Layer, after value: String, _ weights: NetworkWeights
  ) -> String {
    guard let layer = layer as? any ONNXConvertible else {
      trap("\(layer.name) has no operator in ONNX")
    }
    return layer.append(to: &self, after: value, weights)
  }
}

// MARK: - Resizing

extension Upsampling: ONNXConvertible {
  /// Appends `Resize` with the edge extended. For a low-pass filter it is linear with half-pixel
  /// centers. The others have the semantics of TensorFlow 1: index `i` at `i/factor`, and Keys' `a`
  /// of −0.75.
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    let factors = graph.constant(
      name + "/factors", shape: [4], [1, 1, Float(heightFactor), Float(widthFactor)])
    let isLowPass = interpolation == .lowPass
    return graph.append(
      // The region of interest, which is omitted, precedes the factors.
      "Resize", [value, "", factors],
      [
        ("coordinate_transformation_mode", .text(isLowPass ? "half_pixel" : "asymmetric")),
        ("cubic_coeff_a", .number(-0.75)),
        ("mode", .text(isLowPass ? "linear" : interpolation.rawValue)),
        ("nearest_mode", .text("floor")),
      ])
  }
}

// MARK: - Normalizing

extension BatchNormalization: ONNXConvertible where Function: ONNXActivation {
  /// Appends a normalization by the moving means and variances.
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    guard let statistics = weights.statistics else {
      trap("\(name) has no moving statistics")
    }
    let inputs =
      [gamma, beta].map { graph.constant($0, of: weights.parameters) }
      + [moments.movingMean, moments.movingVariance].map { graph.constant($0, of: statistics) }
    let result = graph.append(
      "BatchNormalization", [value] + inputs, [("epsilon", .number(BatchMoments.epsilon))])
    return Function.append(to: &graph, after: result)
  }
}

// MARK: - Activations

/// An activation with an ONNX operator.
protocol ONNXActivation: Activation {
  /// Appends the activation to `graph`, and returns the name of its output.
  static func append(to graph: inout ONNXGraph, after value: String) -> String
}

extension Identity: ONNXActivation {
  static func append(to graph: inout ONNXGraph, after value: String) -> String { value }
}

extension ReLU: ONNXActivation {
  static func append(to graph: inout ONNXGraph, after value: String) -> String {
    graph.append("Relu", [value])
  }
}

extension LeakyReLU: ONNXActivation {
  static func append(to graph: inout ONNXGraph, after value: String) -> String {
    graph.append("LeakyRelu", [value], [("alpha", .number(slope))])
  }
}

extension HyperbolicTangent: ONNXActivation {
  static func append(to graph: inout ONNXGraph, after value: String) -> String {
    graph.append("Tanh", [value])
  }
}
