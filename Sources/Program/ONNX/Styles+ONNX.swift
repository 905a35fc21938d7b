internal import Networks
internal import SpecGANErrors
internal import SpecGANTensors

extension LatentChunk: ONNXConvertible {
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    graph.slice(value, elements, name: name)
  }
}

extension LabelEmbedding: ONNXConvertible {
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    let latent = graph.slice(value, 0..<source.latent, name: name + "/latent")
    let labels = graph.slice(
      value, source.latent..<source.latent + source.labels, name: name + "/labels")
    let kernel = graph.constant(kernel, of: weights.parameters)
    let embedded = graph.append("MatMul", [labels, kernel])
    return graph.append("Concat", [latent, embedded], [("axis", .integer(1))])
  }
}

extension StyleProjections: ONNXConvertible {
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    let embedding =
      source.embedding == 0
      ? []
      : [
        graph.slice(
          value, source.latent..<source.latent + source.embedding, name: name + "/embedding")
      ]
    let columns = parts.map { part in
      let chunk = graph.slice(value, part.chunk, name: part.kernel.name + "/chunk")
      let inputs = graph.append("Concat", [chunk] + embedding, [("axis", .integer(1))])
      return graph.append("MatMul", [inputs, graph.constant(part.kernel, of: weights.parameters)])
    }
    return graph.append("Concat", columns, [("axis", .integer(1))])
  }
}

extension ConditionalBatchNormalization: ONNXConvertible where Function: ONNXActivation {
  /// Appends a normalization by the moving means and variances, then the gains and offsets.
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    guard let statistics = weights.statistics, let styles = graph.styles else {
      trap("\(name) has no moving statistics or no styles")
    }
    let ones = [Float](repeating: 1, count: moments.channels)
    let inputs =
      [
        graph.constant(name + "/one", shape: [moments.channels], ones),
        graph.constant(name + "/zero", shape: [moments.channels], ones.map { _ in 0 }),
      ]
      + [moments.movingMean, moments.movingVariance].map { graph.constant($0, of: statistics) }
    let normalized = graph.append(
      "BatchNormalization", [value] + inputs, [("epsilon", .number(BatchMoments.epsilon))])
    let shape = graph.constant(name + "/style_shape", [-1, moments.channels, 1, 1])
    func style(_ columns: StyleColumns, _ name: String) -> String {
      let slice = graph.slice(
        styles, columns.first..<columns.first + columns.count, name: "\(self.name)/\(name)")
      return graph.append("Reshape", [slice, shape])
    }
    let gain = graph.append(
      "Add", [style(gains, "gain"), graph.constant(name + "/unit", shape: [1], [1])])
    let scaled = graph.append("Mul", [normalized, gain])
    let result = graph.append("Add", [scaled, style(offsets, "offset")])
    return Function.append(to: &graph, after: result)
  }
}
