internal import Safetensors

/// A file of `Fixtures/golden`: numbers that an independent program of `tools/reference` made.
public struct Golden: Sendable {
  private let file: SafetensorsFile

  /// Opens `Fixtures/golden/<name>.safetensors`.
  public init(_ name: String) throws {
    file = try SafetensorsFile(path: Fixtures.path("golden/\(name).safetensors"))
  }

  /// All the tensors' names, in the file's order.
  public var names: [String] { file.names }

  /// What the program wrote about the file.
  public var metadata: [String: String] { file.metadata }

  /// The shape of the tensor `name`, empty where there is none.
  public func shape(_ name: String) -> [Int] { file.entry(name)?.shape ?? [] }

  /// The numbers of the tensor `name`, row after row.
  public func floats(_ name: String) throws -> [Float] { try file.floats(name) }

  /// The whole numbers of the tensor `name`, row after row.
  public func integers(_ name: String) throws -> [Int32] { try file.integers(name) }

  /// The bit patterns of the tensor `name`, which is stored as whole numbers.
  public func words(_ name: String) throws -> [UInt32] {
    try integers(name).map { UInt32(bitPattern: $0) }
  }
}
