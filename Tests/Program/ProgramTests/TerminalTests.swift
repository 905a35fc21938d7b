import Foundation
import SpecGANModels
import SpecGANTestSupport
import Testing

/// Messages on standard error: one live line on a terminal, several lines in a pipe, JSON on
/// request.
@Suite(.serialized) struct TerminalTests {
  // MARK: - Pipes

  @Test(.training) func inAPipeEverythingIsAPlainLine() throws {
    try withWorkshop { shop in
      for arguments in [
        ["preprocess", "sounds", "--output", "cache"], ["train", "tiny.yaml", "--steps", "30"],
        ["generate", "run", "--output", "new"],
        ["invert", "sounds/one/flite_slt.wav", "--output", "b"],
      ] {
        let messages = try shop.run(arguments).messages
        #expect(!messages.isEmpty && !messages.contains("\r") && !messages.contains("\u{1B}"))
        #expect(messages.hasSuffix("\n"))
        #expect(messages.split(separator: "\n").count { $0.hasPrefix("step ") } < 10, "\(messages)")
      }
    }
  }

  /// Labels are names of folders, which may contain any character but a slash.
  @Test func whatNamesHoldDoesNothingToATerminal() throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      let label = "a\u{1B}[2J\u{9B}2J\u{7F}b"
      try shop.copy("audio/digits/one/flite_slt.wav", as: "hostile/\(label)/clip.wav")
      try shop.write("no sound", as: "hostile/\(label)/text.wav")
      let messages = try shop.made("preprocess", "hostile", "--output", "named").messages
      let output = try shop.made("info", "named").output
      for text in [messages, output] {
        #expect(text.contains(#"a\u{1B}[2J\u{009B}2J\u{7F}b"#), "\(text)")
        #expect(
          !text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
      }
      #expect(try shop.json("info", "named")["labels"] as? [String] == [label])
    }
  }

  @Test func quietMeansWarningsAndErrorsAlone() throws {
    try withWorkshop { shop in
      try shop.write("not a sound", as: "sounds/bad.wav")
      let preprocess = try shop.made("preprocess", "sounds", "--output", "cache", "--quiet")
      #expect(preprocess.messages.hasPrefix("skipped sounds/bad.wav: "))
      #expect(preprocess.messages.count(where: \.isNewline) == 1)
      let train = try shop.made("train", "tiny.yaml", "--steps", "2", "--quiet")
      #expect(train.messages.hasPrefix("Warning: cache has 6 examples"))
      #expect(train.messages.count(where: \.isNewline) == 1)
      for arguments in [
        ["generate", "run", "--output", "new", "--quiet"],
        ["invert", "new/00000.wav", "--output", "back", "--quiet"],
      ] {
        let result = try shop.run(arguments)
        #expect(result.status == 0 && result.messages.isEmpty && result.output.isEmpty)
      }
      try shop.run(["generate", "no", "--output", "no", "--quiet"]).expectError(66, "no does not")
      let both = try shop.made(
        "train", "tiny.yaml", "--steps", "3", "--resume", "--quiet", "--json")
      #expect(try shop.object(both.output)["step"] as? Int == 3)
    }
  }

  // MARK: - JSON

  @Test func trainingTellsProgramsEveryStep() throws {
    try withWorkshop { shop in
      let lines = try objects(shop, "train", "tiny.yaml", "--steps", "5", "--progress", "json")
      #expect((lines.first?["warning"] as? String)?.contains("6 examples") == true)
      let steps = Array(lines.dropFirst())
      #expect(steps.compactMap { $0["step"] as? Int } == [1, 2, 3, 4, 5])
      let log = try shop.lines(of: "run/log.jsonl")
      for (step, logged) in zip(steps, log) {
        #expect(Set(step.keys) == Set(logged.keys).union(["seconds_left", "clips_per_second"]))
        let said = step.filter { logged.keys.contains($0.key) }
        #expect(NSDictionary(dictionary: said) == NSDictionary(dictionary: logged))
        let pace = try #require(step["clips_per_second"] as? Double)
        let seconds = try #require(step["seconds_per_step"] as? Double)
        // Five critic updates of eight real examples.
        #expect(abs(pace * seconds - 40) < 1e-6)
        #expect(try #require(step["seconds_left"] as? Double) >= 0)
      }
      #expect(steps.last?["seconds_left"] as? Double == 0)
    }
  }

  @Test func otherCommandsTellProgramsHowMuchIsDone() throws {
    try withWorkshop { shop in
      try shop.remove("cache")
      let preprocess = try objects(
        shop, "preprocess", "sounds", "--output", "cache", "--progress", "json")
      #expect(preprocess.last?["total"] as? Int == preprocess.last?["done"] as? Int)
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let generate = try objects(
        shop, "generate", "run", "--output", "new", "--count", "40", "--progress", "json")
      #expect(generate.last?["task"] as? String == "generating")
      #expect(generate.last?["done"] as? Int == 40 && generate.last?["total"] as? Int == 40)
      let invert = try objects(
        shop, "invert", "new/00000.wav", "--output", "back", "--progress", "json")
      #expect(invert.last?["done"] as? Int == 1)
      let failed = try shop.run(["generate", "no", "--output", "no", "--progress", "json"])
      #expect(failed.status == 66)
      let error = try shop.object(failed.messages)
      #expect(Set(error.keys) == ["error"])
      #expect((error["error"] as? String)?.contains("no does not exist") == true)
    }
  }

  private func objects(_ shop: Workshop, _ arguments: String...) throws -> [[String: Any]] {
    let result = try shop.run(arguments)
    #expect(result.status == 0, "\(result.messages)")
    return try result.messages.split(separator: "\n").map { try shop.object("\($0)\n") }
  }

  // MARK: - Terminals

  @Test(.training, arguments: [7, 22, 42, 60, 72, 100]) func aLineIsNeverWiderThanItsTerminal(
    _ columns: Int
  )
    throws
  {
    try withWorkshop { shop in
      let train = try lines(shop, columns, "train tiny.yaml --steps 12")
      let generate = try lines(shop, columns, "generate run --output new --count 40")
      #expect(!train.isEmpty && !generate.isEmpty)
      for line in train + generate { #expect(line.count < columns, "\(line)") }
      let last = try #require(train.last)
      #expect("step 12/12".hasPrefix(last.prefix(10)) || last.hasPrefix("12/12"), "\(last)")
      // The least important part is dropped first, and completely.
      let parts = ["step", "left", "Wasserstein", "s/step", "penalty", "clips/s"]
      let shown = parts.map(last.contains)
      #expect(shown == shown.sorted { $0 && !$1 }, "\(last)")
      #expect(
        shown.count(where: \.self) == [7: 0, 22: 2, 42: 3, 60: 4, 72: 5, 100: 6][columns], "\(last)"
      )
    }
  }

  /// The score of the newest preview, the lower the better.
  @Test(.training) func aLineHasTheSpectralDistance() throws {
    try withWorkshop { shop in
      let lines = try lines(
        shop, 150, "train tiny.yaml --steps 2 --set monitoring.preview_count=1")
      let last = try #require(lines.last)
      let score = try #require(
        try shop.lines(of: "run/log.jsonl").last?["spectral_distance"] as? Double)
      #expect(last.contains("spectral distance \(String(format: "%.2f", score)) dB  "), "\(last)")
    }
  }

  @Test(.training) func aLineFollowsItsTerminal() throws {
    try withWorkshop { shop in
      let shrink = "(sleep 2; stty cols 30 </dev/tty) & "
      let lines = try lines(
        shop, 100, "train tiny.yaml --minutes 0.07", preparation: shrink)
      #expect(try #require(lines.first).count > 60)
      #expect(try #require(lines.last).count < 30)
    }
  }

  /// Some terminals do not report their width.
  @Test func aLineTakesTheWidthThatItIsTold() throws {
    try withWorkshop { shop in
      let lines = try lines(shop, 0, "train tiny.yaml --steps 3", ["COLUMNS": "40"])
      #expect(!lines.isEmpty)
      for line in lines { #expect(line.count < 40 && line.hasPrefix("step ")) }
    }
  }

  @Test func coloursAreForTerminalsThatAreNotRefused() throws {
    try withWorkshop { shop in
      let command = "generate run --output new --replace"
      try shop.made("train", "tiny.yaml", "--steps", "1")
      for (environment, isLive, hasColors) in [
        (["TERM": "xterm", "NO_COLOR": ""], true, true),
        (["TERM": "xterm", "NO_COLOR": "1"], true, false), (["TERM": "dumb"], false, false),
      ] {
        let train = "train tiny.yaml --steps 3 --run \(UUID().uuidString)"
        let text = try terminal(
          shop, 100, "\(command) && exec '\(Program.path)' \(train)", environment)
        #expect(text.contains("\u{1B}[K") == isLive, "\(text)")
        #expect(text.contains("\u{1B}[2m") == hasColors && text.contains("\u{1B}[33m") == hasColors)
        if !isLive { #expect(!text.contains("\u{1B}") && text.contains("step 3/3")) }
      }
    }
  }

  /// Returns all states of the live line, without colors.
  private func lines(
    _ shop: Workshop, _ columns: Int, _ command: String, _ more: [String: String] = [:],
    preparation: String = ""
  ) throws -> [String] {
    let environment = ["TERM": "xterm", "NO_COLOR": "1"].merging(more) { $1 }
    let text = try terminal(shop, columns, command, environment, preparation: preparation)
    return text.split(separator: "\r\u{1B}[K").dropFirst().map { part in
      String(part.prefix { !$0.isNewline && $0 != "\r" })
    }
  }

  /// Returns the output of the program on a terminal of `columns`. `script` is in every Debian.
  private func terminal(
    _ shop: Workshop, _ columns: Int, _ command: String, _ environment: [String: String],
    preparation: String = ""
  ) throws -> String {
    let line = "stty cols \(columns) rows 20; \(preparation)'\(Program.path)' \(command)"
    let result = try RunningProgram(
      "/usr/bin/script", ["-qec", line, "/dev/null"], in: shop.folder, environment: environment
    ).wait()
    #expect(result.status == 0, "\(result.output)")
    return result.output
  }
}
