public import SpecGANErrors
internal import SpecGANFiles
package import SpecGANTensors

/// Named tensors and metadata to be written to a safetensors file.
///
/// The bytes of the file depend only on the metadata, the tensors and their order. The data starts
/// at a multiple of eight bytes, so that readers can use it in place.
public struct SafetensorsContents: Sendable {
  /// The metadata, written in the order of the keys' bytes.
  public var metadata: [String: String]
  /// The tensors' names, in the order they were appended.
  public private(set) var names: [String] = []
  private var tensors: [String: (entry: SafetensorsEntry, values: Values)] = [:]

  private enum Values: Sendable {
    case floats([Float])
    case integers([Int32])
    case tensor(TensorView)
  }

  /// Creates contents without tensors.
  public init(metadata: [String: String] = [:]) { self.metadata = metadata }

  /// Adds a tensor of floats.
  ///
  /// - Precondition: `name` is new and not `__metadata__`, and `values` fill `shape` exactly.
  public mutating func append(_ name: String, shape: [Int], _ values: [Float]) {
    append(name, shape, .float32, .floats(values), count: values.count)
  }

  /// Adds a tensor of integers.
  ///
  /// - Precondition: `name` is new and not `__metadata__`, and `values` fill `shape` exactly.
  public mutating func append(_ name: String, shape: [Int], _ values: [Int32]) {
    append(name, shape, .int32, .integers(values), count: values.count)
  }

  /// Adds `tensor`, with the elements that it has when the file is written.
  ///
  /// - Precondition: `name` is new and not `__metadata__`.
  package mutating func append(_ name: String, _ tensor: TensorView) {
    append(name, tensor.shape, .float32, .tensor(tensor), count: tensor.count)
  }

  /// Returns the type, shape and bytes of the tensor `name`; nil if it is missing.
  public func entry(_ name: String) -> SafetensorsEntry? { tensors[name]?.entry }

  /// Calls `body` with the bytes of the tensor `name`.
  ///
  /// - Precondition: The tensor exists.
  public func withBytes<Result, Failure: Error>(
    _ name: String, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch tensors[name]?.values {
    case .floats(let values): return try unsafe body(values.span.bytes)
    case .integers(let values): return try unsafe body(values.span.bytes)
    case .tensor(let tensor):
      return try tensor.withSpan { span throws(Failure) in try unsafe body(span.bytes) }
    case nil: trap("there is no tensor \(name)")
    }
  }

  /// Writes the file at `path`, complete or not at all.
  ///
  /// - Throws: ``SpecGANError`` if `path` cannot be written, or the header is longer than the
  ///   format allows.
  public func write(to path: String) throws(SpecGANError) {
    let header = header
    guard header.count <= SafetensorsHeader.longest else {
      throw .headerLength(
        path: path, length: UInt64(header.count), limit: SafetensorsHeader.longest)
    }
    let file = try AtomicFile(path: path)
    let length = [UInt64(header.count).littleEndian]
    try unsafe file.write(length.span.bytes)
    try unsafe file.write(header.span.bytes)
    for name in names {
      try withBytes(name) { bytes throws(SpecGANError) in try file.write(bytes) }
    }
    try file.commit()
  }

  // MARK: - Header

  private mutating func append(
    _ name: String, _ shape: [Int], _ type: SafetensorsType, _ values: Values, count: Int
  ) {
    require(name != SafetensorsHeader.metadataKey, "\(name) is not allowed as the name of a tensor")
    require(tensors[name] == nil, "there is already a tensor \(name)")
    let entry = SafetensorsEntry(type: type, shape: shape, from: dataLength)
    guard let entry, entry.count == count else {
      trap("tensor \(name) has \(count) values for shape \(shape)")
    }
    names.append(name)
    tensors[name] = (entry, values)
  }

  private var dataLength: Int { names.last.flatMap(entry)?.byteRange.upperBound ?? 0 }

  private var header: [UInt8] {
    let entries = names.compactMap { name in entry(name).map { (name, $0) } }
    let json = SafetensorsHeader.json(metadata: metadata, entries: entries)
    return json + [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
  }
}
