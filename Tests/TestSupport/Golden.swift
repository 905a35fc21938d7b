internal import Safetensors

/// A file of `Fixtures/golden`: values from an independent program in `tools/reference`.
public struct Golden: Sendable {
  private let file: SafetensorsFile

  /// Opens `Fixtures/golden/<name>.safetensors`.
  public init(_ name: String) throws {
    file = try SafetensorsFile(path: Fixtures.path("golden/\(name).safetensors"))
  }

  /// The names of all tensors, in the file's order.
  public var names: [String] { file.names }

  /// The metadata of the file.
  public var metadata: [String: String] { file.metadata }

  /// Returns the shape of the tensor `name`; empty if there is none.
  public func shape(_ name: String) -> [Int] { file.entry(name)?.shape ?? [] }

  /// Returns the values of the tensor `name`, row by row.
  public func floats(_ name: String) throws -> [Float] { try file.floats(name) }

  /// Returns the integers of the tensor `name`, row by row.
  public func integers(_ name: String) throws -> [Int32] { try file.integers(name) }

  /// Returns the bit patterns of the tensor `name`, which is stored as integers.
  public func words(_ name: String) throws -> [UInt32] {
    try integers(name).map { UInt32(bitPattern: $0) }
  }
}
