internal import Foundation

/// The clips of `Fixtures/audio`, read without the code under test.
public enum PCM16 {
  /// Returns the samples of the 16-bit mono WAV `Fixtures/audio/<name>`, exact multiples of 2⁻¹⁵,
  /// cut or padded with zeros to `length` if it is given.
  public static func clip(_ name: String, length: Int? = nil) throws -> [Float] {
    let path = Fixtures.path("audio/\(name)")
    var samples = samples([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    guard let length else { return samples }
    samples = Array(samples.prefix(length))
    return samples + [Float](repeating: 0, count: length - samples.count)
  }

  /// The samples of the `data` chunk; other chunks are skipped.
  private static func samples(_ bytes: [UInt8]) -> [Float] {
    func word(_ offset: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    var chunk = 12  // after "RIFF", the length and "WAVE"
    while bytes[chunk..<chunk + 4] != Array("data".utf8)[...] { chunk += 8 + word(chunk + 4) }
    return stride(from: chunk + 8, to: chunk + 8 + word(chunk + 4), by: 2).map {
      Float(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)) / 32768
    }
  }
}
