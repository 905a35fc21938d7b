import Foundation
import Glibc
import SpecGANTestSupport
import Testing

/// Signals, limits and closed files, as batch systems and shells give them to a program.
@Suite(.serialized, .training) struct BatchTests {
  @Test(arguments: [(SIGUSR1, 138), (SIGUSR2, 140), (SIGXCPU, 143)] as [(CInt, CInt)])
  func aSignalOfABatchSystemSaves(_ signal: CInt, _ status: CInt) throws {
    try withWorkshop { shop in
      let program = try Program.start(["train", "tiny.yaml"], in: shop.folder)
      #expect(program.wait { program.messages.contains("step 1 ") })
      // They may come again and again, as SIGXCPU does, and SIGTERM after them. The system keeps no
      // order among signals that wait, so SIGTERM is sent when the first has arrived.
      for _ in 0..<3 { program.kill(signal) }
      #expect(program.wait { program.messages.contains("Stopping.") })
      program.kill(SIGTERM)
      let result = program.wait()
      #expect(result.status == status && !result.isKilled, "\(result.messages)")
      let names = try shop.names(in: "run/checkpoints")
      let step = try #require(names.first.flatMap { Int($0.dropFirst(5).prefix(8)) })
      #expect(names.count == 1)
      #expect(try shop.lines(of: "run/log.jsonl").count == step)
    }
  }

  /// Each further processor that may be used is one more thread.
  @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1, "needs two processors"))
  func affinityDecidesTheNumberOfThreads() throws {
    try withWorkshop { shop in
      func threads(_ preparation: String) throws -> Int {
        let program = try RunningProgram(
          Program.path, ["train", "tiny.yaml", "--run", "r\(preparation.count)"], in: shop.folder,
          after: preparation)
        #expect(program.wait { program.messages.contains("step 1 ") })
        program.kill(SIGINT)
        _ = program.wait()
        let record = try shop.folder.bytes(of: "r\(preparation.count)/session.json")
        let object = try JSONSerialization.jsonObject(with: Data(record)) as? [String: Any]
        return try #require(object?["threads"] as? Int)
      }
      try shop.write(Workshop.configuration.replacing(", report: false", with: ""), as: "tiny.yaml")
      #expect(try threads("taskset -p -c 0 $$ >/dev/null; ") == 1)
      #expect(try threads("") >= 1)
    }
  }

  @Test func anOptionWithOneDashIsAnError() throws {
    try withTemporaryFolder { folder in
      for (option, words) in [
        ("-threads", "use --threads"), ("-help", "use --help"), ("-threads=1", "use --threads=1"),
      ] {
        let result = try Program.run(["train", "x.yaml", option], in: folder)
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.messages.contains("\(option) has one dash; \(words)."), "\(result.messages)")
      }
      #expect(try Program.run(["train", "-h"], in: folder).status == 0)
      // Behind -- it is a name.
      try Program.run(["info", "--", "-threads"], in: folder).expectError(66, "-threads")
    }
  }

  /// With standard output closed, its number does not become that of a file of the program.
  @Test func aClosedOutputIsAnError() throws {
    try withWorkshop { shop in
      let before = try shop.contents(of: "cache")
      let shell = ["-c", "\"$0\" info cache --json >&-", Program.path]
      try RunningProgram("/bin/sh", shell, in: shop.folder).wait()
        .expectError(73, "Standard output cannot be written")
      let script = "\"$0\" train tiny.yaml --steps 1 --json <&- >&- 2>&-; echo $? >status"
      _ = try RunningProgram("/bin/sh", ["-c", script, Program.path], in: shop.folder).wait()
      #expect(try shop.folder.bytes(of: "status") == Array("73\n".utf8))
      #expect(try shop.contents(of: "cache").filter { $0.key != "runs.jsonl" } == before)
      #expect(try shop.lines(of: "run/log.jsonl").count == 1)
      try shop.made("info", "run")
    }
  }

  /// A reader that has gone changes no status.
  @Test(arguments: [
    ("info cache", 0), ("preprocess mixed --output other --strict --json 2>/dev/null", 65),
    ("info run", 65), ("train tiny.yaml --run new --steps 1 --json --quiet", 0),
  ]) func aClosedPipeEndsQuietly(_ command: String, _ status: Int) throws {
    try withWorkshop { shop in
      try shop.copy("audio/digits/one/flite_slt.wav", as: "mixed/one.wav")
      try shop.write("not a sound", as: "mixed/two.wav")
      try shop.made("train", "tiny.yaml", "--steps", "1")
      try shop.write("not a checkpoint", as: "run/checkpoints/step-00000002.safetensors")
      // A FIFO is opened for writing while it has a reader, which then goes.
      let script = """
        mkfifo pipe; exec 3<>pipe; exec 4>pipe; exec 3>&-
        "$0" \(command) >&4; echo $? >status
        """
      let result = try RunningProgram(
        "/bin/bash", ["-c", script, Program.path], in: shop.folder
      ).wait()
      if command == "info cache" { #expect(result.messages.isEmpty, "\(result.messages)") }
      #expect(try shop.folder.bytes(of: "status") == Array("\(status)\n".utf8))
    }
  }

  /// Whatever the limit of memory, a command succeeds or says that it does not suffice.
  @Test func tooLittleMemoryIsSaid() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      var refused = 0
      for limit in [90, 110, 130, 150, 170, 190, 300, 2000] {
        for command in [
          ["train", "tiny.yaml", "--run", "r\(limit)", "--steps", "1"],
          ["generate", "run", "--output", "g\(limit)"],
          ["preprocess", "sounds", "--output", "c\(limit)"],
        ] {
          let result = try RunningProgram(
            Program.path, command + ["--threads", "3", "--quiet"], in: shop.folder,
            after: "ulimit -v \(1000 * limit); "
          ).wait()
          // The system's loader needs memory, too.
          if result.status == 0 || result.status == 127 { continue }
          refused += 1
          #expect(result.status == 71 && !result.isKilled, "\(limit): \(result.messages)")
          let lines = result.messages.split(separator: "\n").filter {
            !$0.hasPrefix("Warning: ")
          }
          #expect(lines.count == 1 && lines[0].hasPrefix("Error: "), "\(result.messages)")
        }
      }
      #expect(refused > 3)
      #expect(try shop.names(in: "").contains("c2000"))
    }
  }

  @Test(arguments: ["line", "json"]) func aCacheThatIsCutIsSaid(_ form: String) throws {
    try withWorkshop { shop in
      let program = try Program.start(
        ["train", "tiny.yaml", "--progress", form], in: shop.folder)
      #expect(
        program.wait { program.messages.contains(form == "json" ? "\"step\":1," : "step 1 ") })
      for name in try shop.names(in: "cache") where name.hasPrefix("spectrograms") {
        #expect(unsafe truncate(shop.folder.path("cache/\(name)"), 4096) == 0)
      }
      let result = program.wait()
      #expect(result.status == 74 && !result.isKilled, "\(result.messages)")
      let last = try #require(result.messages.split(separator: "\n").last)
      #expect(last.contains("/cache/spectrograms-00000.safetensors became shorter"))
      #expect(last.hasPrefix(form == "json" ? "{\"error\":\"" : "Error: "))
      if form == "json" { _ = try shop.object(String(last) + "\n") }
    }
  }
}
