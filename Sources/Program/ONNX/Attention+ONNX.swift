internal import Networks
internal import SpecGANTensors

// Between the layers of attention the picture and what is computed from it are one value,
// `[batch, channels, height, width]`, with the channels one after the other.

extension AttentionProjections: ONNXConvertible {
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    var rows: [Float] = []
    for kernel in kernels {
      rows += weights.parameters[kernel].values.transposed(rows: sizes.channels)
    }
    let kernel = graph.constant(
      name + "/kernel", shape: [sizes.projectedChannels, sizes.channels, 1, 1], rows)
    let projected = graph.append("Conv", [value, kernel])
    return graph.append("Concat", [value, projected], [("axis", .integer(1))])
  }
}

extension AttentionCore: ONNXConvertible {
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    let (inner, outer) = (sizes.queryChannels, sizes.valueChannels)
    var first = 0
    func part(_ part: String, _ count: Int) -> String {
      defer { first += count }
      return graph.slice(value, first..<first + count, name: "\(name)/\(part)")
    }
    let picture = part("picture", sizes.channels)
    let (query, key, content) = (part("query", inner), part("key", inner), part("value", outer))
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
    let queries = transposed(rows(query, inner, sizes.positions))
    let products = graph.append("MatMul", [queries, rows(pooled(key), inner, sizes.keyCount)])
    let shares = graph.append("Softmax", [products], [("axis", .integer(-1))])
    let contents = rows(pooled(content), outer, sizes.keyCount)
    let sums = graph.append("MatMul", [contents, transposed(shares)])
    let shape = graph.constant(name + "/result_shape", [-1, outer] + sizes.shape.dropLast())
    let result = graph.append("Reshape", [sums, shape])
    return graph.append("Concat", [picture, result], [("axis", .integer(1))])
  }
}

extension AttentionOutput: ONNXConvertible {
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    let channels = sizes.channels
    let picture = graph.slice(value, 0..<channels, name: name + "/picture")
    let result = graph.slice(
      value, channels..<channels + sizes.valueChannels, name: name + "/result")
    let factor = weights.parameters[gamma].values[0]
    let values = weights.parameters[kernel].values.map { factor * $0 }
    let kernel = graph.constant(
      name + "/scaled_kernel", shape: [channels, sizes.valueChannels, 1, 1],
      values.transposed(rows: sizes.valueChannels))
    return graph.append("Add", [picture, graph.append("Conv", [result, kernel])])
  }
}

extension [Float] {
  /// Returns the transpose of a matrix of `rows` rows.
  fileprivate func transposed(rows: Int) -> [Float] {
    let columns = count / rows
    return (0..<count).map { self[$0 % rows * columns + $0 / rows] }
  }
}
