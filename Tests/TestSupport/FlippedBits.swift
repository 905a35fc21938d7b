import SpecGANRandomness

extension [UInt8] {
  /// Returns bits of a safetensors file to flip: all of the header's length, and at random `count`
  /// of the header and as many of the complete file.
  public func bitsToFlip(_ count: UInt64, seed: UInt64) -> [Int] {
    let header = 8 + self[0..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let stream = RandomStream(seed: seed, purpose: .order)
    return Array<Int>(0..<64)
      + (0..<count).flatMap { draw in
        [
          stream.integer(below: 8 * header, at: draw),
          stream.integer(below: 8 * self.count, at: 1000 + draw),
        ]
      }
  }

  /// Returns the bytes with bit `bit` flipped.
  public func flipping(_ bit: Int) -> [UInt8] {
    var bytes = self
    bytes[bit / 8] ^= 1 << (bit % 8)
    return bytes
  }
}
