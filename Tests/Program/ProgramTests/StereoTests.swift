import Foundation
import Safetensors
import SpecGANTestSupport
import Testing

/// Every command on a stereo SpecGAN.
@Suite(.serialized, .training) struct StereoTests {
  /// A shop with stereo sounds in two folders, the right channel later and quieter, and settings.
  private func withSounds(_ body: (Workshop) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      for kind in ["low", "burst"] {
        for number in 0..<4 {
          let left = SyntheticSounds.sound(kind, number, seed: 3)
          let stereo = left.indices.flatMap { [left[$0], $0 < 9 ? 0 : left[$0 - 9] / 3] }
          try SyntheticSounds.write(
            stereo, as: "stereo/\(kind)/\(number).wav", channels: 2, shop)
        }
      }
      try shop.write(
        """
        audio: {channels: 2}
        spectrogram: {normalization: range, subtract_floor: true, headroom: 3, log_floor: 0.01}
        network: {dimension: 2, latent: 7, conditional: true}
        training: {batch_size: 3, seed: 3, critic_updates: 1}
        monitoring: {preview_count: 2, tensorboard: true, report: true}

        """, as: "stereo.yaml")
      try body(shop)
    }
  }

  /// A shop with the cache `heard` of stereo sounds, and a trained run.
  private func withRun(_ body: (Workshop) throws -> Void) throws {
    try withSounds { shop in
      try shop.made("preprocess", "stereo", "--output", "heard", "--config", "stereo.yaml")
      try shop.made("train", "stereo.yaml", "--cache", "heard", "--steps", "5")
      try body(shop)
    }
  }

  /// Returns the WAV files below `folder`, each of which must be stereo and not silent.
  @discardableResult
  private func stereo(_ folder: String, _ shop: Workshop) throws -> [String: WAVFile] {
    var files: [String: WAVFile] = [:]
    for (name, bytes) in try shop.contents(of: folder) where name.hasSuffix(".wav") {
      let file = try WAVFile(bytes)
      #expect(file.channels == 2 && file.level > 1e-4, "\(folder)/\(name)")
      files[name] = file
    }
    #expect(!files.isEmpty, "\(folder)")
    return files
  }

  @Test func clipsAreStereoAtAnyNumberOfThreads() throws {
    try withRun { shop in
      try shop.made(
        "generate", "run", "--output", "one", "--count", "3", "--threads", "1", "--raw",
        "raw.safetensors", "--pictures", "--page", "page.html")
      try shop.made("generate", "run", "--output", "two", "--count", "3", "--threads", "2")
      let (one, two) = try (stereo("one", shop), stereo("two", shop))
      #expect(one == two && one.count == 3)
      let raw = try SafetensorsFile(path: shop.folder.path("raw.safetensors"))
      #expect(raw.entry("samples")?.shape == [3, 128, 128, 2])
      #expect(raw.entry("mean")?.shape == [2, 129])
      // The level is measured over both channels: none is beyond -1 dBFS.
      for clip in one.values { #expect(clip.samples.allSatisfy { abs($0) <= 0.892 }) }
      // The same clips from the network's output.
      try shop.made("invert", "raw.safetensors", "--output", "back", "--seed", "0")
      let back = try stereo("back", shop)
      for (index, name) in one.keys.sorted().enumerated() {
        #expect(back["raw-0000\(index).wav"] == one[name], "\(name)")
      }
    }
  }

  @Test func inversionsAreStereo() throws {
    try withRun { shop in
      let report = try shop.json(
        "invert", "heard", "stereo/low/1.wav", "--output", "back", "--config", "stereo.yaml",
        "--pictures")
      #expect(report["count"] as? Int == 9)
      let clips = try stereo("back", shop)
      #expect(clips.count == 9)
      // The original's image: a third of the level, 9 samples later, on the right.
      let back = try #require(clips["1.wav"])
      let original = try WAVFile(shop.folder.bytes(of: "stereo/low/1.wav"))
      #expect(back.samples.count == original.samples.count)
      let (before, after) = (balance(original), balance(back))
      #expect(abs(before - 9.5) < 0.5 && abs(after - before) < 1, "\(before) dB and \(after) dB")
      // Without two channels in the configuration it is mixed down.
      try shop.made("invert", "stereo/low/1.wav", "--output", "mono")
      #expect(try WAVFile(shop.folder.bytes(of: "mono/1.wav")).channels == 1)
      // Moments of another number of channels.
      let cache = try SafetensorsFile(
        path: shop.folder.path("heard/spectrograms-00000.safetensors"))
      var contents = SafetensorsContents()
      contents.append(
        "spectrograms", shape: [8, 128, 128, 2], try cache.floats("spectrograms"))
      try contents.write(to: shop.folder.path("s.safetensors"))
      try shop.made(
        "invert", "s.safetensors", "--output", "again", "--moments", "heard/moments.safetensors",
        "--config", "stereo.yaml")
      let again = try stereo("again", shop)
      #expect(again["s-00002.wav"] == clips["heard-00002.wav"])
      try shop.run([
        "invert", "s.safetensors", "--output", "no", "--moments", "cache/moments.safetensors",
      ]).expectError(65, "cache/moments.safetensors", "[2, 129]")
    }
  }

  /// The level of the left channel above that of the right one, in dB.
  private func balance(_ file: WAVFile) -> Double {
    let energies = (0..<2).map { channel in
      stride(from: channel, to: file.samples.count, by: 2).reduce(0.0) {
        $0 + Double(file.samples[$1]) * Double(file.samples[$1])
      }
    }
    return 10 * log10(energies[0] / energies[1])
  }

  @Test func clipsAreFoundVariedAndCollected() throws {
    try withRun { shop in
      try shop.made("like", "run", "stereo/low/2.wav", "--output", "like", "--count", "2")
      // A mono target counts as two equal channels.
      try shop.made(
        "like", "run", "sounds/one/flite_slt.wav", "--output", "like mono", "--count", "1")
      try shop.made("vary", "run", "1", "--output", "vary", "--count", "1")
      try shop.made("interpolate", "run", "--output", "path", "--count", "3")
      try shop.made("kit", "run", "--output", "kit", "--each", "2")
      for folder in ["like", "like mono", "vary", "path", "kit"] { try stereo(folder, shop) }
      let directions = try shop.json("directions", "run", "--count", "512")
      let found = try #require(directions["directions"] as? [[String: Any]])
      #expect(!found.isEmpty)
      let studio = try StudioTests.Served(shop, "--quiet")
      let sound = try studio.ask("/sound?number=2")
      studio.program.kill(SIGINT)
      _ = studio.program.wait()
      #expect(sound.status == 200)
      let served = try WAVFile(Array(sound.body))
      #expect(served.channels == 2)
      try shop.made("generate", "run", "--output", "new", "--count", "3", "--method", "fast")
      let name = try #require(try shop.names(in: "new").first { $0.hasPrefix("00002") })
      #expect(try WAVFile(shop.folder.bytes(of: "new/\(name)")) == served)
    }
  }

  @Test func runsAreScoredAndReported() throws {
    try withRun { shop in
      try shop.made(
        "generate", "run", "--output", "new", "--count", "2", "--raw", "raw.safetensors")
      try shop.made(
        "score", "run", "raw.safetensors", "stereo/low/1.wav", "--label", "low", "--output",
        "scores.safetensors")
      let scores = try SafetensorsFile(path: shop.folder.path("scores.safetensors"))
      #expect(try scores.floats("values", shape: [3]).allSatisfy(\.isFinite))
      let evaluation = try shop.json("evaluate", "run", "--real", "heard", "--count", "12")
      let sets = try #require(evaluation["sets"] as? [[String: Any]], "\(evaluation.keys)")
      // One count a clip, not a channel.
      #expect(sets.contains { $0["spectral_count"] as? Int == 12 })
      try shop.made("components", "heard", "--output", "components", "--count", "64")
      try shop.made("export", "run", "--output", "generator.onnx")
      try shop.made("preview", "run", "--output", "preview.png")
      #expect(try shop.made("card", "run").output.contains("at 16,000 Hz, 2 channels"))
      #expect(try shop.made("info", "run").status == 0)
      let info = try shop.json("info", "heard")
      #expect(info["channels"] as? Int == 2 && info["whole"] as? Bool == true)
      try shop.made("train", "stereo.yaml", "--cache", "heard", "--steps", "6", "--resume")
      try shop.made(
        "train", "stereo.yaml", "--cache", "heard", "--steps", "1", "--run", "augmented", "--set",
        "training.augmentation=fixed")
    }
  }

  @Test func otherNumbersOfChannelsAreRefused() throws {
    try withRun { shop in
      try shop.run([
        "train", "stereo.yaml", "--cache", "heard", "--run", "three", "--steps", "1", "--set",
        "audio.channels=3",
      ]).expectError(65, "audio.channels is '3'", "1 or 2")
      try shop.run([
        "preprocess", "stereo", "--output", "four", "--config", "stereo.yaml", "--set",
        "audio.channels=4",
      ]).expectError(65, "audio.channels is '4'", "1 or 2")
      try shop.run([
        "train", "stereo.yaml", "--cache", "cache", "--resume", "--steps", "9", "--set",
        "audio.channels=1",
      ]).expectError(65, "cache")
      try shop.run([
        "train", "tiny.yaml", "--cache", "cache", "--run", "mono", "--from", "run", "--steps", "1",
      ]).expectError(65, "audio.channels")
    }
  }

  @Test func settingsReportStereoSounds() throws {
    try withSounds { shop in
      try shop.made("init", "chosen.yaml", "--for", "stereo")
      let text = try String(decoding: shop.folder.bytes(of: "chosen.yaml"), as: UTF8.self)
      #expect(text.contains("All sounds are stereo and are mixed down. 2 keeps both channels."))
      #expect(text.contains("channels: 1 "))
      try shop.made(
        "train", "--sounds", "stereo", "--set", "audio.channels=2", "--cache", "own", "--run",
        "new", "--steps", "1", "--set", "network.dimension=1")
      #expect(try shop.json("info", "own")["channels"] as? Int == 2)
    }
  }
}
