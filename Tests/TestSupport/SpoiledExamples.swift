internal import Foundation
internal import Safetensors

/// Replaces every element of example `number` by `value` in the cache at `path`, which has one
/// shard.
public func spoilExample(
  _ number: Int, ofCache path: String, with value: Float,
  in tensors: [String] = ["spectrograms", "slices"]
) throws {
  for name in tensors {
    let path = "\(path)/\(name)-00000.safetensors"
    let file = try SafetensorsFile(path: path)
    let count = (file.entry(name)?.shape ?? []).dropFirst().reduce(1, *)
    let handle = try FileHandle(forUpdating: URL(filePath: path))
    try handle.seek(toOffset: UInt64((file.offset(of: name) ?? 0) + 4 * count * number))
    let bytes = [Float](repeating: value, count: count).flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
    }
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
  }
}
