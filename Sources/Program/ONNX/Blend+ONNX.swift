internal import Networks

extension Blend: ONNXConvertible where Function: ONNXActivation {
  /// Appends both branches, and their sum with the blend's weights.
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    var parts: [String] = []
    for (branch, factor) in [(old, 1 - weight), (new, weight)] {
      var result = value
      for layer in branch.layers { result = graph.append(layer, after: result, weights) }
      let factor = graph.constant(
        "\(name)/weight_\(parts.count)", shape: [1], [factor])
      parts.append(graph.append("Mul", [result, factor]))
    }
    return Function.append(to: &graph, after: graph.append("Add", parts))
  }
}
