internal import SpecGANErrors

/// An iterator over the chunks of an IFF file: a name of four letters, a size, that many bytes, and
/// a padding byte if the size is odd.
struct ChunkWalk {
  struct Chunk: Equatable {
    var name: String
    var start: Int  // of the bytes after name and size
    var size: Int  // by the file, even if it is truncated
  }

  private static let longest = 4096  // chunks; audio files have a dozen
  private let order: PCMLayout.ByteOrder
  private var position = 12  // after the outer name, size and type
  private var count = 0

  init(order: PCMLayout.ByteOrder) { self.order = order }

  /// Returns the next chunk; nil if fewer bytes remain than a name and a size need.
  mutating func next(in file: borrowing InputFile) throws(SpecGANError) -> Chunk? {
    let head = try file.bytes(at: position, count: 8)
    guard head.count == 8 else { return nil }
    count += 1
    guard count <= Self.longest else {
      throw .damaged(path: file.path, reason: "it has more than \(Self.longest) chunks")
    }
    let size =
      order == .little ? head.littleEndian(at: 4, count: 4) : head.bigEndian(at: 4, count: 4)
    let name = String(decoding: head[..<4], as: UTF8.self)
    let chunk = Chunk(name: name, start: position + 8, size: size)
    position = chunk.start + size + size % 2
    return chunk
  }
}
