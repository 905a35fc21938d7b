internal import Networks
internal import SpecGANTensors

extension Attention: ONNXConvertible {
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    var rows: [Float] = []
    for kernel in projections {
      rows += weights.parameters[kernel].values.transposed(rows: sizes.channels)
    }
    let kernel = graph.constant(
      name + "/projections", shape: [sizes.projectedChannels, sizes.channels, 1, 1], rows)
    let result = attended(graph.append("Conv", [value, kernel]), in: &graph)
    let factor = weights.parameters[gamma].values[0]
    let scaled = graph.constant(
      name + "/scaled_output", shape: [sizes.channels, sizes.valueChannels, 1, 1],
      weights.parameters[output].values.map { factor * $0 }.transposed(rows: sizes.valueChannels))
    return graph.append("Add", [value, graph.append("Conv", [result, scaled])])
  }

  /// Appends `R = softmax(Q Kᵀ) V` of the queries, keys and values `projected`.
  private func attended(_ projected: String, in graph: inout ONNXGraph) -> String {
    let (inner, outer) = (sizes.queryChannels, sizes.valueChannels)
    func part(_ part: String, _ first: Int, _ count: Int) -> String {
      graph.slice(projected, first..<first + count, name: "\(name)/\(part)")
    }
    func rows(_ value: String, _ channels: Int, _ count: Int) -> String {
      let shape = graph.constant("\(value)/shape", [-1, channels, count])
      return graph.append("Reshape", [value, shape])
    }
    func pooled(_ value: String) -> String {
      let window = ONNXGraph.Attribute.integers([sizes.window.down, sizes.window.across])
      return graph.append("MaxPool", [value], [("kernel_shape", window), ("strides", window)])
    }
    func transposed(_ value: String) -> String {
      graph.append("Transpose", [value], [("perm", .integers([0, 2, 1]))])
    }
    let query = part("query", 0, inner)
    let (key, content) = (part("key", inner, inner), part("value", 2 * inner, outer))
    let queries = transposed(rows(query, inner, sizes.positions))
    let products = graph.append("MatMul", [queries, rows(pooled(key), inner, sizes.keyCount)])
    let shares = graph.append("Softmax", [products], [("axis", .integer(-1))])
    let contents = rows(pooled(content), outer, sizes.keyCount)
    let sums = graph.append("MatMul", [contents, transposed(shares)])
    let shape = graph.constant(name + "/result_shape", [-1, outer] + sizes.shape.dropLast())
    return graph.append("Reshape", [sums, shape])
  }
}

extension [Float] {
  /// Returns the transpose of a matrix of `rows` rows.
  fileprivate func transposed(rows: Int) -> [Float] {
    let columns = count / rows
    return (0..<count).map { self[$0 % rows * columns + $0 / rows] }
  }
}
