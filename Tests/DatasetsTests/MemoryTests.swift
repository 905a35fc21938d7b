import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct MemoryTests {
  /// 1200 slices are two full shards and more; 1800 more are 118 MB of slices, and as much of
  /// spectrograms, that pass through the same memory.
  @Test func memoryDoesNotGrowWithTheNumberOfFiles() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryFolder { folder in
        try folder.noise("in/0.wav", frames: 50)
        let sound = try folder.bytes(of: "in/0.wav")
        func peak(files: Range<Int>) throws -> Int {
          for index in files { try folder.write(sound, as: "in/\(index).wav") }
          try preprocess([folder.path("in")], to: folder.path("cache"))
          let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
          let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
          return Int(line.filter(\.isNumber)) ?? .max
        }
        let few = try peak(files: 0..<1200)
        let many = try peak(files: 1200..<3000)
        // In KiB; the rest of the process may take a few MB more.
        #expect(many - few < 16 << 10)
      }
    }
  }
}
