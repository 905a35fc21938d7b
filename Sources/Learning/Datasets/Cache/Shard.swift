internal import Safetensors
internal import SpecGANErrors

/// The examples of one shard, mapped into memory.
struct Shard: Sendable {
  /// The name of the tensor with the label of each slice.
  static let labels = "labels"

  /// The number of examples.
  let count: Int
  private let kind: ShardKind
  private let size: Int
  private let file: SafetensorsFile

  /// Opens shard number `index` in `folder`.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read, its examples do not have `exampleShape`, or
  ///   slices have no labels.
  init(
    _ kind: ShardKind, _ index: Int, in folder: String, exampleShape: [Int]
  ) throws(SpecGANError) {
    let path = "\(folder)/\(kind.file(index))"
    let file = try SafetensorsFile(path: path)
    let entry = file.entry(kind.rawValue)
    guard let entry, entry.type == .float32, let count = entry.shape.first, count > 0,
      Array(entry.shape.dropFirst()) == exampleShape
    else {
      let sizes = exampleShape.map(String.init).joined(separator: ", ")
      throw .damaged(path: path, reason: "it has no \(kind.rawValue) of shape [\(sizes)]")
    }
    if kind == .slices {
      let labels = file.entry(Self.labels)
      guard labels?.type == .int32, labels?.shape == [count] else {
        throw .damaged(path: path, reason: "it does not have a label per slice")
      }
    }
    self.file = file
    self.kind = kind
    self.count = count
    size = exampleShape.reduce(1, *)
  }

  /// The offset of the examples in the file, in bytes.
  var offset: Int { file.offset(of: kind.rawValue) ?? 0 }

  /// Calls `body` with example `index`.
  func withExample<Result>(_ index: Int, _ body: (Span<Float>) -> Result) -> Result {
    require(0..<count ~= index, "there is no example \(index) among \(count)")
    return withAll { body($0.extracting(index * size..<(index + 1) * size)) }
  }

  /// Calls `body` with all examples.
  func withAll<Result>(_ body: (Span<Float>) -> Result) -> Result {
    do {
      return try file.withFloats(kind.rawValue, body)
    } catch {
      trap("the tensor was there when the shard was opened: \(error)")
    }
  }

  /// Reads the label of each slice.
  func labels() throws(SpecGANError) -> [Int32] {
    try file.integers(Self.labels)
  }
}
