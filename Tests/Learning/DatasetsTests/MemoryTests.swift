import Foundation
import Glibc
import SpecGANDatasets
import SpecGANTestSupport
import Testing
import Waveforms

@Suite(.slow) struct MemoryTests {
  /// 1,200 slices fill more than two shards. A further 1,800 are 118 MB of slices and 118 MB of
  /// spectrograms, which pass through the same memory. The second run reuses the first 1,200.
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
        #expect(many - few < 8 << 10)  // the rest of the process may need a few MiB more
      }
    }
  }

  /// Twenty times as many files, all links to one, with slices of 256 samples. Their list and
  /// labels take about 40 bytes per file, so the peak with 20,000 files is at most a fifth higher
  /// than with 1,000.
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

  /// Files of one name and one size, as in data sets with a folder per clip. Comparing them with
  /// the cache takes their rows and two tables of them, less than 1 KiB per file.
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

  /// 20 minutes are 75 MiB of samples, here in a file of 8 kB. A window has at most 128 MiB, so one
  /// such file. Five more must need less memory than one; in parallel they would need 375 MiB.
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

/// Writes a cache of `input`; returns the peak memory of the process so far, in KiB.
private func peakAfterPreprocessing(
  _ folder: TemporaryFolder, _ input: String = "in", _ audio: AudioConfiguration = .init()
) throws -> Int {
  try preprocess(
    [folder.path(input)], to: folder.path(input == "in" ? "cache" : "\(input).cache"), audio: audio)
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
  return Int(line.filter(\.isNumber)) ?? .max
}
