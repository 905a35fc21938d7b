import Foundation
import SpecGANModels
import SpecGANTestSupport
import Testing

/// `--json` prints one object on one line of standard output, and nothing else.
@Suite(.serialized) struct JSONTests {
  @Test(.training) func everyCommandThatHasItPrintsOneLine() throws {
    try withWorkshop { shop in
      let preprocess = try shop.json("preprocess", "sounds", "--output", "cache")
      #expect(preprocess["slices"] as? Int == 6 && preprocess["used"] as? Int == 6)
      #expect(preprocess["labels"] as? [String] == ["one", "three", "two"])
      #expect((preprocess["skipped"] as? [Any])?.isEmpty == true)

      let train = try shop.json("train", "tiny.yaml", "--steps", "1")
      #expect(train["step"] as? Int == 1 && train["run"] as? String == "run")
      let finished = try shop.json("train", "tiny.yaml", "--steps", "1", "--resume")
      #expect(finished["step"] as? Int == 1)

      let generate = try shop.json("generate", "run", "--output", "new", "--count", "2")
      #expect(generate["count"] as? Int == 2 && generate["output"] as? String == "new")
      let way = try shop.json("interpolate", "run", "--output", "way", "--count", "3", "--to", "4")
      #expect(way["count"] as? Int == 3 && way["numbers"] as? [Int] == [0, 0, 4])
      #expect(way["interpolation"] as? String == "linear")
      let preview = try shop.json("preview", "run", "--output", "shown", "--count", "2")
      #expect(preview["count"] as? Int == 2 && preview["real"] as? Int == 2)
      #expect((preview["spectral_distance"] as? Double ?? -1) > 0)
      let score = try shop.json("score", "run", "new/00000.wav", "--output", "s.safetensors")
      #expect((score["values"] as? [Double])?.count == 1)
      let invert = try shop.json("invert", "new/00000.wav", "--output", "back")
      #expect(invert["count"] as? Int == 1 && invert["clipped_samples"] as? Int == 0)
      let components = try shop.json(
        "components", "cache", "--output", "pieces", "--count", "500", "--length", "9")
      #expect(components["count"] as? Int == 500 && components["output"] as? String == "pieces")
      let evaluate = try shop.json("evaluate", "run", "--real", "cache", "--count", "10")
      #expect(evaluate["count"] as? Int == 10 && (evaluate["sets"] as? [Any])?.count == 3)
      let classifier = try shop.json(
        "classifier", "train", "cache", "--output", "c", "--channels", "2", "--epochs", "1")
      #expect(classifier["output"] as? String == "c" && classifier["epochs"] as? Int == 1)
      #expect(classifier["labels"] as? [String] == ["one", "three", "two"])
      for path in ["cache", "run", "s.safetensors", "c"] { _ = try shop.json("info", path) }
    }
  }

  /// Silence is inverted exactly, which is not a finite number of dB.
  @Test func whatIsNoNumberIsNull() throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      let silence = WAVBytes.pcm16([Int16](repeating: 0, count: 1000))
      try folder.write(silence, as: "silence.wav")
      let report = try shop.json("invert", "silence.wav", "--output", "back")
      #expect((report["spectral_convergence_db"] as? [Any])?.first is NSNull)
    }
  }

  @Test(.slow, arguments: ModelKind.allCases) func aBenchmarkHasTheAgreedFigures(_ kind: ModelKind)
    throws
  {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      let report = try shop.json(
        "benchmark", "--model", kind.rawValue, "--dimension", "4", "--batch", "2", "--threads", "1",
        "--steps", "3", "--sounds", "sounds/one/flite_slt.wav", "sounds/one/flite_slt.wav")
      #expect(report["model"] as? String == kind.rawValue)
      #expect(report["dimension"] as? Int == 4 && report["batch"] as? Int == 2)
      #expect(report["threads"] as? Int == 1)
      for name in [
        "critic_wall_s", "critic_cpu_s", "generator_wall_s", "generator_cpu_s", "generate_wall_s",
        "generate_cpu_s", "transform_cpu_s", "invert_pghi_cpu_s", "invert_fast_cpu_s",
        "invert_best_cpu_s", "peak_gflops_per_core", "efficiency", "peak_rss_mib", "step_cpu_s",
        "run_days",
      ] {
        let figure = try #require(report[name] as? Double, "\(name)")
        #expect(figure > 0 && figure.isFinite, "\(name)")
      }
      let critic = try #require(report["critic_cpu_s"] as? Double)
      let efficiency = try #require(report["efficiency"] as? Double)
      let peak = try #require(report["peak_gflops_per_core"] as? Double)
      let useful = 11 * 2 * Double(Self.multiplyAdds(kind, dimension: 4) * 2) / critic / 1e9 / peak
      #expect(abs(efficiency / useful - 1) < 1e-9)
      let passes = try #require(report["passes"] as? [[String: Any]])
      let kinds = Set(passes.compactMap { $0["pass"] as? String })
      #expect(kinds == ["forward", "backward", "tangent", "gradient"])
      #expect(passes.allSatisfy { ($0["cpu_s"] as? Double ?? -1) >= 0 && $0["layer"] is String })
      #expect((report["simulations"] as? [Any])?.isEmpty == true)
    }
  }

  /// Two tables, of layers and of passes, whose shares add up to 100 %.
  @Test(.slow) func aBenchmarkForPeopleSaysWhereTheTimeGoes() throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      let text = try shop.made(
        "benchmark", "--dimension", "4", "--batch", "2", "--threads", "1", "--steps", "2"
      ).output
      let tables = text.split(separator: "\n\n").filter { $0.contains("share") }
      #expect(tables.count == 2)
      for table in tables {
        let shares = table.matches(of: /(-?[0-9.]+) %/).compactMap { Double($0.1) }
        #expect(shares.count >= 5)
        // Each is rounded to a tenth.
        #expect(abs(shares.reduce(0, +) - 100) < 0.06 * Double(shares.count))
      }
      #expect(text.contains("200000 steps take about") && text.contains("days with 1 thread"))
      try shop.write(
        """
        training: {loss: rpgan, learning_rate_decay: linear, planned_steps: 1000}
        network: {dimension: 4, conditional: true}

        """, as: "small.yaml")
      let small = try shop.json(
        "benchmark", "--config", "small.yaml", "--steps", "1", "--batch", "3")
      #expect(small["batch"] as? Int == 3 && small["dimension"] as? Int == 4)
      #expect(small["efficiency"] == nil && small["run_steps"] as? Int == 1_000)
      try shop.run(["benchmark", "--config", "no.yaml"]).expectError(66, "no.yaml does not exist")
    }
  }

  @Test(.slow) func aBenchmarkSimulatesThreads() throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      let options = [
        "benchmark", "--dimension", "4", "--batch", "2", "--threads", "1", "--steps", "1",
        "--simulate-threads", "16", "64",
      ]
      let report = try shop.object(shop.run(options + ["--json"]).output)
      let simulations = try #require(report["simulations"] as? [[String: Any]])
      #expect(simulations.compactMap { $0["threads"] as? Int } == [16, 64])
      for simulation in simulations {
        let threads = Double(try #require(simulation["threads"] as? Int))
        let seconds = try #require(simulation["step_s"] as? Double)
        let cpu = try #require(simulation["step_cpu_s"] as? Double)
        let efficiency = try #require(simulation["efficiency"] as? Double)
        #expect(abs(efficiency - cpu / (threads * seconds)) < 1e-9)
        let passes = try #require(simulation["passes"] as? [[String: Any]])
        for name in [
          "wall_s", "cpu_s", "serial_s", "longest_task_s", "runs", "tasks", "worst_run_tasks",
        ] {
          #expect(passes.allSatisfy { ($0[name] as? Double ?? -1) >= 0 }, "\(name)")
        }
        #expect(passes.filter { $0["layer"] == nil && $0["pass"] == nil }.count == 1)
      }
      let text = try shop.made(options).output
      #expect(text.contains("One step on simulated threads"))
      #expect(text.contains("The largest losses on 64 threads"))
    }
  }

  /// The critic's forward multiply-adds for one example: output positions × kernel × channels in ×
  /// out.
  private static func multiplyAdds(_ kind: ModelKind, dimension d: Int) -> Int {
    let channels = [1, d, 2 * d, 4 * d, 8 * d, 16 * d]
    let convolutions = (0..<5).map { level in
      let places = kind == .specgan ? (64 >> level) * (64 >> level) : 4096 >> (2 * level)
      return places * 25 * channels[level] * channels[level + 1]
    }
    return convolutions.reduce(256 * d, +)
  }

  /// Several runs are a table of the settings in which they differ.
  @Test(.training) func runsAreCompared() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "2", "--run", "a")
      let options = ["--set", "network.latent=7", "--set", "monitoring.preview_count=1"]
      let trained = try shop.object(
        shop.run(["train", "tiny.yaml", "--steps", "1", "--run", "b", "--json"] + options).output)
      let table = try shop.made("info", "a", "b").output.split(separator: "\n").map {
        $0.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
      }
      #expect(table[0] == ["run", "a", "b"])
      #expect(table.contains(["network.latent", "100", "7"]))
      #expect(table.contains(["monitoring.preview_count", "0", "1"]))
      #expect(table.contains(["logged steps", "2", "1"]) && table.count == 7)
      #expect(table.contains { $0[0] == "best score, dB" && $0[1] == "–" && $0[2] != "–" })
      let runs = try #require(try shop.json("info", "a", "b")["runs"] as? [[String: Any]])
      #expect(runs.map { $0["run"] as? String } == ["a", "b"])
      #expect((runs[1]["settings"] as? [String: String])?["network.latent"] == "7")
      // REFERENCE: the sizes of the networks, here at dimension 4 and with a shorter latent.
      let last = try #require(try shop.json("info", "b")["last"] as? [String: Any])
      let generator = 7 * 1024 + 1024 + 25 * (64 * 32 + 32 * 16 + 16 * 8 + 8 * 4 + 4) + 61
      #expect(last["generator_parameters"] as? Int == generator)
      #expect(trained["generator_parameters"] as? Int == generator)
      #expect((trained["settings"] as? [String: String])?["network.latent"] == "7")
      try shop.run(["info", "a", "cache"]).expectError(65, "cache")
      try shop.run(["info", "a", "no"]).expectError(66, "no does not exist")
    }
  }
}
