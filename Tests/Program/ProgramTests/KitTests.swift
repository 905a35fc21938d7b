import Foundation
import Safetensors
import SpecGANModels
import SpecGANRunSupport
import SpecGANSynthesis
import SpecGANTestSupport
import Testing
import Waveforms

/// `specgan kit`, and clips that are generated again from its files.
@Suite(.serialized, .training) struct KitTests {
  private static let labels = ["one", "three", "two"]

  private func withRun(
    conditional: Bool = true, _ kind: ModelKind = .specgan, _ body: (Workshop) throws -> Void
  ) throws {
    try withWorkshop { shop in
      try shop.made(
        "train", "tiny.yaml", "--model", kind.rawValue, "--steps", "2", "--set",
        "network.conditional=\(conditional)")
      if kind == .specgan { try raise(shop) }
      try body(shop)
    }
  }

  /// Raises the moments of the checkpoint, because spectrograms after two steps are near their
  /// mean, which is silence.
  private func raise(_ shop: Workshop, by nepers: Float = 8) throws {
    var parts = try CheckpointParts(shop.folder.path(Self.checkpoint)).withoutChecksums()
    for index in parts.tensors.indices where parts.tensors[index].name == "moments/mean" {
      parts.tensors[index].values = parts.tensors[index].values.map { max($0 + nepers, -1) }
    }
    _ = try parts.write(to: shop.folder, as: Self.checkpoint)
  }

  private static let checkpoint = "run/checkpoints/step-00000002.safetensors"

  /// The names of all files below `folder`.
  private func files(_ folder: String, _ shop: Workshop) throws -> [String] {
    try shop.contents(of: folder).keys.sorted()
  }

  private func waveform(_ path: String, _ shop: Workshop) throws -> Waveform {
    let (waveform, remarks) = try AudioFile.readWithRemarks(shop.folder.path(path))
    #expect(remarks.isEmpty)
    return waveform
  }

  @Test(arguments: ModelKind.allCases) func aKitHasItsFilesAndItsClipsAreMadeAgain(
    _ kind: ModelKind
  ) throws {
    try withRun(kind) { shop in
      let report = try shop.json(
        "kit", "run", "--output", "my kit", "--each", "3", "--layers", "2", "--format", "float",
        "--method", "fast", "--seed", "5")
      let clips = Self.labels.flatMap { label in
        (1...3).map { "\(label.capitalized)/\(label) 0\($0).wav" }
      }
      let others = [
        "card.md", "latents.safetensors", "manifest.jsonl", "my kit.h2drumkit", "my kit.sfz",
      ]
      #expect(try files("my kit", shop) == (clips + others).sorted())
      #expect(report["count"] as? Int == 9 && report["silent"] as? [Int] == [])
      #expect(report["sfz"] as? String == "my kit/my kit.sfz")
      let voices = try #require(report["voices"] as? [[String: Any]])
      #expect(voices.compactMap { $0["key"] as? Int } == [60, 61, 62])
      #expect(voices.compactMap { $0["label"] as? String } == Self.labels)
      let first = try #require((voices[0]["clips"] as? [[String: Any]])?.first)
      #expect(["file", "number", "gain_db", "play_gain_db"].allSatisfy { first[$0] != nil })
      try expectEdges(clips, shop)
      try expectSameClips(clips, kind, shop)
      #expect(
        try shop.lines(of: "run/clips.jsonl").map { $0["folder"] as? String }.contains("../my kit"))
    }
  }

  private func expectEdges(_ clips: [String], _ shop: Workshop) throws {
    for clip in clips {
      let sound = try waveform("my kit/\(clip)", shop)
      #expect(sound.peak <= 0.8913)
      let beginning = sound.samples.prefix(16).map(abs).max() ?? 0
      #expect(abs(sound.samples[0]) < 0.01 || beginning >= sound.peak / 2)
      #expect(sound.frameCount <= 16_384 && sound.samples.suffix(1).allSatisfy { abs($0) < 0.02 })
    }
  }

  /// A recipe gives the clip of `generate` with the same seed, sample for sample, and its gain and
  /// its edges that of the file.
  private func expectSameClips(_ clips: [String], _ kind: ModelKind, _ shop: Workshop) throws {
    let asIs = ["--format", "float", "--level", "as-is", "--replace"]
    try shop.made(
      ["generate", "run", "--output", "all", "--count", "9", "--seed", "5", "--method", "fast"]
        + asIs)
    for (place, clip) in clips.enumerated() {
      let recipe = try ClipRecipe(file: shop.folder.path("my kit/\(clip)"))
      #expect(recipe.number == place / 3 + place % 3 * 3)
      #expect(recipe.checkpoint == Self.checkpoint && recipe.step == 2)
      #expect(recipe.labels == [Self.labels[place / 3]: 1] && recipe.seed == 5)
      #expect((recipe.inversion?.method == "fast") == (kind == .specgan))
      // The method is that of the recipe.
      try shop.made(["generate", "run", "--output", "again", "--latents", "my kit/\(clip)"] + asIs)
      let again = try waveform("again/00000-\(Self.labels[place / 3]).wav", shop)
      let name = "all/\(SoundMaker.stem(recipe.number))-\(Self.labels[place / 3]).wav"
      #expect(try again == waveform(name, shop))
      var mastered = again
      for index in mastered.samples.indices { mastered.samples[index] *= recipe.gain }
      #expect(try recipe.edges.apply(to: mastered) == waveform("my kit/\(clip)", shop))
    }
    let two = ["--latents", "my kit/\(clips[4])", "--latents", "my kit/\(clips[0])"]
    let result = try shop.run(["generate", "run", "--output", "two", "--json"] + two + asIs)
    #expect(try shop.object(result.output)["labels"] as? [String] == ["three", "one"])
    #expect(
      try waveform("two/00001-one.wav", shop) == waveform("all/00000-one.wav", shop))
    // And the latents give the same kit.
    try shop.made([
      "kit", "run", "--output", "copy/my kit", "--latents", "my kit/latents.safetensors",
      "--layers", "2", "--format", "float", "--method", "fast",
    ])
    #expect(
      try shop.contents(of: "copy/my kit") == shop.contents(of: "my kit"))
  }

  @Test func threadsDoNotMatterAndEarlierKitsAreReplaced() throws {
    try withRun { shop in
      try shop.made("kit", "run", "--output", "k", "--each", "2", "--threads", "1")
      let first = try shop.contents(of: "k")
      try shop.run(["kit", "run", "--output", "k"]).expectError(73, "k contains files", "--replace")
      try shop.made("kit", "run", "--output", "k", "--each", "2", "--threads", "3", "--replace")
      #expect(try shop.contents(of: "k") == first)
      try shop.folder.write([1], as: "k/One/mine.wav")
      try shop.made(
        "kit", "run", "--output", "k", "--each", "1", "--labels", "two, TWO", "--replace")
      #expect(
        try files("k", shop) == [
          "One/mine.wav", "Two/two 01.wav", "card.md", "k.h2drumkit", "k.sfz",
          "latents.safetensors", "manifest.jsonl",
        ])
      // A label's clips do not depend on the other labels.
      #expect(try shop.folder.bytes(of: "k/Two/two 01.wav") == first["Two/two 01.wav"] ?? [])
    }
  }

  /// If the loudest clip is turned down, all are, so that their levels stay comparable.
  @Test func aKitHasOneGain() throws {
    try withRun { shop in
      try raise(shop, by: 6)
      func gains(_ report: [String: Any]) throws -> [Double] {
        try #require(report["voices"] as? [[String: Any]]).flatMap {
          ($0["clips"] as? [[String: Any]] ?? []).compactMap { $0["gain_db"] as? Double }
        }
      }
      func peaks(_ kit: String) throws -> [Float] {
        try files(kit, shop).filter { $0.hasSuffix(".wav") }
          .map { try waveform("\(kit)/\($0)", shop).peak }
      }
      let result = try shop.made("kit", "run", "--output", "kit", "--each", "2")
      #expect(result.messages.contains("All were turned down by"))
      let protected = try shop.json("kit", "run", "--output", "kit", "--each", "2", "--replace")
      #expect(try Set(gains(protected)).count == 1 && gains(protected)[0] < 0)
      #expect(try abs((peaks("kit").max() ?? 0) - 0.8912) < 1e-4)
      #expect(try (peaks("kit").min() ?? 1) < 0.89)
      let full = try shop.json(
        "kit", "run", "--output", "full", "--each", "2", "--level", "normalize")
      #expect(try Set(gains(full)).count > 1)
      #expect(try peaks("full").allSatisfy { abs($0 - 0.8912) < 1e-4 })
    }
  }

  /// The clips of a label are selected among its candidates, which `generate` numbers 1, 4, 7 and
  /// so on. This network has hardly learned, so that some are near copies, and the command says so.
  @Test func candidatesAreSelected() throws {
    try withRun { shop in
      let result = try shop.made(
        "kit", "run", "--output", "k", "--each", "6", "--candidates", "18", "--labels", "three")
      let names = try files("k", shop).filter { $0.hasPrefix("Three/") }
      let numbers = try names.map { try ClipRecipe(file: shop.folder.path("k/\($0)")).number }
      #expect(!numbers.isEmpty && Set(numbers).count == numbers.count)
      #expect(numbers.allSatisfy { $0 % 3 == 1 && $0 < 54 })
      #expect((numbers.count < 6) == result.messages.contains("instead of 6"))
      let one = try shop.json(
        "kit", "run", "--output", "one", "--each", "1", "--candidates", "6", "--labels", "three")
      let voices = try #require(one["voices"] as? [[String: Any]])
      #expect((voices.first?["clips"] as? [Any])?.count == 1)
    }
  }

  @Test func withoutLabelsThereIsOneVoice() throws {
    try withRun(conditional: false, .wavegan) { shop in
      let report = try shop.json("kit", "run", "--output", "k", "--each", "2")
      #expect(
        try files("k", shop) == [
          "Sounds/sound 01.wav", "Sounds/sound 02.wav", "card.md", "k.h2drumkit", "k.sfz",
          "latents.safetensors", "manifest.jsonl",
        ])
      #expect((report["voices"] as? [[String: Any]])?.first?["key"] as? Int == 60)
      try shop.run(["kit", "run", "--output", "n", "--labels", "kick"])
        .expectError(64, "--labels is kick, but", "has no labels")
    }
  }

  /// Without biases the latent 0 gives exact silence.
  @Test func silentClipsAreLeftOut() throws {
    try withRun(conditional: false, .wavegan) { shop in
      var parts = try CheckpointParts(shop.folder.path(Self.checkpoint)).withoutChecksums()
      for index in parts.tensors.indices where parts.tensors[index].name.hasSuffix("/bias") {
        parts.tensors[index].values = parts.tensors[index].values.map { _ in 0 }
      }
      _ = try parts.write(to: shop.folder, as: Self.checkpoint)
      var contents = SafetensorsContents()
      let loud = randomNumbers(100, seed: 1)
      let silence = [Float](repeating: 0, count: 100)
      contents.append("z", shape: [3, 100], loud + silence + loud)
      try contents.write(to: shop.folder.path("z.safetensors"))
      let result = try shop.run([
        "kit", "run", "--output", "k", "--latents", "z.safetensors", "--json",
      ])
      #expect(result.messages.contains(" 1 silent clip was left out."), "\(result.messages)")
      let report = try shop.object(result.output)
      #expect(report["silent"] as? [Int] == [1] && report["count"] as? Int == 2)
      #expect(try shop.names(in: "k/Sounds") == ["sound 01.wav", "sound 02.wav"])
      let last = try ClipRecipe(file: shop.folder.path("k/Sounds/sound 02.wav"))
      #expect(last.number == 2 && last.latent == loud && last.labels == nil)
    }
  }

  @Test func whatCannotBeIsNamed() throws {
    try withRun { shop in
      // A folder of the user's own sounds.
      try shop.run(["kit", "run", "--output", "sounds", "--replace"])
        .expectError(73, "sounds contains files, but no manifest.jsonl", "--output")
      try shop.made("kit", "run", "--output", "k", "--each", "1")
      try shop.made("kit", "run", "--output", "s", "--each", "1", "--seed", "9")
      let kit = ["kit", "run", "--output", "n"]
      for (options, status, words) in [
        (["--labels", "one,four"], Int32(64), "--labels is four, but"),
        (["--each", "0"], 64, "--each is 0"), (["--each", "101"], 64, "from 1 to 100"),
        (["--each", "8", "--candidates", "7"], 64, "--candidates is 7"),
        (["--layers", "17"], 64, "--layers is 17"),
        (["--latents", "k/latents.safetensors", "--each", "2"], 64, "--each cannot be combined"),
        (["--latents", "k/One/one 01.wav", "--labels", "two"], 64, "has no clip"),
        (["--latents", "sounds/one/flite_slt.wav"], 65, "has no recipe"),
        (["--latents", "none.wav"], 66, "none.wav"),
        (
          ["--latents", "k/One/one 01.wav", "--latents", "s/One/one 01.wav"], 65,
          "different random seeds"
        ),
      ] {
        let result = try shop.run(kit + options)
        result.expectError(status, words)
      }
      #expect(try !shop.names(in: "").contains("n"))
      try shop.run(["kit", "run", "--output", "k", "--latents", "k/One/one 01.wav", "--replace"])
        .expectError(64, "k/One/one 01.wav would be overwritten, and is an input")
      // A recipe of another run's labels, and of another size of latents.
      try shop.made(
        "train", "tiny.yaml", "--run", "small", "--steps", "1", "--set", "network.latent=5")
      try shop.run(["generate", "small", "--output", "n", "--latents", "k/One/one 01.wav"])
        .expectError(65, "k/One/one 01.wav: z has shape [1, 100], expected [n, 5]")
      // Another step generates other clips. After three steps they are silent.
      try shop.made("train", "run", "--resume", "--steps", "3")
      try shop.run(kit).expectError(65, "step-00000003", "all clips are silent")
      let other = try shop.made(
        "generate", "run", "--output", "o", "--latents", "k/One/one 01.wav")
      #expect(other.messages.contains("Warning: k/One/one 01.wav is from step 2"))
      // The checkpoint of the kit is still there.
      #expect(
        try shop.names(in: "run/checkpoints").contains("step-00000002.safetensors"))
    }
  }

  /// A reader that shares nothing with the writer finds the recipe in 24-bit files.
  @Test(.enabled(if: OutsideTools.isWanted("python3"))) func pythonReadsTheRecipe() throws {
    try withRun { shop in
      try shop.made("kit", "run", "--output", "k", "--each", "1", "--labels", "one")
      let result = try RunningProgram(
        "/usr/bin/env",
        [
          "python3", "\(Fixtures.repository)/tools/reference/wav_information.py",
          "k/One/one 01.wav",
        ], in: shop.folder
      ).wait()
      let object = try shop.object(result.output)
      let texts = try #require(object["INFO"] as? [String: String])
      #expect(texts["INAM"] == "one 01" && texts["ISFT"]?.hasPrefix("specgan ") == true)
      let recipe = try ClipRecipe(file: shop.folder.path("k/One/one 01.wav"))
      #expect(texts["ICMT"] == recipe.json && object["frames"] as? Int == recipe.frames)
      #expect(object["whole"] as? Bool == true)
    }
  }

  // MARK: - Other programs

  /// Hydrogen extracts the archive, and plays its clips: without them the song is shorter or
  /// quieter.
  @Test(.enabled(if: OutsideTools.isWanted("h2cli"))) func hydrogenPlaysTheKit() throws {
    try withRun { shop in
      try shop.made("kit", "run", "--output", "tones", "--each", "2", "--level", "normalize")
      let home = ["HOME": shop.folder.path("home"), "QT_QPA_PLATFORM": "offscreen"]
      try FileManager.default.createDirectory(
        atPath: shop.folder.path("home"), withIntermediateDirectories: false)
      func hydrogen(_ arguments: [String]) throws -> ProgramResult {
        try RunningProgram(
          "/usr/bin/env", ["h2cli"] + arguments, in: shop.folder, environment: home
        ).wait()
      }
      let archive = shop.folder.path("tones/tones.h2drumkit")
      #expect(try hydrogen(["-c", archive]).output.contains("is valid"))
      #expect(try hydrogen(["-i", archive]).status == 0)
      let installed = "home/.hydrogen/data/drumkits/tones"
      #expect(try shop.names(in: installed).count == 7)
      let song = "/usr/share/hydrogen/data/demo_songs/TR808kit-demo.h2song"
      // The driver "auto" waits for a sound server.
      func play(as name: String) throws -> Float {
        let path = shop.folder.path(name)
        let result = try hydrogen([
          "-s", song, "-k", "tones", "-o", path, "-r", "44100", "-b", "16", "-d", "alsa",
        ])
        #expect(result.status == 0)
        let samples = try AudioFile.read(path).samples
        return samples.reduce(0) { $0 + $1 * $1 }
      }
      let sounding = try play(as: "with.wav")
      for file in try shop.names(in: installed) where file.hasSuffix(".wav") {
        try shop.remove("\(installed)/\(file)")
      }
      #expect(try sounding > 1.5 * play(as: "without.wav"))
    }
  }

  /// Polyphone reads the SFZ instrument, and writes all of its clips and velocity layers as a
  /// SoundFont.
  @Test(.enabled(if: OutsideTools.isWanted("polyphone"))) func polyphoneReadsTheInstrument() throws
  {
    try withRun { shop in
      try shop.made(
        "kit", "run", "--output", "tones", "--each", "4", "--layers", "2", "--level", "normalize")
      let result = try RunningProgram(
        "/usr/bin/env", ["polyphone", "-1", "-i", "tones/tones.sfz", "-d", ".", "-o", "tones"],
        in: shop.folder, environment: ["QT_QPA_PLATFORM": "offscreen"]
      ).wait()
      #expect(result.status == 0)
      let font = try SoundFont(shop.folder.bytes(of: "tones.sf2"))
      var expected: [SoundFont.Sample] = []
      for label in Self.labels {
        for number in 1...4 {
          let name = "\(label) 0\(number)"
          let clip = try waveform("tones/\(label.capitalized)/\(name).wav", shop)
          expected.append(.init(name: name, length: clip.frameCount, rate: clip.sampleRate))
        }
      }
      #expect(font.samples.sorted { $0.name < $1.name } == expected)
      // Each of three labels has two clips in the lower layer and two in the upper one.
      #expect(font.velocities.count { $0 == 1...63 } == 6)
      #expect(font.velocities.count { $0 == 64...127 } == 6)
    }
  }
}

/// The samples and velocity ranges of a SoundFont.
///
/// Source: E-mu Systems, "SoundFont Technical Specification 2.04", sections 7.5 and 7.10.
private struct SoundFont {
  struct Sample: Equatable {
    let name: String
    /// The number of frames.
    let length: Int
    let rate: Int
  }

  let samples: [Sample]
  /// The velocity ranges of the instruments' zones.
  let velocities: [ClosedRange<Int>]

  init(_ bytes: [UInt8]) throws {
    func number(_ offset: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    // The parameters are in the last list; samples, before it, may contain any bytes.
    let parameters = try #require(bytes.indices.last { bytes[$0...].starts(with: "pdta".utf8) })
    func records(_ name: String, size: Int) throws -> [Int] {
      let found = bytes[parameters...].firstRange(of: Array(name.utf8))
      let start = try #require(found, "there is no chunk \(name)").upperBound + 4
      try #require(start <= bytes.count && start + number(start - 4) <= bytes.count)
      return stride(from: start, to: start + number(start - 4), by: size).map(\.self)
    }
    // The last record only ends the list.
    samples = try records("shdr", size: 46).dropLast().map { place in
      let name = bytes[place..<place + 20].prefix { $0 != 0 }
      return Sample(
        name: String(decoding: name, as: UTF8.self),
        length: number(place + 24) - number(place + 20), rate: number(place + 36))
    }
    velocities = try records("igen", size: 4).compactMap { place in
      let isVelocity = bytes[place] == 44 && bytes[place + 1] == 0
      return isVelocity ? Int(bytes[place + 2])...Int(bytes[place + 3]) : nil
    }
  }
}
