import Foundation
import Glibc
import SpecGANTestSupport
import Testing

/// The distributed law for the program: a run has the same bytes at any number of ranks of
/// `mpirun`, also if it is stopped and resumed at another number.
@Suite(.serialized, .ranks, .training) struct RanksTests {
  /// Every kind of state: both optimizers, averages, augmentation, labels, moving statistics, the
  /// vectors of spectral normalization.
  private static let options = [
    [
      "training.average_decay=0.9", "specgan.phase_shuffle=1", "training.augmentation=adaptive",
      "network.conditional=true",
    ],
    [
      "training.loss=rpgan", "network.conditional=true", "training.augmentation=adaptive",
      "network.attention=32",
      "network.generator_normalization=conditional", "network.generator_spectral=true",
      "network.latent=7",
      "training.penalty_interval=2",
    ],
    [
      "model=wavegan", "training.loss=lsgan", "network.generator_normalization=batch",
      "network.critic_normalization=batch", "network.phase_shuffle_per=example",
    ],
    [
      "training.loss=rpgan", "network.conditional=true", "network.generator=style-based",
      "network.noise_inputs=true", "training.style_mixing=0.7", "training.average_decay=0.9",
    ],
    // The four steps are a level, a blend, a level and a blend.
    [
      "network.growing=true", "training.planned_steps=6", "training.growing_share=1",
      "training.average_decay=0.9",
    ],
    [
      "model=wavegan", "training.loss=hinge", "network.critic_normalization=spectral",
      "network.upsampling=low-pass", "network.downsampling=low-pass",
    ],
  ]

  private static let settings = """
    network: {dimension: 2, latent: 5}
    training: {batch_size: 8, shards: 4, critic_updates: 2, checkpoint_steps: 3}
    monitoring: {preview_count: 2, preview_steps: 3, tensorboard: false, report: false}
    inversion: {method: fast}

    """

  @Test(arguments: options) func theRanksDoNotChangeTheBytes(_ options: [String]) throws {
    try withWorkshop { shop in
      let command = try prepare(shop, options)
      let alone = try trained(shop, command, steps: 4) { try shop.run($0 + ["--threads", "2"]) }
      for (ranks, threads) in [(2, 1), (2, 2), (4, 1)] {
        let found = try trained(shop, command, steps: 4) {
          try mpirun(ranks, $0 + ["--threads", "\(threads)"], shop)
        }
        #expect(found == alone, "\(ranks) ranks, \(threads) threads")
      }
    }
  }

  /// Ctrl-C saves and stops; a rank that is killed ends all. Both resume at another number.
  @Test(arguments: [SIGINT, SIGTERM, SIGKILL]) func aStoppedRunResumes(_ number: Int32) throws {
    try withWorkshop { shop in
      let command = try prepare(shop, ["training.checkpoint_steps=2"])
      let program = try launch(2, command, shop)
      let hasCheckpoint = program.wait { Self.lastStep(shop) != nil }
      #expect(hasCheckpoint, "\(program.messages)")
      if number == SIGKILL {
        // One rank alone, which need not be the first one.
        let ranks = try Self.children(of: program.identifier)
        #expect(ranks.count == 2)
        for rank in ranks.suffix(1) { kill(rank, number) }
      } else {
        program.kill(number)
      }
      #expect(program.wait().status != 0)
      let steps = try #require(Self.lastStep(shop)) + 2
      let resumed = try trained(shop, command + ["--resume"], steps: steps) {
        try mpirun(4, $0, shop)
      }
      #expect(try trained(shop, command, steps: steps) { try shop.run($0) } == resumed)
    }
  }

  /// Open MPI passes SIGUSR1 on, and waits.
  @Test func theSignalOfABatchSystemSaves() throws {
    try withWorkshop { shop in
      let command = try prepare(shop, ["training.checkpoint_steps=1000000"])
      let program = try launch(2, command.filter { $0 != "--quiet" }, shop)
      let hasBegun = program.wait { Self.lastStep(shop) != nil }
      #expect(hasBegun, "\(program.messages)")
      program.kill(SIGUSR1)
      let result = program.wait()
      #expect(result.status == 138)
      #expect(result.messages.contains("train run/configuration.yaml --resume"))
    }
  }

  /// The same bytes over a link that is late and loses frames.
  @Test(.enabled(if: geteuid() == 0, "network namespaces need root"))
  func aBadNetworkKeepsTheBytes() throws {
    try withWorkshop { shop in
      try shop.write(Self.settings, as: "tiny.yaml")
      let script = Fixtures.repository + "/tools/benchmark/measure_ranks.py"
      let result = try RunningProgram(
        "/usr/bin/env",
        ["python3", script, Program.path, "tiny.yaml", "cache", "--steps", "3", "--rounds", "1"]
          + ["--json", "alone", "none,20,0.02"], in: shop.folder
      ).wait()
      #expect(result.status == 0, "\(result.messages)")
      let lines = try result.output.split(separator: "\n").map { line in
        try JSONDecoder().decode(Setup.self, from: Data(line.utf8))
      }
      #expect(lines.map(\.sha256.count) == [1, 1] && lines[0].sha256 == lines[1].sha256)
      // The critic's gradient of 17,625 values twice, and the generator's of 20,153, in each step.
      #expect(lines[0].sentBytes == 0 && lines[1].sentBytes > 221_000, "\(result.output)")
    }
  }

  /// A line of the script.
  private struct Setup: Decodable {
    let sha256: [String]
    let sentBytes: Double

    enum CodingKeys: String, CodingKey {
      case sha256
      case sentBytes = "sent_bytes"
    }
  }

  /// A rank that stops without an end, the first one or another, is named by those that wait.
  @Test(arguments: [0, 1]) func aSilentRankIsNamed(_ index: Int) throws {
    try withWorkshop { shop in
      let command = try prepare(shop, ["training.checkpoint_steps=2"])
      let program = try launch(2, command + ["--steps", "1000", "--rank-patience", "2"], shop)
      let hasCheckpoint = program.wait { Self.lastStep(shop) != nil }
      #expect(hasCheckpoint, "\(program.messages)")
      let ranks = try Self.children(of: program.identifier)
      try #require(ranks.count == 2)
      kill(ranks[index], SIGSTOP)
      let result = program.wait()
      kill(ranks[index], SIGCONT)
      #expect(result.status == 75, "\(result.messages)")
      #expect(result.messages.contains("rank \(index) has not answered for 2 s"))
    }
  }

  /// A rank that never comes, because its machine or its program does not start.
  @Test func aRankThatDoesNotStartEndsAll() throws {
    try withWorkshop { shop in
      let command = try prepare(shop, ["training.checkpoint_steps=2"])
      let absent = ["--rank-patience", "1", ":", "-np", "1", "/bin/sleep", "100"]
      let result = try mpirun(1, command + absent, shop)
      #expect(result.status == 75, "\(result.messages)")
      #expect(result.messages.contains("MPI has not started within 10 s"), "\(result.messages)")
    }
  }

  @Test func ranksThatCannotTrainTogetherAreNamed() throws {
    try withWorkshop { shop in
      let command = try prepare(shop, [])
      func expect(_ status: Int32, _ word: String, _ result: ProgramResult) {
        #expect(result.status == status, "\(result.messages)")
        #expect(result.messages.components(separatedBy: "Error: ").count == 2)
        #expect(result.messages.contains(word), "\(result.messages)")
      }
      expect(65, "the number of ranks is 3", try mpirun(3, command, shop))
      expect(65, "--set training.shards=N", try mpirun(8, command, shop))
      let twice = command + [":", "-np", "1", Program.path] + command + ["--run", "second"]
      expect(75, "rank 1: its command is for tiny.yaml --run second", try mpirun(1, twice, shop))
      let other = ["train", "tiny.yaml", "--threads", "1", "--cache"]
      try shop.made("preprocess", "sounds/one", "--output", "other", "--config", "tiny.yaml")
      let caches = [("nowhere", "rank 1: nowhere"), ("other", "rank 1: other has the fingerprint")]
      for (cache, words) in caches {
        let second = [":", "-np", "1", Program.path] + other + [cache]
        expect(75, words, try mpirun(1, command + second, shop))
        #expect(try !shop.names(in: "").contains("run"))
      }
      let preprocess = ["preprocess", "sounds/one", "--output", "third", "--config", "tiny.yaml"]
      expect(64, "only train uses several", try mpirun(2, preprocess, shop))
      expect(64, "only train uses several", try mpirun(2, ["info", "cache"], shop))
      // If only the second rank is refused, the first one does not wait for it.
      let mixed = command + [":", "-np", "1", Program.path] + preprocess
      expect(64, "only train uses several", try mpirun(1, mixed, shop))
      #expect(try !shop.names(in: "").contains("third"))
      // The first rank fails alone, and the others end.
      try shop.makeFolder("run/checkpoints")
      try shop.write("{}", as: "run/configuration.yaml")
      expect(73, "already contains a run", try mpirun(2, command, shop))
    }
  }

  // MARK: - Ranks

  /// Writes the configuration of a run with `options`, and returns the command that trains it.
  private func prepare(_ shop: Workshop, _ options: [String]) throws -> [String] {
    try shop.write(Self.settings, as: "tiny.yaml")
    return ["train", "tiny.yaml", "--quiet"] + options.flatMap { ["--set", $0] }
  }

  /// Returns the bytes of the checkpoint after `steps` steps of a new run.
  private func trained(
    _ shop: Workshop, _ command: [String], steps: Int, by run: ([String]) throws -> ProgramResult
  ) throws -> [UInt8] {
    let result = try run(command + ["--steps", "\(steps)"])
    #expect(result.status == 0, "\(result.messages)")
    let number = String(repeating: "0", count: 8 - "\(steps)".count) + "\(steps)"
    let bytes = try shop.folder.bytes(of: "run/checkpoints/step-\(number).safetensors")
    try shop.remove("run")
    return bytes
  }

  private func mpirun(
    _ ranks: Int, _ arguments: [String], _ shop: Workshop
  ) throws -> ProgramResult {
    try launch(ranks, arguments, shop).wait()
  }

  private func launch(
    _ ranks: Int, _ arguments: [String], _ shop: Workshop
  ) throws -> RunningProgram {
    // As root, and with more ranks than processors.
    let launcher = ["mpirun.openmpi", "--allow-run-as-root", "--oversubscribe"]
    return try RunningProgram(
      "/usr/bin/env",
      launcher + ["--bind-to", "none", "-np", "\(ranks)", Program.path] + arguments, in: shop.folder
    )
  }

  /// Returns the step of the last checkpoint; nil if there is none.
  private static func lastStep(_ shop: Workshop) -> Int? {
    ((try? shop.names(in: "run/checkpoints")) ?? []).compactMap { name in
      guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst(5).dropLast(12))
    }.max()
  }

  /// Returns the processes that `process` has started.
  private static func children(of process: pid_t) throws -> [pid_t] {
    let text = try String(
      contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
    return text.split(separator: " ").compactMap { pid_t($0) }
  }
}
