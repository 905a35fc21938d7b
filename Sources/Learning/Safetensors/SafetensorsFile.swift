@_exported public import SpecGANErrors
internal import SpecGANFiles

/// A safetensors file, mapped into memory. Opening it reads and checks only the header.
///
/// Every rule of the format is checked before a value is used: a header inside the file and of at
/// most 100,000,000 bytes, strict JSON without duplicate keys, known types, sizes that match, and
/// tensors that fill the rest of the file without gaps or overlaps. Memory grows with the bytes of
/// the file, never with a number in its header. Source:
/// <https://github.com/huggingface/safetensors>, README, "Format".
public struct SafetensorsFile: Sendable {
  /// The path of the file.
  public let path: String
  /// The metadata.
  public let metadata: [String: String]
  /// The tensors' names, in the header's order.
  public let names: [String]
  private let entries: [String: SafetensorsEntry]
  private let file: MappedFile
  private let dataStart: Int

  /// Opens the file at `path`.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read, or breaks a rule of the format.
  public init(path: String) throws(SpecGANError) {
    file = try MappedFile(path: path)
    let json = try file.withBytes { bytes throws(SpecGANError) in
      try Self.headerBytes(bytes, path: path)
    }
    dataStart = 8 + json.count
    let header = try SafetensorsHeader(json, dataLength: file.count - dataStart, path: path)
    self.path = path
    metadata = header.metadata
    names = header.names
    entries = header.entries
  }

  /// Returns the type, shape and bytes of the tensor `name`; nil if it is missing.
  public func entry(_ name: String) -> SafetensorsEntry? { entries[name] }

  /// Returns the position in the file of the first byte of the tensor `name`; nil if it is missing.
  package func offset(of name: String) -> Int? {
    entries[name].map { dataStart + $0.byteRange.lowerBound }
  }

  /// Calls `body` with the bytes of the tensor `name`, in place.
  ///
  /// - Throws: ``SpecGANError`` if the tensor is missing.
  public func withBytes<Result>(
    _ name: String, _ body: (RawSpan) -> Result
  ) throws(SpecGANError) -> Result {
    guard let range = entries[name]?.byteRange else { throw .missing(path: path, name: name) }
    return file.withBytes { bytes in
      body(bytes.extracting(dataStart + range.lowerBound..<dataStart + range.upperBound))
    }
  }

  /// Calls `body` with the elements of the tensor `name`, in place if they are aligned.
  ///
  /// - Throws: ``SpecGANError`` if it is missing, is not F32, or its shape is not `shape`.
  package func withFloats<Result>(
    _ name: String, shape: [Int]? = nil, _ body: (Span<Float>) -> Result
  ) throws(SpecGANError) -> Result {
    try withElements(name, .float32, shape, body)
  }

  /// Returns the elements of the tensor `name`.
  ///
  /// - Throws: ``SpecGANError`` if it is missing, is not F32, or its shape is not `shape`.
  public func floats(_ name: String, shape: [Int]? = nil) throws(SpecGANError) -> [Float] {
    try withElements(name, .float32, shape) { span in
      unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
  }

  /// Returns the elements of the tensor `name`.
  ///
  /// - Throws: ``SpecGANError`` if it is missing, is not I32, or its shape is not `shape`.
  public func integers(_ name: String, shape: [Int]? = nil) throws(SpecGANError) -> [Int32] {
    try withElements(name, .int32, shape) { span in
      unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
  }

  // MARK: - Reading

  private static func headerBytes(
    _ bytes: RawSpan, path: String
  ) throws(SpecGANError) -> [UInt8] {
    guard bytes.byteCount >= 8 else { throw .tooShort(path: path, byteCount: bytes.byteCount) }
    let length = unsafe UInt64(littleEndian: bytes.unsafeLoad(as: UInt64.self))
    let limit = min(SafetensorsHeader.longest, bytes.byteCount - 8)
    guard length <= UInt64(limit) else {
      throw .headerLength(path: path, length: length, limit: limit)
    }
    return unsafe bytes.extracting(8..<8 + Int(length)).withUnsafeBytes { unsafe Array($0) }
  }

  private func withElements<Element: BitwiseCopyable, Result>(
    _ name: String, _ type: SafetensorsType, _ shape: [Int]?, _ body: (Span<Element>) -> Result
  ) throws(SpecGANError) -> Result {
    guard let entry = entries[name] else { throw .missing(path: path, name: name) }
    guard entry.type == type else {
      throw .type(path: path, name: name, found: entry.type, expected: type)
    }
    if let shape, shape != entry.shape {
      throw .shape(path: path, name: name, found: entry.shape, expected: shape)
    }
    return try withBytes(name) { bytes in
      unsafe bytes.withUnsafeBytes { buffer in
        let address = Int(bitPattern: buffer.baseAddress)
        if address.isMultiple(of: MemoryLayout<Element>.alignment) {
          return body(unsafe buffer.bindMemory(to: Element.self).span)
        }
        let copy = unsafe [Element](unsafeUninitializedCapacity: entry.count) { elements, count in
          unsafe UnsafeMutableRawBufferPointer(elements).copyMemory(from: buffer)
          count = entry.count
        }
        return body(copy.span)
      }
    }
  }
}
