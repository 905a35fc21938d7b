import Foundation
import SpecGANRandomness
import SpecGANTestSupport

/// Synthetic clips of four easily distinguished kinds: a low and a high tone, a rising one, and a
/// burst of noise.
struct SyntheticSounds {
  static let kinds = ["burst", "high", "low", "rise"]
  /// The number of samples in a clip, at 16 kHz.
  private static let length = 6_000

  /// Returns a clip of `kind`, which depends on `number` and `seed`.
  static func sound(_ kind: String, _ number: Int, seed: UInt64) -> [Int16] {
    let chance = RandomStream(seed: seed, stream: UInt64(number))
    func draw(_ index: UInt64) -> Double { Double(chance.uniform(at: index)) }
    let pitch = 0.85 + 0.3 * draw(0)
    let loudness = 0.3 + 0.4 * draw(1)
    let decay = 1 + 3 * draw(2)
    var phase = 0.0
    return (0..<length).map { index -> Int16 in
      let time = Double(index) / Double(length)
      phase += 2 * Double.pi * frequency(kind, time) * pitch / 16_000
      let hiss = 2 * draw(UInt64(index) + 8) - 1
      let value: Double = kind == "burst" ? hiss : sin(phase) + 0.02 * hiss
      return Int16(32_000 * loudness * exp(-decay * time) * value)
    }
  }

  /// Returns the frequency in Hz at `time`, from 0 to 1.
  private static func frequency(_ kind: String, _ time: Double) -> Double {
    switch kind {
    case "low": 220
    case "high": 2_500
    case "rise": 400 * pow(8, time)
    default: 0
    }
  }

  /// Writes `count` clips of each of `kinds` to `folder`, in one folder per kind.
  static func write(
    _ count: Int, of kinds: [String] = kinds, seed: UInt64, to folder: String, _ shop: Workshop
  ) throws {
    for kind in kinds {
      for number in 0..<count {
        try write(
          sound(kind, number + 1_000 * (kinds.firstIndex(of: kind) ?? 0), seed: seed),
          as: "\(folder)/\(kind)/\(number).wav", shop)
      }
    }
  }

  /// Writes `samples`, frame by frame, to the file `name`, and creates its folders.
  static func write(
    _ samples: [Int16], as name: String, channels: Int = 1, _ shop: Workshop
  ) throws {
    let path = URL(filePath: shop.folder.path(name))
    try FileManager.default.createDirectory(
      at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(WAVBytes.pcm16(samples, channels: channels)).write(to: path)
  }
}
