import Foundation
import Safetensors
import SpecGANErrors
import SpecGANFiles
import SpecGANRandomness
import SpecGANTestSupport
import Testing

/// Invalid files. Each must be refused with a message, and none may trap or allocate memory for a
/// size that it claims.
@Suite struct SafetensorsHostileTests {
  @Test(arguments: HostileFile.all) func isRefusedWithASentence(_ hostile: HostileFile) throws {
    try withTemporaryFolder { folder in
      let path = try folder.write(hostile.bytes, as: "x.safetensors")
      #expect {
        try SafetensorsFile(path: path)
      } throws: { error in
        let sentence = "\(error)"
        return error is SpecGANError && sentence.hasPrefix(path) && sentence.hasSuffix(".")
          && sentence.contains(hostile.reason) && sentence.utf8.count < path.utf8.count + 300
      }
    }
  }

  /// Escape sequences, also as one character, and characters that change the direction of text.
  @Test(arguments: ["\u{1B}[2J", "\u{9B}2J", "\u{7F}", "\u{202E}", "\u{2028}"])
  func nothingThatATerminalObeysIsShown(name: String) throws {
    let error = SpecGANError.missing(path: "x", name: name)
    let hidden: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator]
    let scalars = error.description.unicodeScalars
    #expect(scalars.allSatisfy { !hidden.contains($0.properties.generalCategory) })
    #expect(error.description.hasPrefix("x: there is no tensor \"\\u{"))
  }

  /// The files that `tools/fuzz/safetensors` has found and kept.
  @Test func everyFileOfTheCorpusKeepsTheLaw() throws {
    let folder = Fixtures.path("fuzz/safetensors")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.count > 100)
    var opened = 0
    for name in names {
      if case .success = try SafetensorsLaw.check("\(folder)/\(name)") { opened += 1 }
    }
    #expect(opened > 0 && opened < names.count)
  }

  @Test func aFileCutAnywhereIsRefused() throws {
    try withTemporaryFolder { folder in
      let whole = file(HostileFile.good, data: HostileFile.goodData)
      #expect(try SafetensorsFile(path: folder.write(whole, as: "whole")).names == ["a", "b"])
      for length in whole.indices {
        let path = try folder.write(Array(whole[..<length]), as: "cut")
        #expect(throws: SpecGANError.self, "cut to \(length)") {
          try SafetensorsFile(path: path)
        }
      }
    }
  }

  @Test(.slow) func aChangedFileIsRefusedOrWhole() throws {
    let whole = file(HostileFile.good, data: HostileFile.goodData)
    let random = RandomStream(seed: 1, stream: 0)
    try withTemporaryFolder { folder in
      for round in 0..<4_000 {
        var bytes = whole
        for change in 0...random.integer(below: 3, at: UInt64(16 * round)) {
          let draw = UInt64(16 * round + 4 * change)
          let position = random.integer(below: whole.count, at: draw + 1)
          let byte = random.integer(below: 256, at: draw + 2)
          bytes[position] = UInt8(byte)
        }
        let path = try folder.write(bytes, as: "changed")
        guard let file = try? SafetensorsFile(path: path) else { continue }
        let sizes = try file.names.map { name in try file.withBytes(name) { $0.byteCount } }
        #expect(sizes.reduce(0, +) == HostileFile.goodData.count)
      }
    }
  }

  @Test func whatIsNoFileIsRefused() throws {
    try withTemporaryFolder { folder in
      #expect(throws: SpecGANError.self) { try SafetensorsFile(path: folder.path) }
      #expect(throws: SpecGANError.notFound(path: folder.path("none"))) {
        try SafetensorsFile(path: folder.path("none"))
      }
    }
  }
}

/// Returns a safetensors file of `header` and `data`, by default with the correct header length.
func file(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
  file(Array(header.utf8), data: data, length: length)
}

func file(_ header: [UInt8], data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
  let length = length ?? UInt64(header.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header + data
}
