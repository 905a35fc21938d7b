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
    let latents = graph.slice(value, 0..<latent, name: name + "/latent")
    let hot = graph.slice(value, latent..<latent + labels, name: name + "/labels")
    let embedded = graph.append(
      "MatMul", [hot, graph.constant(kernel, of: weights.parameters)])
    return graph.append("Concat", [latents, embedded], [("axis", .integer(1))])
  }
}

extension StyleProjections: ONNXConvertible {
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    let shared =
      shared == 0
      ? [] : [graph.slice(value, divided..<divided + shared, name: name + "/shared")]
    let columns = parts.map { part in
      let chunk = graph.slice(value, part.chunk, name: part.kernel.name + "/chunk")
      let inputs = graph.append("Concat", [chunk] + shared, [("axis", .integer(1))])
      let kernel = graph.constant(part.kernel, of: weights.parameters)
      let bias = part.bias.map { graph.constant($0, of: weights.parameters) }
      return bias.map { graph.append("Gemm", [inputs, kernel, $0]) }
        ?? graph.append("MatMul", [inputs, kernel])
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
    func style(_ columns: StyleColumns, _ name: String) -> String {
      graph.picture(
        ofColumns: graph.slice(styles, columns, name: "\(self.name)/\(name)"),
        columns.count, name: "\(self.name)/\(name)")
    }
    let gain = graph.append("Add", [style(gains, "gain"), graph.one(name)])
    let scaled = graph.append("Mul", [normalized, gain])
    let result = graph.append("Add", [scaled, style(offsets, "offset")])
    return Function.append(to: &graph, after: result)
  }
}

// MARK: - Style-based generators

extension LatentNormalization: ONNXConvertible {
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    let epsilon = graph.constant(name + "/epsilon", shape: [1], [Self.epsilon])
    let normalized = parts.enumerated().map { index, part in
      let name = "\(name)/\(index)"
      let elements = graph.slice(value, part, name: name)
      let share = [Float](repeating: 1 / Float(part.count), count: part.count)
      let mean = graph.append(
        "MatMul",
        [
          graph.append("Mul", [elements, elements]),
          graph.constant(name + "/share", shape: [part.count, 1], share),
        ])
      return graph.append(
        "Div", [elements, graph.append("Sqrt", [graph.append("Add", [mean, epsilon])])])
    }
    return graph.append("Concat", normalized, [("axis", .integer(1))])
  }
}

extension StyleChoice: ONNXConvertible {
  /// Appends the same style for every layer.
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    graph.append(
      "Concat", [String](repeating: value, count: layers), [("axis", .integer(1))])
  }
}

extension ConstantInput: ONNXConvertible {
  /// Adds the constant for one example; multiplication by the scales of the first layer broadcasts
  /// it to the batch.
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    let values = weights.parameters[constant].values
    let channels = constant.shape[constant.shape.count - 1]
    let positions = constant.shape.dropLast()
    let count = positions.reduce(1, *)
    let arranged = (0..<channels).flatMap { channel in
      (0..<count).map { values[$0 * channels + channel] }
    }
    return graph.constant(
      name,
      shape: [1, channels] + [Int](repeating: 1, count: 2 - positions.count) + positions, arranged)
  }
}

extension Modulation: ONNXConvertible {
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    let factors = graph.factors(scales, name: name)
    return graph.append(
      "Mul", [value, graph.picture(ofColumns: factors, scales.count, name: name)])
  }
}

extension Demodulation: ONNXConvertible where Function: ONNXActivation {
  func append(to graph: inout ONNXGraph, after value: String, _ weights: NetworkWeights) -> String {
    let parameters = weights.parameters
    let channels = bias.count
    let factors = graph.factors(scales, name: name)
    let sums = graph.append(
      "MatMul",
      [
        graph.append("Mul", [factors, factors]),
        graph.constant(
          name + "/squares", shape: [scales.count, channels], squares(of: parameters[kernel])),
      ])
    let epsilon = graph.constant(name + "/epsilon", shape: [1], [Self.epsilon])
    let root = graph.append("Sqrt", [graph.append("Add", [sums, epsilon])])
    let factor = graph.append(
      "Div", [graph.constant(name + "/gain", shape: [1], [gain]), root])
    var result = graph.append(
      "Mul", [value, graph.picture(ofColumns: factor, channels, name: name)])
    if let noise {
      let picture = [Int](repeating: 1, count: 4 - inputShape.count) + inputShape.dropLast()
      let strength = parameters[noise.strength].values[0]
      let numbers = firstNoise(of: NoiseInputs(seed: 0, clips: [0])).map { strength * $0 }
      result = graph.append(
        "Add",
        [result, graph.constant(name + "/noise", shape: [1] + picture, numbers)])
    }
    let bias = graph.constant(
      bias.name, shape: [1, channels, 1, 1], parameters[bias].values)
    return Function.append(to: &graph, after: graph.append("Add", [result, bias]))
  }
}

extension ONNXGraph {
  /// Appends the selection of `columns` of the styles, and returns its name.
  fileprivate mutating func slice(
    _ styles: String, _ columns: StyleColumns, name: String
  ) -> String {
    slice(styles, columns.first..<columns.first + columns.count, name: name)
  }

  /// Appends `1 + s` for the scales in `columns`, and returns its name.
  fileprivate mutating func factors(_ columns: StyleColumns, name: String) -> String {
    guard let styles else { trap("\(name) has no styles") }
    return append("Add", [slice(styles, columns, name: name), one(name)])
  }

  /// Reshapes `columns` values per example to pictures with one position.
  fileprivate mutating func picture(
    ofColumns value: String, _ columns: Int, name: String
  ) -> String {
    append("Reshape", [value, constant(name + "/style_shape", [-1, columns, 1, 1])])
  }

  /// Returns the constant 1, for the layer `name`.
  fileprivate mutating func one(_ name: String) -> String {
    constant(name + "/unit", shape: [1], [1])
  }
}
