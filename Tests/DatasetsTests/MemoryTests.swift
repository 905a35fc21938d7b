import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct MemoryTests {
  /// 1200 slices are two full shards and more; 1800 more are 118 MB of slices, and as much of
  /// spectrograms, that pass through the same memory. The first 1200 are taken over the second time.
  @Test func memoryDoesNotGrowWithTheNumberOfFiles() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryFolder { folder in
        try folder.noise("in/0.wav", frames: 50)
        let sound = try folder.bytes(of: "in/0.wav")
        func peak(files: Range<Int>) throws -> Int {
          for index in files { try folder.write(sound, as: "in/\(index).wav") }
          return try peakAfterPreprocessing(folder)
        }
        let few = try peak(files: 0..<1200)
        let many = try peak(files: 1200..<3000)
        #expect(many - few < 16 << 10)  // the rest of the process may take a few MiB more
      }
    }
  }

  /// 20 minutes are 75 MiB of samples and here 8 kB of file; a window holds 128 MiB, so one of
  /// them. Five more must not take as much as one does; side by side they would take 375 MiB.
  @Test func memoryDoesNotGrowWithWhatFilesUnfoldTo() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryFolder { folder in
        try folder.makeParent(of: "in/0.flac")
        let sound = ConstantFLAC.bytes(blockCount: 586, value: 1000)
        func peak(files: Range<Int>) throws -> Int {
          for index in files { try folder.write(sound, as: "in/\(index).flac") }
          return try peakAfterPreprocessing(folder)
        }
        let few = try peak(files: 0..<3)
        let many = try peak(files: 3..<8)
        #expect(many - few < 75 << 10, "\(few) KiB, then \(many)")
        #expect(try Cache(path: folder.path("cache")).count == 8 * 586 * 2)
      }
    }
  }
}

/// The most memory the process has held so far, in KiB, after a cache was made of `in`.
private func peakAfterPreprocessing(_ folder: TemporaryFolder) throws -> Int {
  try preprocess([folder.path("in")], to: folder.path("cache"))
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
  return Int(line.filter(\.isNumber)) ?? .max
}
