import Foundation
import SpecGANModels
import SpecGANSettings
import SpecGANTestSupport
import SpecGANTraining
import Testing
import Waveforms

/// `init` with presets and with a folder of sounds.
@Suite(.serialized) struct PresetFilesTests {
  @Test func initWritesPresets() throws {
    try withTemporaryFolder { folder in
      for preset in Preset.allCases {
        let result = try Program.run(
          ["init", "\(preset.rawValue).yaml", "--preset", preset.rawValue, "--json"], in: folder)
        #expect(result.status == 0)
        #expect(
          result.output == #"{"file":"\#(preset.rawValue).yaml","preset":"\#(preset.rawValue)"}"#
            + "\n")
        let text = String(decoding: try folder.bytes(of: "\(preset.rawValue).yaml"), as: UTF8.self)
        #expect(text == preset.text)
      }
      #expect(try Program.run(["init", "plain.yaml"], in: folder).status == 0)
      #expect(try Program.run(["init", "flag.yaml", "--small"], in: folder).status == 0)
      #expect(try folder.bytes(of: "plain.yaml") == folder.bytes(of: "published.yaml"))
      #expect(try folder.bytes(of: "flag.yaml") == folder.bytes(of: "small.yaml"))
    }
  }

  @Test(.training) func initSuitsAFolder() throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      try SyntheticSounds.write(5, seed: 1, to: "kit", shop)
      try SyntheticSounds.write(
        [Int16](repeating: 9_000, count: 20_000), as: "kit/low/stereo.wav", channels: 2, shop)
      try shop.write("text", as: "kit/low/broken.wav")
      try shop.write("text", as: "kit/readme.txt")
      let found = try shop.json("init", "kit.yaml", "--for", "kit")
      #expect(found["file"] as? String == "kit.yaml" && found["preset"] == nil)
      #expect(found["used"] as? Int == 21 && found["kind"] as? String == "one-shots")
      #expect((found["skipped"] as? [[String: Any]])?.count == 2)
      #expect(found["sample_rates"] as? [String: Int] == ["16000": 21])
      #expect(found["channels"] as? [String: Int] == ["1": 20, "2": 1])
      #expect(found["labels"] as? [String: Int] == ["burst": 5, "high": 5, "low": 6, "rise": 5])
      #expect(found["unlabelled"] as? Int == 0 && found["fitting"] as? Int == 21)
      let seconds = try #require(found["audible_seconds"] as? [Double])
      #expect(seconds == seconds.sorted() && seconds[2] == 0.625 && seconds[1] <= 0.375)
      #expect((found["reasons"] as? [String: String])?["network.conditional"] != nil)
      #expect(found["steps_per_hour"] as? Double ?? 0 > 1)
      let file = try Configuration(path: folder.path("kit.yaml"))
      #expect(file.audio.sampleRate == 16_000 && file.audio.sliceLength == 16_384)
      #expect(file.network.isConditional && file.training.augmentation == .fixed)
      // For people: what was found, what follows, and how long it takes; nothing on the output.
      let told = try shop.made("init", "again.yaml", "--for", "kit", "--threads", "1")
      #expect(told.output.isEmpty)
      for words in [
        "skipped kit/low/broken.wav: ", "kit: 21 sounds of ", "Settings: 16000 Hz, ",
        "steps an hour with 1 thread", "specgan preprocess kit --config again.yaml",
      ] {
        #expect(told.messages.contains(words), "\(told.messages)")
      }
      #expect(try folder.bytes(of: "again.yaml") == folder.bytes(of: "kit.yaml"))
    }
  }

  @Test func wrongUseIsASentence() throws {
    try withTemporaryFolder { folder in
      func run(_ arguments: String...) throws -> ProgramResult {
        try Program.run(["init", "x.yaml"] + arguments, in: folder)
      }
      try run("--preset", "huge").expectError(64, "huge", "--preset")
      try run("--preset", "drums", "--small").expectError(64, "--small is the same as")
      try run("--for", "").expectError(64, "--for is empty")
      for preset in ["small", "published"] {
        try run("--preset", preset, "--for", "kit").expectError(
          64, preset, "fixed sample rate", "one-shots, drums, long, speech")
      }
      try run("--small", "--for", "kit").expectError(64, "small")
      try run("--for", "nothing").expectError(66, "nothing")
      try FileManager.default.createDirectory(
        atPath: folder.path("kit"), withIntermediateDirectories: false)
      try run("--for", "kit").expectError(65, "kit", "no files")
      try folder.write(WAVBytes.pcm16([0, 0, 0]), as: "kit/a.wav")
      try run("--for", "kit").expectError(65, "kit", "silent")
      try folder.write(WAVBytes.pcm16([0, 9_000, 0]), as: "kit/b.wav")
      try run("--for", "kit", "--preset", "drums").expectError(65, "drums", "folder")
      try run("--for", "kit", "--preset", "long").expectError(65, "long", "one-shots")
      #expect(try folder.names() == ["kit"])
    }
  }
}
