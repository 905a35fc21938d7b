import Foundation
import SpecGANTestSupport

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
}

/// All the bytes of `path`.
func bytes(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }
