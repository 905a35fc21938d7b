import Foundation
import SpecGANDatasets
import SpecGANErrors
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Synchronization
import Testing
import Waveforms

/// Training on random crops.
@Suite struct RandomCropsTests {
  /// Laws 1 and 2; and training differs from that on slices.
  @Test(arguments: ModelKind.allCases)
  func stoppingAndThreadsChangeNoBit(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      var small = try smallRun(kind, folder)
      try small.train("slices", to: 4)
      small.configuration.training.randomCrops = true
      try small.train("once", to: 4)
      try small.train("stopped", to: 1, threads: 1)
      try small.train("stopped", to: 3, resuming: true, threads: 3)
      try small.train("stopped", to: 4, resuming: true)
      #expect(try small.bytes("stopped", step: 4) == small.bytes("once", step: 4))
      #expect(try small.losses("stopped") == small.losses("once"))
      #expect(try small.losses("once") != small.losses("slices"))
    }
  }

  /// The random word of an example equals the oracle's: a function of the seed, the roll-backs, the
  /// critic's update and the index in the batch.
  @Test(arguments: [0, 2]) func chanceIsTheReferences(_ rollBacks: Int) throws {
    let golden = try Golden("crops")
    let name = "roll_backs_\(rollBacks)/words"
    let shape = golden.shape(name)
    var all = Configuration()
    (all.model, all.network.latent, all.network.dimension) = (.wavegan, 2, 1)
    var configuration = TrainingConfiguration()
    configuration.seed = (1 << 40) + 5
    configuration.batchSize = shape[1]
    configuration.criticUpdates = 2
    let spy = Spy(Tensor.random([5, 16_384, 1], seed: 1))
    let trainer = Trainer(
      all.gan(labels: 0), configuration, examples: spy, engine: Engine(threads: 2))
    trainer.rollBacks = rollBacks
    for _ in 0..<shape[0] / 2 { _ = try trainer.takeStep() }
    let expected = try golden.words(name).map { Double($0) * 0x1p-32 }
    let batches = spy.copies.withLock { $0 }
    #expect(batches.count == expected.count)
    for update in 0..<shape[0] {
      let batch = batches[update * shape[1]..<(update + 1) * shape[1]].sorted {
        $0.place < $1.place
      }
      #expect(batch.map(\.place) == Array(0..<shape[1]))
      #expect(batch.map(\.chance) == Array(expected[update * shape[1]..<(update + 1) * shape[1]]))
    }
  }

  @Test func aRunKeepsToItsChoice() throws {
    try withTemporaryFolder { folder in
      var small = try smallRun(.wavegan, folder)
      try small.train(to: 1)
      small.configuration.training.randomCrops = true
      #expect(
        throws: SpecGANError.otherConfiguration(
          run: small.run().path, differences: ["training.random_crops was false and is now true"])
      ) { try small.session(resuming: true) }
    }
  }

  @Test(arguments: ModelKind.allCases)
  func aCacheOfShortSoundsIsRefusedBeforeAnythingIsMade(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(kind, in: folder)
      small.configuration.training.randomCrops = true
      #expect(throws: SpecGANError.noCrops(path: small.cache.path)) {
        try small.session()
      }
      #expect(try !small.run().isStarted)
    }
  }

  /// Two files of several slices, joined from digits, and one that is shorter than a slice.
  private func smallRun(_ kind: ModelKind, _ folder: TemporaryFolder) throws -> SmallRun {
    try FileManager.default.createDirectory(
      atPath: folder.path("in"), withIntermediateDirectories: false)
    for (name, digits) in [
      ("a", ["zero", "one", "two", "three", "four"]), ("b", ["five", "six", "seven", "eight"]),
      ("c", ["nine"]),
    ] {
      let samples = try digits.flatMap { try PCM16.clip("digits/\($0)/flite_slt.wav") }
      try AudioFile.write(
        Waveform(samples: samples, channels: 1, sampleRate: 16_000),
        to: folder.path("in/\(name).wav"), format: .float)
    }
    return try SmallRun(kind, inputs: [folder.path("in")], in: folder)
  }
}

/// Examples that record their calls.
private final class Spy: Examples {
  struct Copy { let place: Int, chance: Double }

  let copies = Mutex<[Copy]>([])
  private let stored: StoredExamples

  init(_ tensor: Tensor) { stored = StoredExamples(tensor) }

  var count: Int { stored.count }
  var shape: [Int] { stored.shape }

  func copy(_ index: Int, chance: Double, to position: Int, of batch: TensorView) {
    copies.withLock { $0.append(Copy(place: position, chance: chance)) }
    stored.copy(index, to: position, of: batch)
  }
}
