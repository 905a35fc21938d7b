import Foundation
import Glibc
import SpecGANDatasets
import SpecGANTestSupport
import Testing
import Waveforms

@Suite(.slow) struct MemoryTests {
  /// 1200 slices are two full shards and more; 1800 more are 118 MB of slices, and as much of
  /// spectrograms, that pass through the same memory. The first 1200 are taken over the second
  /// time.
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
        #expect(many - few < 8 << 10)  // the rest of the process may take a few MiB more
      }
    }
  }

  /// Twenty times as many files, names of one sound with slices of 256 samples: their list and
  /// their labels take some 40 bytes each, so 19,000 more are not a fifth of what 1,000 take.
  @Test func memoryDoesNotGrowWithTheListOfFiles() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryFolder { folder in
        try folder.noise("sound.wav", frames: 256)
        var audio = AudioConfiguration()
        audio.sliceLength = 256
        func peak(_ input: String, count: Int) throws -> Int {
          for index in 0..<count {
            try folder.makeParent(of: "\(input)/\(index / 1000)/\(index).wav")
            let name = folder.path("\(input)/\(index / 1000)/\(index).wav")
            #expect(unsafe link(folder.path("sound.wav"), name) == 0)
          }
          return try peakAfterPreprocessing(folder, input, audio)
        }
        let few = try peak("few", count: 1000)
        let many = try peak("many", count: 20_000)
        #expect(Double(many) < 1.2 * Double(few), "\(few) KiB, then \(many)")
      }
    }
  }

  /// Files of one name and one size, as data sets have them that give each sound a folder:
  /// comparing them with the cache takes their rows and two tables of them, less than a KiB a file.
  @Test func memoryOfASecondRunDoesNotGrowWithFilesThatLookAlike() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryFolder { folder in
        try folder.noise("sound.wav", frames: 256)
        var audio = AudioConfiguration()
        audio.sliceLength = 256
        for index in 0..<5000 {
          try folder.makeParent(of: "in/a/\(index)/audio.wav")
          let name = folder.path("in/a/\(index)/audio.wav")
          #expect(unsafe link(folder.path("sound.wav"), name) == 0)
        }
        let first = try peakAfterPreprocessing(folder, "in", audio)
        let second = try peakAfterPreprocessing(folder, "in", audio)
        #expect(second - first < 10_000, "\(first) KiB, then \(second)")
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

/// The most memory the process has held so far, in KiB, after a cache was made of `input`.
private func peakAfterPreprocessing(
  _ folder: TemporaryFolder, _ input: String = "in", _ audio: AudioConfiguration = .init()
) throws -> Int {
  try preprocess(
    [folder.path(input)], to: folder.path(input == "in" ? "cache" : "\(input).cache"), audio: audio)
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
  return Int(line.filter(\.isNumber)) ?? .max
}
