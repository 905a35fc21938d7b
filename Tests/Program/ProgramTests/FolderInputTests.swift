import Foundation
import SpecGANFiles
import SpecGANTestSupport
import Testing

/// Folders of sounds as users have them: with other files, foreign names and settings that do not
/// fit.
@Suite(.serialized) struct FolderInputTests {
  /// Hundreds of files of a sample pack are one line, and a broken sound keeps its own.
  @Test func filesThatAreNoSoundsAreALine() throws {
    try withWorkshop { shop in
      for index in 0..<40 { try shop.write("asd", as: "sounds/\(index).asd") }
      for name in ["licence.txt", "info.TXT", "LICENSE"] {
        try shop.write("x", as: "sounds/\(name)")
      }
      let preprocess = ["preprocess", "sounds", "--output", "cache", "--quiet"]
      let clean = try shop.run(preprocess + ["--strict"])
      #expect(
        clean.messages
          == "skipped 43 files that are not audio: 40 .asd, 2 .txt, 1 without extension.\n")
      #expect(clean.status == 0)
      try shop.write("x", as: "sounds/broken.wav")
      let broken = try shop.run(preprocess + ["--strict"])
      #expect(broken.status == 65)
      let lines = broken.messages.split(separator: "\n")
      #expect(lines.count == 2 && lines[0].hasPrefix("skipped sounds/broken.wav: is not audio"))
      let without = try shop.run(
        preprocess + ["--strict", "--exclude", "*.asd", "--exclude", "broken.*", "--exclude", "zz"])
      #expect(without.status == 0)
      #expect(
        without.messages == """
          skipped 3 files that are not audio: 2 .txt, 1 without extension.
          Warning: --exclude 'zz' matches nothing.

          """)
      try shop.run(preprocess + ["--exclude", ""]).expectError(64, "--exclude is empty")
      let json = try shop.json(
        "preprocess", "sounds", "--output", "cache", "--exclude", "broken.wav")
      #expect(json["excluded"] as? Int == 1 && json["slice_length"] as? Int == 16_384)
      let rows = try #require(json["skipped"] as? [[String: String]])
      #expect(rows.count == 43 && rows.allSatisfy { $0["kind"] == "other" })
    }
  }

  /// The command for an unsupported format converts all of its files, also with odd names.
  @Test func aFormatThatIsNotReadIsALineWithACommand() throws {
    try withWorkshop { shop in
      let aac: [UInt8] = [0, 0, 0, 32] + Array("ftypM4A ".utf8) + [UInt8](repeating: 0, count: 20)
      for name in ["it's a.m4a", "b.M4A", "c.mp4"] {
        try shop.folder.write(aac, as: "sounds/\(name)")
      }
      let result = try shop.made("preprocess", "sounds", "--output", "cache", "--quiet")
      let lines = result.messages.split(separator: "\n")
      #expect(
        lines.count == 1 && lines[0].hasPrefix("skipped sounds/b.M4A and 2 more: 3 files hold"))
      let command = try #require(lines[0].split(separator: "with: ").last)
      // In place of ffmpeg, a program that shows what it was to read and to write.
      let shell = try RunningProgram(
        "/bin/sh", ["-c", "ffmpeg() { :; }; " + command.replacing("ffmpeg", with: "echo")],
        in: shop.folder)
      let converted = shell.wait().output.split(separator: "\n").sorted()
      #expect(
        converted
          == ["b.M4A", "c.mp4", "it's a.m4a"].map { "-nostdin -i sounds/\($0) sounds/\($0).wav" })
    }
  }

  /// The command for files with an extension of readable ones names them, also if a name is not
  /// UTF-8; the message around it shows the name as text.
  @Test func aCommandNamesFilesByTheirBytes() throws {
    try withWorkshop { shop in
      let aac: [UInt8] = [0, 0, 0, 32] + Array("ftypM4A ".utf8) + [UInt8](repeating: 0, count: 20)
      try shop.folder.write(aac, as: "sounds/a.wav")
      let script = #"""
        mv sounds/a.wav $'sounds/caf\xE9.wav'
        "$0" preprocess sounds --output cache --quiet
        """#
      let result = try RunningProgram(
        "/bin/bash", ["-c", script, Program.path], in: shop.folder
      ).wait()
      let advice = result.messages.split(separator: "\n").first { $0.contains("with: ") }
      let line = try #require(advice, "\(result.messages)")
      #expect(line.hasPrefix(#"skipped sounds/caf\xE9.wav: 1 file holds"#))
      let command = try #require(line.split(separator: "with: ").last)
      let shell = try RunningProgram(
        "/bin/bash", ["-c", #"ffmpeg() { test -f "$3" && echo found; }; "# + command],
        in: shop.folder)
      #expect(shell.wait().output == "found\n", "\(command)")
    }
  }

  /// A name with a line feed is shown on one line, in messages and tables.
  @Test func aNameNeverBeginsALine() throws {
    try withWorkshop { shop in
      let name = "a\nError: all is lost\u{1B}[2J\u{2028}.wav"
      try shop.write("x", as: "sounds/\(name)")
      let result = try shop.made("preprocess", "sounds", "--output", "cache")
      #expect(
        result.messages.contains(#"sounds/a\nError: all is lost\u{1B}[2J\u{2028}.wav: is not"#))
      #expect(!result.messages.contains("\nError"))
      let run = "r\nError: x"
      let told = try shop.made("train", "tiny.yaml", "--run", run, "--steps", "1")
      #expect(!told.messages.contains("\nError: x") && told.messages.contains(#"r\nError: x"#))
      #expect(told.messages.contains("\n  specgan train "))
    }
  }

  /// Names that are not UTF-8, as arguments and in folders.
  @Test func otherEncodingsAreUsedUnchanged() throws {
    try withWorkshop { shop in
      let name = String(systemBytes: Array("caf".utf8) + [0xE9])
      try Folder.create(shop.folder.path("sounds/\(name)"))
      try shop.copy("audio/digits/one/flite_slt.wav", as: "one.wav")
      let bytes = try shop.folder.bytes(of: "one.wav")
      try unsafe AtomicFile.replace(
        shop.folder.path("sounds/\(name)/\(name).wav"), with: bytes.span.bytes)
      func run(_ script: String) throws -> ProgramResult {
        try RunningProgram(
          "/bin/sh", ["-c", "n=$(printf 'caf\\351'); " + script, Program.path], in: shop.folder
        )
        .wait()
      }
      let all = try run("exec \"$0\" preprocess sounds --output \"$n\"")
      #expect(all.status == 0 && all.messages.contains("7 slices of 7 clips"), "\(all.messages)")
      #expect(all.messages.contains(#"caf\xE9: 7 slices"#))
      let sources = try MappedFile(path: shop.folder.path("\(name)/sources.jsonl")).contents
      #expect(
        String(decoding: sources, as: UTF8.self)
          .contains(#""path":"caf\\xE9\/caf\\xE9.wav""#.replacing("\\/", with: "/")))
      let one = try run("exec \"$0\" preprocess \"sounds/$n\" --output one")
      #expect(one.status == 0 && one.messages.contains("1 slice of 1 clip"), "\(one.messages)")
      #expect(try run("exec \"$0\" info \"$n\"").output.contains(#"labels: caf\xE9, one"#))
      let written = try run("exec \"$0\" init \"$n.yaml\"")
      #expect(written.status == 0)
      #expect(written.messages.contains(#"--config $'caf\xE9.yaml'"#), "\(written.messages)")
      let dash = try run("exec \"$0\" init -- -x.yaml").messages
      #expect(dash.contains("--config ./-x.yaml"), "\(dash)")
      #expect(try Folder.isRegularFile(shop.folder.path("\(name).yaml")))
    }
  }

  /// Labels of macOS are found by what a keyboard types.
  @Test(.training) func aLabelIsFoundInEitherUnicodeForm() throws {
    try withWorkshop { shop in
      try FileManager.default.moveItem(
        atPath: shop.folder.path("sounds/one"), toPath: shop.folder.path("sounds/Ca\u{301}mara"))
      try shop.made("preprocess", "sounds", "--output", "cache")
      try shop.made("train", "tiny.yaml", "--steps", "1", "--set", "network.conditional=true")
      for (index, label) in ["C\u{E1}mara", "Ca\u{301}mara", "C\u{E1}mara=1,two=1"].enumerated() {
        try shop.made(
          "generate", "run", "--output", "g\(index)", "--count", "1", "--method", "fast", "--label",
          label)
      }
      #expect(try shop.contents(of: "g0") == shop.contents(of: "g1"))
      try shop.run(["generate", "run", "--output", "g", "--label", "Camara"])
        .expectError(64, "--label is Camara")
    }
  }

  /// Settings that the configuration's model would refuse are refused before anything is read.
  @Test func settingsThatDoNotFitTheModelAreRefusedAtOnce() throws {
    try withWorkshop { shop in
      try shop.write(
        "model: specgan\naudio: {sample_rate: 48000, slice_length: 65536}\n", as: "c.yaml")
      let preprocess = ["preprocess", "sounds", "--output", "new"]
      try shop.run(preprocess + ["--config", "c.yaml"]).expectError(
        65, "c.yaml: audio.slice_length is '65536'", "specgan.frames (=128)",
        "spectrogram.frame_step", "specgan.bins")
      #expect(try !shop.names(in: ".").contains("new"))
      for settings in [
        ["model=wavegan"],
        [
          "specgan.frames=256", "specgan.bins=256", "spectrogram.frame_length=512",
          "spectrogram.frame_step=256",
        ],
      ] {
        let result = try shop.run(
          preprocess + ["--config", "c.yaml"] + settings.flatMap { ["--set", $0] })
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.messages.contains("65536 samples (1.365 s) at 48000 Hz in 1 channel"))
      }
      // Without a configuration the cache may be for a classifier.
      let other = try shop.made(
        "preprocess", "sounds", "--output", "new", "--set", "audio.slice_length=2048")
      #expect(other.messages.contains("Warning: SpecGAN cannot be trained from this cache: --set:"))
    }
  }

  /// Training warns of data from which it learns nothing.
  @Test(.training) func trainingWarnsOfSilence() throws {
    try withWorkshop { shop in
      try shop.folder.write(WAVBytes.pcm16([Int16](repeating: 0, count: 9000)), as: "z.wav")
      let silent = try shop.made("preprocess", "z.wav", "--output", "silent")
      #expect(silent.messages.contains("Warning: The only clip is silent"))
      let result = try shop.made("train", "tiny.yaml", "--cache", "silent", "--steps", "1")
      #expect(result.messages.contains("Warning: All clips are silent"))
      #expect(
        try !shop.made("train", "tiny.yaml", "--run", "r", "--steps", "1").messages.contains(
          "silent"))
    }
  }

  @Test func aFailureOfTheSystemEndsTheWork() throws {
    try withWorkshop { shop in
      for index in 0..<150 {
        try shop.copy("audio/digits/one/flite_slt.wav", as: "many/\(index).wav")
      }
      let result = try RunningProgram(
        Program.path, ["preprocess", "many", "--output", "new", "--threads", "8"],
        in: shop.folder, after: "ulimit -n 40; "
      ).wait()
      result.expectError(71, "Too many open files; raise the limit of open files")
      #expect(try !shop.names(in: ".").contains("new"))
    }
  }

  // MARK: - Words

  @Test func aSoundIsDescribed() throws {
    try withWorkshop { shop in
      try shop.folder.write(
        WAVBytes.pcm16([0, 16_384, -8192, 0, 5, 5], channels: 2), as: "a.wav")
      let sound = try shop.json("info", "a.wav")
      #expect(sound["kind"] as? String == "audio" && sound["container"] as? String == "WAV")
      #expect(sound["frames"] as? Int == 3 && sound["channels"] as? Int == 2)
      #expect(abs((sound["peak_dbfs"] as? Double ?? 0) + 6.0206) < 1e-3)
      #expect(try shop.made("info", "a.wav").output.contains("kind: audio (WAV), intact\n"))
      #expect(try shop.made("info", "cache").output.contains("slice: 16384 samples (1.024 s) at"))
      try shop.folder.write(WAVBytes.pcm16([1, 2, 3]).dropLast(2), as: "cut.wav")
      let cut = try shop.made("info", "cut.wav").output
      #expect(cut.contains("frames: 2\n") && cut.contains("remark: it has 2 frames, but its"))
      try shop.folder.write(WAVBytes.pcm16([1, 2, 3]).dropLast(6), as: "none.wav")
      try shop.run(["info", "none.wav"]).expectError(65, "none.wav")
      try shop.write("text", as: "a.txt")
      try shop.run(["info", "a.txt"]).expectError(65, "a.txt is not a valid input", "audio file")
      try shop.write("text", as: "a.safetensors")
      try shop.run(["info", "a.safetensors"]).expectError(65, "a.safetensors")
    }
  }

  @Test func emptyPathsAreNamed() throws {
    try withWorkshop { shop in
      for command in [
        ["preprocess", "", "--output", "new"], ["info", ""], ["train", ""],
        ["invert", "", "--output", "new"], ["evaluate", "", "--real", "cache"],
      ] {
        try shop.run(command).expectError(66, "A path is empty; give a file or a folder.")
      }
    }
  }

  /// No command advises to write over a folder of sounds.
  @Test func aFolderOfSoundsIsNotToBeWrittenOver() throws {
    try withWorkshop { shop in
      try shop.run(["invert", "sounds", "--output", "new"])
        .expectError(64, "sounds is a folder and not a cache; name the audio files")
      try shop.run(["train", "tiny.yaml", "--cache", "sounds"])
        .expectError(66, "specgan preprocess sounds --output CACHE")
      try shop.run(["train", "tiny.yaml", "--cache", "no"])
        .expectError(66, "specgan preprocess INPUT --output no")
    }
  }

  @Test(.training) func labelsOfOneFileAndRunsAreNoReference() throws {
    try withWorkshop { shop in
      for kind in SyntheticSounds.kinds {
        try SyntheticSounds.write(
          SyntheticSounds.sound(kind, 1, seed: 1), as: "single/\(kind)/a.wav", shop)
      }
      try shop.made("preprocess", "single", "--output", "single.cache")
      try shop.run(["classifier", "train", "single.cache", "--output", "c"])
        .expectError(65, "Each label of single.cache has a single file")
      try shop.run(["evaluate", "sounds", "--real", "single"])
        .expectError(65, "Each label of single has a single file", "--held-out")
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let checkpoint = "run/checkpoints/step-00000001.safetensors"
      for real in ["run", checkpoint] {
        try shop.run(["evaluate", "sounds", "--real", real])
          .expectError(64, "\(real) is a run or a checkpoint, but --real is for real clips")
      }
      try shop.run(["evaluate", "sounds", "--real", "cache", "--held-out", "run"])
        .expectError(64, "--held-out is for real clips")
    }
  }
}
