internal import Networks
internal import SpecGANErrors
internal import SpecGANTensors
internal import SpecGANWireFormat

/// A builder of an ONNX graph.
///
/// Values are identified by their names; each node has one output. The field numbers are those of
/// onnx/onnx.proto3.
struct ONNXGraph {
  /// The value of an operator's attribute.
  enum Attribute {
    case integer(Int)
    case integers([Int])
    case number(Float)
    case text(String)
  }

  /// An input or output of the model, with float32 elements.
  struct Port {
    let name: String
    /// The lengths of the axes; nil for the batch, which may have any.
    let shape: [Int?]
  }

  /// The name of the styles, `[batch, columns]`; nil if the network has none.
  var styles: String?
  private var nodes: [[UInt8]] = []
  private var constants: [[UInt8]] = []

  /// Appends a node, and returns the name of its output.
  @discardableResult
  mutating func append(
    _ type: String, _ inputs: [String], _ attributes: [(name: String, value: Attribute)] = [],
    named name: String? = nil
  ) -> String {
    let output = name ?? "\(type.lowercased())_\(nodes.count)"
    var node = Message()
    // An omitted input has an empty name.
    for input in inputs { node.append(chosen: NodeField.input, input.utf8) }
    node.append(NodeField.output, output.utf8)
    node.append(NodeField.name, output.utf8)
    node.append(NodeField.type, type.utf8)
    for (name, value) in attributes { node.append(NodeField.attribute, value.bytes(name)) }
    nodes.append(node.bytes)
    return output
  }

  /// Adds a constant tensor, in row-major order, and returns its name.
  mutating func constant(_ name: String, shape: [Int], _ values: [Float]) -> String {
    require(shape.reduce(1, *) == values.count, "\(name) does not have the shape \(shape)")
    var tensor = Message()
    tensor.append(TensorField.lengths, shape)
    tensor.append(TensorField.type, ElementType.float)
    tensor.append(TensorField.name, name.utf8)
    tensor.append(TensorField.bytes, unsafe values.withUnsafeBytes { unsafe Array($0) })
    constants.append(tensor.bytes)
    return name
  }

  /// Adds the parameters at `entry` as a constant, and returns its name.
  mutating func constant(_ entry: ParameterLayout.Entry, of parameters: Parameters) -> String {
    constant(entry.name, shape: entry.shape, parameters[entry].values)
  }

  /// Adds a constant of integers, such as a shape, and returns its name.
  mutating func constant(_ name: String, _ values: [Int]) -> String {
    var tensor = Message()
    tensor.append(TensorField.lengths, [values.count])
    tensor.append(TensorField.type, ElementType.integer)
    tensor.append(TensorField.integers, values)
    tensor.append(TensorField.name, name.utf8)
    constants.append(tensor.bytes)
    return name
  }

  /// Appends the selection of `indices` along the second axis, such as channels of a picture, and
  /// returns the name of its result.
  mutating func slice(_ value: String, _ indices: Range<Int>, name: String) -> String {
    let starts = constant(name + "/start", [indices.lowerBound])
    let ends = constant(name + "/end", [indices.upperBound])
    return append("Slice", [value, starts, ends, constant(name + "/axis", [1])])
  }

  /// Returns the bytes of the model file.
  func model(
    input: Port, outputs: [Port], producer: String, metadata: [(key: String, value: String)]
  ) -> [UInt8] {
    var graph = Message()
    for node in nodes { graph.append(GraphField.node, node) }
    graph.append(GraphField.name, "generator".utf8)
    for constant in constants { graph.append(GraphField.constant, constant) }
    graph.append(GraphField.input, input.bytes)
    for output in outputs { graph.append(GraphField.output, output.bytes) }
    var operators = Message()
    operators.append(ModelField.operatorsVersion, Self.operatorsVersion)
    var model = Message()
    model.append(ModelField.formatVersion, Self.formatVersion)
    model.append(ModelField.producer, producer.utf8)
    model.append(ModelField.graph, graph.bytes)
    model.append(ModelField.operators, operators.bytes)
    for (key, value) in metadata {
      var entry = Message()
      entry.append(ModelField.key, key.utf8)
      entry.append(ModelField.value, value.utf8)
      model.append(ModelField.metadata, entry.bytes)
    }
    return model.bytes
  }

  /// Old enough for all common readers, new enough for `Pad` with its widths as an input.
  private static let operatorsVersion = 13
  private static let formatVersion = 7
}

// MARK: - Parts

extension ONNXGraph.Attribute {
  fileprivate func bytes(_ name: String) -> [UInt8] {
    var attribute = Message()
    attribute.append(AttributeField.name, name.utf8)
    switch self {
    case .integer(let value):
      attribute.append(AttributeField.integer, value)
      attribute.append(AttributeField.type, AttributeField.typeInteger)
    case .integers(let values):
      attribute.append(AttributeField.integers, values)
      attribute.append(AttributeField.type, AttributeField.typeIntegers)
    case .number(let value):
      attribute.append(chosen: AttributeField.number, value)
      attribute.append(AttributeField.type, AttributeField.typeNumber)
    case .text(let value):
      attribute.append(chosen: AttributeField.text, value.utf8)
      attribute.append(AttributeField.type, AttributeField.typeText)
    }
    return attribute.bytes
  }
}

extension ONNXGraph.Port {
  fileprivate var bytes: [UInt8] {
    var axes = Message()
    for length in shape {
      var axis = Message()
      if let length { axis.append(PortField.length, length) }
      if length == nil { axis.append(PortField.lengthName, "batch".utf8) }
      axes.append(PortField.axis, axis.bytes)
    }
    var tensor = Message()
    tensor.append(PortField.elementType, ElementType.float)
    tensor.append(PortField.shape, axes.bytes)
    var type = Message()
    type.append(PortField.tensor, tensor.bytes)
    var port = Message()
    port.append(PortField.name, name.utf8)
    port.append(PortField.type, type.bytes)
    return port.bytes
  }
}

// MARK: - Numbers of the fields

private enum ModelField {
  static let formatVersion: UInt64 = 1
  static let producer: UInt64 = 2
  static let graph: UInt64 = 7
  static let operators: UInt64 = 8
  static let operatorsVersion: UInt64 = 2
  static let metadata: UInt64 = 14
  static let key: UInt64 = 1
  static let value: UInt64 = 2
}

private enum GraphField {
  static let node: UInt64 = 1
  static let name: UInt64 = 2
  static let constant: UInt64 = 5
  static let input: UInt64 = 11
  static let output: UInt64 = 12
}

private enum NodeField {
  static let input: UInt64 = 1
  static let output: UInt64 = 2
  static let name: UInt64 = 3
  static let type: UInt64 = 4
  static let attribute: UInt64 = 5
}

private enum AttributeField {
  static let name: UInt64 = 1
  static let number: UInt64 = 2
  static let integer: UInt64 = 3
  static let text: UInt64 = 4
  static let integers: UInt64 = 8
  static let type: UInt64 = 20
  static let typeNumber = 1
  static let typeInteger = 2
  static let typeText = 3
  static let typeIntegers = 7
}

private enum TensorField {
  static let lengths: UInt64 = 1
  static let type: UInt64 = 2
  static let integers: UInt64 = 7
  static let name: UInt64 = 8
  static let bytes: UInt64 = 9
}

private enum PortField {
  static let name: UInt64 = 1
  static let type: UInt64 = 2
  static let tensor: UInt64 = 1
  static let elementType: UInt64 = 1
  static let shape: UInt64 = 2
  static let axis: UInt64 = 1
  static let length: UInt64 = 1
  static let lengthName: UInt64 = 2
}

private enum ElementType {
  static let float = 1
  static let integer = 7
}
