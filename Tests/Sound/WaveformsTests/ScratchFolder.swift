import Foundation
import SpecGANTestSupport
import Waveforms

/// A folder of one test, gone with it.
final class ScratchFolder {
  private let folder: TemporaryFolder
  var path: String { folder.path }

  init() throws { folder = try TemporaryFolder() }

  deinit { folder.remove() }

  /// A file called `sound` that holds `bytes`.
  func file(_ bytes: [UInt8]) throws -> String { try file("sound", bytes) }

  /// A file called `name` that holds `bytes`.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try folder.write(bytes, as: name)
  }

  /// A file that holds `bytes`, decoded without a change of its rate and its channels.
  func decoded(
    _ bytes: [UInt8], channels: Int = 1, rate: Int = 16_000, allowsDamage: Bool = false
  ) throws -> DecodedSound {
    try Waveform.decoded(
      path: file(bytes), as: AudioConfiguration(sampleRate: rate, channels: channels),
      allowsDamage: allowsDamage)
  }
}

/// All the bytes of `path`.
func bytes(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }
