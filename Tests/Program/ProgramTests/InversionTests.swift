import Foundation
import Safetensors
import SpecGANTestSupport
import Spectra
import Testing
import Waveforms

/// Inversion of spectrograms through the program.
@Suite(.serialized) struct InversionTests {
  private let clip = Fixtures.path("audio/digits/seven/flite_slt.wav")

  @Test func aSoundComesBackWithItsOwnLengthAndNearlyItsOwnMagnitudes() throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      let original = try WAVFile(folder.readBytes(clip))
      let report = try shop.json("invert", clip, "--output", "back", "--pictures")
      let back = try WAVFile(folder.bytes(of: "back/flite_slt.wav"))
      #expect(back.samples.count == original.samples.count && back.rate == original.rate)
      #expect(back != original, "the phase was thrown away")
      let convergence = try #require((report["spectral_convergence_db"] as? [Double])?.first)
      #expect(convergence < -15)
      // Measured again from the two files; the error of 16 bits is much smaller than that of the
      // inversion.
      var stft = try STFT()
      let wanted = stft.magnitudes(of: original.samples.span, framing: .centered)
      #expect(abs(try spectralConvergence(of: back.samples, to: wanted) - convergence) < 0.1)
      #expect(abs(20 * log10(back.level / original.level)) < 1, "it is as loud")
      #expect(try PNGFile(folder.bytes(of: "back/flite_slt.png")).height == 258)
    }
  }

  @Test func eachMethodIsBetterThanWhatItBuildsOn() throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      var found: [InversionMethod: Double] = [:]
      for method in InversionMethod.allCases {
        let name = method.rawValue
        let report = try shop.json("invert", clip, "--output", name, "--method", name)
        found[method] = try #require(report["spectral_convergence_db"] as? [Double]).first
        #expect(report["method"] as? String == name)
        #expect(report["iterations"] as? Int == method.defaultIterations)
        #expect(try #require(report["inversion_cpu_s"] as? Double) > 0)
        #expect(try shop.names(in: name) == ["flite_slt.wav", "manifest.jsonl"])
      }
      for (worse, better) in [
        (InversionMethod.reference, InversionMethod.griffinLim), (.griffinLim, .fastGriffinLim),
        (.fastGriffinLim, .best), (.griffinLim, .admm), (.pghi, .fast), (.fast, .best),
      ] {
        let (from, to) = try (#require(found[worse]), #require(found[better]))
        #expect(to < from - 1, "\(worse) \(from) dB, \(better) \(to) dB")
      }
      let unset = try shop.json("invert", clip, "--output", "unset")
      #expect(unset["spectral_convergence_db"] as? [Double] == found[.best].map { [$0] })
      let few = try shop.json("invert", clip, "--output", "few", "--iterations", "5")
      #expect(few["method"] as? String == "best" && few["iterations"] as? Int == 5)
      #expect(
        try #require(few["spectral_convergence_db"] as? [Double])[0] > #require(found[.best]))
    }
  }

  /// The count in a configuration applies to its method, not to one from the command line.
  @Test func aMethodOnTheCommandLineBringsItsOwnCount() throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      try shop.write("inversion: {method: griffin-lim, iterations: 3}", as: "own.yaml")
      for (options, method, iterations) in [
        ([], "griffin-lim", 3), (["--iterations", "2"], "griffin-lim", 2),
        (["--method", "fast"], "fast", 16), (["--method", "fast", "--iterations", "4"], "fast", 4),
      ] as [([String], String, Int)] {
        let arguments =
          [clip, "--output", "back", "--config", "own.yaml", "--json", "--replace"]
          + options
        let result = try shop.run(["invert"] + arguments)
        #expect(result.status == 0 && result.output.contains("\"method\":\"\(method)\""))
        #expect(result.output.contains("\"iterations\":\(iterations),"))
      }
    }
  }

  /// From a single sample, and at lengths around a frame's step, of other rates and channels.
  @Test(arguments: [
    (1, 1, 16_000), (2, 2, 16_000), (127, 1, 8_000), (128, 1, 16_000), (129, 1, 16_000),
    (12_345, 2, 44_100), (20_000, 1, 22_050),
  ]) func everyLengthIsKept(_ frames: Int, _ channels: Int, _ rate: Int) throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      let samples = randomNumbers(frames * channels, seed: 1).map { $0 / 2 }
      try AudioFile.write(
        Waveform(samples: samples, channels: channels, sampleRate: rate),
        to: folder.path("noise.wav"), format: .float)
      try shop.made("invert", "noise.wav", "--output", "back", "--iterations", "2")
      let back = try WAVFile(folder.bytes(of: "back/noise.wav"))
      #expect(back.samples.count == frames && back.rate == rate && back.channels == 1)
    }
  }

  @Test(arguments: [1, 2, 37, 128]) func magnitudesBecomeWholeSteps(_ frames: Int) throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      var contents = SafetensorsContents()
      contents.append(
        "magnitude", shape: [frames, 129], randomNumbers(frames * 129, seed: 1).map { abs($0) })
      try contents.write(to: folder.path("m.safetensors"))
      let report = try shop.json("invert", "m.safetensors", "--output", "back", "--format", "float")
      let back = try WAVFile(folder.bytes(of: "back/m.wav"))
      #expect(back.tag == 3 && back.bits == 32 && back.rate == 16_000)
      #expect(back.samples.count == 128 * frames)
      #expect(report["count"] as? Int == 1 && report["clipped_samples"] as? Int == 0)
    }
  }

  /// Equal results from three inputs: the cache, a file with its moments, and one without.
  @Test func aCacheGivesOneSoundASlice() throws {
    try withWorkshop { shop in
      try shop.made("invert", "cache", "--output", "a", "--iterations", "4", "--seed", "5")
      let names = (0..<6).map { "cache-0000\($0).wav" }
      #expect(try shop.names(in: "a") == names + ["manifest.jsonl"])
      let spectrograms = try SafetensorsFile(
        path: shop.folder.path("cache/spectrograms-00000.safetensors"))
      let moments = try SafetensorsFile(path: shop.folder.path("cache/moments.safetensors"))
      var contents = SafetensorsContents()
      contents.append(
        "spectrograms", shape: [6, 128, 128], try spectrograms.floats("spectrograms"))
      try contents.write(to: shop.folder.path("without.safetensors"))
      for name in ["mean", "deviation"] {
        contents.append(name, shape: [129], try moments.floats(name))
      }
      try contents.write(to: shop.folder.path("with.safetensors"))
      try shop.made(
        "invert", "with.safetensors", "--output", "with", "--iterations", "4", "--seed", "5")
      try shop.made(
        "invert", "without.safetensors", "--output", "without", "--iterations", "4", "--seed", "5",
        "--moments", "cache/moments.safetensors")
      let all = try ["a", "with", "without"].reduce(into: [:]) { all, folder in
        all.merge(try shop.contents(of: folder).filter { $0.key != "manifest.jsonl" }) { $1 }
      }
      #expect(all.count == 18 && Set(all.values).count == 6)
      for index in 0..<6 {
        #expect(all["with-0000\(index).wav"] == all[names[index]])
        #expect(all["without-0000\(index).wav"] == all[names[index]])
      }
      try shop.made("invert", "cache", "--output", "b", "--iterations", "4", "--seed", "6")
      #expect(try shop.contents(of: "b")[names[0]] != all[names[0]])
    }
  }

  /// Law 6: a bad file among good ones is reported, and does not change the others.
  @Test func aBadSpectrogramDoesNotSpoilItsNeighbours() throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      var values = randomNumbers(3 * 128 * 128, seed: 1)
      func write(_ name: String) throws {
        var contents = SafetensorsContents()
        contents.append("spectrograms", shape: [3, 128, 128], values)
        contents.append("mean", shape: [129], [Float](repeating: -2, count: 129))
        contents.append("deviation", shape: [129], [Float](repeating: 1, count: 129))
        try contents.write(to: folder.path(name))
      }
      try write("good.safetensors")
      values[128 * 128 + 5] = .nan
      try write("bad.safetensors")
      try shop.write("no spectrogram", as: "text.safetensors")
      try shop.made("invert", "good.safetensors", "--output", "good", "--iterations", "2")
      let result = try shop.run(
        ["invert", "text.safetensors", "bad.safetensors", clip, "missing.wav", "--output", "bad"]
          + ["--iterations", "2"])
      #expect(result.status == 65)
      let errors = result.messages.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
      #expect(errors.count == 3, "\(result.messages)")
      #expect(errors.contains { $0.contains("text.safetensors") })
      #expect(errors.contains { $0.contains("missing.wav does not exist") })
      #expect(errors.contains { $0.contains("bad.safetensors, spectrogram 1: ") })
      #expect(
        try shop.names(in: "bad") == [
          "bad-00000.wav", "bad-00002.wav", "flite_slt.wav", "manifest.jsonl",
        ])
      for number in [0, 2] {
        #expect(
          try folder.bytes(of: "bad/bad-0000\(number).wav")
            == folder.bytes(of: "good/good-0000\(number).wav"))
      }
    }
  }
}
