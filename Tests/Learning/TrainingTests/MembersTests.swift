import Foundation
import Networks
import SpecGANDatasets
import SpecGANModels
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Synchronization
import Testing

/// The distributed law: the shards decide the bits of a run, not the members and threads that
/// compute them.
@Suite struct MembersTests {
  @Test(arguments: Subject.allCases)
  private func anyNumberOfMembersTrainsTheSame(_ subject: Subject) throws {
    let alone = try subject.trained(shards: 4)
    #expect(try subject.trained(shards: 4, threads: 3) == alone)
    for count in [2, 4] {
      let members = try together(count) { try subject.trained(shards: 4, members: $0) }
      for (index, found) in members.enumerated() {
        #expect(found == alone, "member \(index) of \(count)")
      }
    }
  }

  /// Returns the results of `body` for `count` members, each in a thread of its own.
  private func together(
    _ count: Int, _ body: @escaping @Sendable (ThreadMember) throws -> Trained
  ) throws -> [Trained] {
    let board = Board(count)
    let results = Mutex([Int: Result<Trained, any Error>]())
    let threads = (0..<count).map { index in
      Thread {
        let found = Result { try body(ThreadMember(board, index)) }
        results.withLock { $0[index] = found }
      }
    }
    for thread in threads { thread.start() }
    while !threads.allSatisfy(\.isFinished) { usleep(1_000) }
    return try (0..<count).map { index in
      try #require(results.withLock { $0[index] }).get()
    }
  }

  /// Shards change only the order of additions, and so losses and statistics only by roundings.
  @Test(arguments: Subject.allCases)
  private func shardsChangeRoundingsOnly(_ subject: Subject) throws {
    let (one, four) = (try subject.trained(shards: 1), try subject.trained(shards: 4))
    #expect(one != four)
    for (name, values, others) in [
      ("losses", one.losses, four.losses), ("statistics", one.statistics, four.statistics),
    ] {
      for (value, other) in zip(values, others) {
        // Two updates amplify roundings of 1e-7; a wrong sum differs by its own size.
        #expect(abs(value - other) <= 1e-3 * max(abs(value), 1), "\(name): \(value), \(other)")
      }
    }
  }

  /// While members add up the critic's gradient, they generate the next batch, unless the generator
  /// has batch normalization.
  @Test(arguments: Subject.allCases)
  private func theNextBatchIsGeneratedMeanwhile(_ subject: Subject) throws {
    let counts = Mutex([Int]())
    _ = try together(2) { member in
      let place = CountingPlace(try subject.place(shards: 2, members: member))
      let trainer = Trainer(at: place, labels: subject.labels)
      var losses = StepLosses()
      try trainer.updateCritic(0, &losses)
      try trainer.updateCritic(1, &losses)
      try trainer.updateGenerator(&losses)
      counts.withLock { $0 += [place.generatedMeanwhile, place.generated] }
      return Trained(trainer, losses: [])
    }
    let isNormalized = [.batchNormalization, .conditionalNormalization].contains(subject)
    let expected = isNormalized ? [0, 3] : [2, 3]
    #expect(counts.withLock { $0 } == expected + expected)
  }

  /// A loss that diverges does so for all members, whose messages stay in step.
  @Test func membersDivergeTogether() throws {
    @Sendable func diverge(_ trainer: Trainer) throws {
      let start = try Subject.pairs.trainer(shards: 4)
      #expect(throws: Divergence.self) { _ = try trainer.takeStep() }
      trainer.restore(
        generator: start.generatorState, critic: start.criticState, step: 0, rollBacks: 0)
      trainer.rollBacks = 1
      #expect(throws: Divergence.self) { _ = try trainer.takeStep() }
      trainer.restart()
    }
    let alone = try Subject.pairs.trainer(shards: 4, largestLoss: 1e-6)
    try diverge(alone)
    let members = try together(2) { member in
      let trainer = try Subject.pairs.trainer(shards: 4, members: member, largestLoss: 1e-6)
      if member.index > 0 {
        trainer.follow()
      } else {
        try diverge(trainer)
        Trainer.dismiss(member)
      }
      return Trained(trainer, losses: [])
    }
    for found in members { #expect(found == Trained(alone, losses: [])) }
  }

  /// The other members follow the first one: through steps, a restored state, another branch of
  /// random draws and a restart.
  @Test func theOthersFollowTheFirst() throws {
    let alone = try Subject.pairs.trainer(shards: 4)
    try Self.train(alone)
    let members = try together(2) { member in
      let trainer = try Subject.pairs.trainer(shards: 4, members: member)
      if member.index > 0 {
        trainer.follow()
      } else {
        trainer.restart()
        try Self.train(trainer)
        Trainer.dismiss(member)
      }
      return Trained(trainer, losses: [])
    }
    for found in members { #expect(found == Trained(alone, losses: [])) }
  }

  /// A change of any part of a member's states, as by a fault of its memory, is found.
  @Test(arguments: Subject.allCases)
  private func aMemberWithAnotherStateIsFound(_ subject: Subject) throws {
    let count = try subject.trainer(shards: 4).allParts.count
    #expect(count > 4)
    for (faulty, members, expected) in [(2, 4, [2]), (0, 4, [0]), (1, 2, [])] {
      let found = Mutex([[Int]?]())
      _ = try together(members) { member in
        let trainer = try subject.trainer(shards: 4, members: member)
        for part in 0..<count {
          if member.index == faulty {
            trainer.allParts[part].block.view.withMutableSpan { $0[$0.count - 1] += 1 }
          }
          if member.index > 0 {
            trainer.follow()
          } else {
            found.withLock { $0.append(trainer.unequalMembers()) }
            trainer.restart()
            found.withLock { $0.append(trainer.unequalMembers()) }
            Trainer.dismiss(member)
          }
        }
        return Trained(trainer, losses: [])
      }
      #expect(found.withLock { $0 } == (0..<count).flatMap { _ in [expected, nil] })
    }
    #expect(try subject.trainer(shards: 4).unequalMembers() == nil)
  }

  private static func train(_ trainer: Trainer) throws {
    let start = try Subject.pairs.trainer(shards: 4)
    _ = try start.takeStep()
    _ = try trainer.takeStep()
    trainer.restore(
      generator: start.generatorState, critic: start.criticState, step: 1, rollBacks: 0)
    trainer.rollBacks = 1
    _ = try trainer.takeStep()
  }

  /// The tree of four parts is (a + b) + (c + d): with the parts 10⁸, 1, −10⁸ and 1 in single
  /// precision this is 0, and ((a + b) + c) + d would be 1.
  @Test func partsAreAddedInATree() {
    var layout = ParameterLayout()
    _ = layout.append("x", shape: [1])
    let parts = [1e8, 1, -1e8, 1].map { (value: Float) in
      let part = Parameters(layout)
      part.block.fill(value)
      return part
    }
    SumTree.addUp(parts, on: Engine(threads: 2))
    #expect(parts.map { $0.block.values } == [[0], [0], [0], [0]])
    let sums = SumTree.sums(of: [[1e17, 1], [1, 2], [-1e17, 3], [1, 4]])
    #expect(sums == [0, 10])
    #expect(SumTree.sums(of: [[5]]) == [5])
  }
}

/// Networks and losses with every kind of sum over examples.
private enum Subject: String, CaseIterable {
  case published, wavegan, pairs, batchNormalization, spectralNormalization, shiftsOfExamples
  case attention, conditionalNormalization, spectralGenerator, lowPass, styles, growing

  /// Trains for two steps, and returns the state.
  func trained(
    shards: Int, threads: Int = 1, members: (any Members)? = nil
  ) throws -> Trained {
    let trainer = try trainer(shards: shards, threads: threads, members: members)
    // Without instructions: each member takes its steps.
    let losses = try (0..<2).map { _ in
      var losses = StepLosses()
      for update in 0..<trainer.configuration.criticUpdates {
        try trainer.updateCritic(update, &losses)
      }
      try trainer.updateGenerator(&losses)
      trainer.step += 1
      return losses
    }
    return Trained(
      trainer, losses: losses.flatMap { [$0.criticLoss, $0.wasserstein, $0.generatorLoss] })
  }

  /// The labels of the examples.
  var labels: [Int] {
    [.pairs, .conditionalNormalization, .styles].contains(self) ? (0..<12).map { $0 % 3 } : []
  }

  /// Returns a trainer at step 0.
  func trainer(
    shards: Int, threads: Int = 1, members: (any Members)? = nil,
    largestLoss: Float = RecoveryConfiguration().largestLoss
  ) throws -> Trainer {
    Trainer(
      at: try place(shards: shards, threads: threads, members: members), largestLoss: largestLoss,
      labels: labels)
  }

  /// Returns a place at step 0.
  func place(
    shards: Int, threads: Int = 1, members: (any Members)? = nil
  ) throws -> LocalPlace {
    var network = NetworkConfiguration()
    var (specgan, wavegan) = (SpecGANConfiguration(), WaveGANConfiguration())
    (network.latent, network.dimension) = (7, 2)
    (specgan.frames, specgan.bins, specgan.phaseShuffle) = (64, 64, 1)
    wavegan.phaseShuffle = 2
    var training = TrainingConfiguration()
    (training.batchSize, training.criticUpdates, training.shards) = (8, 2, shards)
    training.learningRate = 1e-3
    var kind = ModelKind.specgan
    switch self {
    case .published: training.averageDecay = 0.5
    case .wavegan: kind = .wavegan
    case .pairs:
      (training.loss, training.penaltyInterval) = (.relativisticPairs, 2)
      network.isConditional = true
      network.attention = 16
    case .batchNormalization:
      (network.generatorNormalization, network.criticNormalization) = (.batch, .batch)
      (training.loss, training.optimizer) = (.leastSquares, .rmsProp)
    case .spectralNormalization:
      network.criticNormalization = .spectral
      training.loss = .hinge
    case .shiftsOfExamples: network.phaseShufflePer = .example
    case .attention: network.attention = 16
    case .conditionalNormalization:
      network.isConditional = true
      (network.generatorNormalization, network.generatorIsSpectral) = (.conditional, true)
      (network.projection, network.criticNormalization) = (.separate, .spectral)
      (training.loss, training.optimizer) = (.hinge, .rmsProp)
    case .spectralGenerator: network.generatorIsSpectral = true
    case .styles:
      (network.generator, network.hasNoiseInputs) = (.styleBased, true)
      network.isConditional = true
      (training.loss, training.styleMixing) = (.relativisticPairs, 0.6)
    case .lowPass: (network.upsampling, network.downsampling) = (.lowPass, .lowPass)
    case .growing:
      network.isGrowing = true
      // The second step is a blend of the first two levels.
      (training.plannedSteps, training.growingShare) = (4, 1)
      training.averageDecay = 0.5
    }
    let gan = GAN.model(
      kind, network, specgan, wavegan, labels: (labels.max() ?? -1) + 1)
    let numbers = randomNumbers(12 * gan.sampleShape.reduce(1, *), seed: 3)
    let examples = Tensor(shape: [12] + gan.sampleShape, numbers)
    return LocalPlace(
      gan, training, examples: StoredExamples(examples), members: members,
      engine: Engine(threads: threads))
  }
}

extension Trainer {
  /// All parts of both states that have values.
  fileprivate var allParts: [Parameters] {
    [generatorState, criticState].flatMap { state in
      state.parts.map(\.parameters).filter { $0.layout.count > 0 }
    }
  }
}

/// A place that counts the batches that it generates.
private final class CountingPlace: TrainingPlace {
  private let place: LocalPlace
  private(set) var generated = 0
  private(set) var generatedMeanwhile = 0

  init(_ place: LocalPlace) { self.place = place }

  var gan: GAN { place.gan }
  var configuration: TrainingConfiguration { place.configuration }
  var examples: any Examples { place.examples }
  var members: (any Members)? { place.members }
  var generatorState: NetworkState { place.generatorState }
  var criticState: NetworkState { place.criticState }
  var hasTimeToGenerate: Bool { place.hasTimeToGenerate }

  func restart() { place.restart() }
  func restore(generator: NetworkState, critic: NetworkState) {
    place.restore(generator: generator, critic: critic)
  }
  func generate(_ input: GeneratorInput) {
    generated += 1
    place.generate(input)
  }
  func criticLosses(_ input: CriticInput, meanwhile body: () -> Void) -> StepLosses {
    place.criticLosses(input) {
      let before = generated
      body()
      generatedMeanwhile += generated - before
    }
  }
  func criticMean(of input: CriticInput) -> Float { place.criticMean(of: input) }
  func grow(to stage: GrowthStage) { place.grow(to: stage) }
  func updateCritic(_ number: UpdateNumber, rate: Float) { place.updateCritic(number, rate: rate) }
  func generatorLoss(
    labels: [Int], shifts: PhaseShifts, augmentations: [AugmentationDraw]
  ) -> (loss: Float, gradientNorm: Float) {
    place.generatorLoss(labels: labels, shifts: shifts, augmentations: augmentations)
  }
  func updateGenerator(_ number: UpdateNumber, rate: Float) {
    place.updateGenerator(number, rate: rate)
  }
}

/// The result of a training.
private struct Trained: Equatable {
  let losses, statistics: [Float]
  /// All parts of both states.
  let all: [[Float]]

  init(_ trainer: Trainer, losses: [Float]) {
    let states = [trainer.generatorState, trainer.criticState]
    self.losses = losses
    statistics = states.flatMap { $0.statistics.block.values }
    all = states.flatMap { state in state.parts.map { $0.parameters.block.values } }
  }
}

// MARK: - Members

/// The values of the members in each round, which all wait for.
private final class Board: @unchecked Sendable {  // fields are touched under `condition` only
  private let condition = NSCondition()
  private let count: Int
  private var rounds: [Int: [Int: [any Sendable]]] = [:]

  init(_ count: Int) { self.count = count }

  var size: Int { count }

  /// Returns the values of all members in round `round`, when they are there.
  func exchange<Value: Sendable>(_ values: [Value], of index: Int, round: Int) -> [[Value]] {
    condition.lock()
    defer { condition.unlock() }
    rounds[round, default: [:]][index] = values
    condition.broadcast()
    while (rounds[round]?.count ?? 0) < count { condition.wait() }
    return (0..<count).map { rounds[round]?[$0] as? [Value] ?? [] }
  }
}

/// A member of a run whose members are threads.
private final class ThreadMember: Members, @unchecked Sendable {  // one thread each
  let index: Int
  private let board: Board
  private var round = 0
  /// Whether this member does something else while its sums are added.
  private var isAway = false

  init(_ board: Board, _ index: Int) { (self.board, self.index) = (board, index) }

  var count: Int { board.size }
  var availableMemory: Int? { nil }

  private func exchange<Value: Sendable>(_ values: [Value]) -> [[Value]] {
    #expect(!isAway, "members exchange one thing at a time")
    defer { round += 1 }
    return board.exchange(values, of: index, round: round)
  }

  func addUp(_ sums: inout [Double]) { sums = SumTree.sums(of: exchange(sums)) }

  func addUp(_ values: TensorView, meanwhile body: () -> Void) {
    // What `body` does must not depend on the values, nor change them.
    let own = values.values
    values.fill(.nan)
    isAway = true
    body()
    isAway = false
    values.withMutableSpan { span in
      for index in span.indices { span[index] = own[index] }
    }
    addUp(values)
  }

  func addUp(_ values: TensorView) {
    var parts = exchange(values.values)
    // In single precision, as members do.
    while parts.count > 1 {
      parts = stride(from: 0, to: parts.count, by: 2).map { first in
        zip(parts[first], parts[first + 1]).map { $0 + $1 }
      }
    }
    values.withMutableSpan { span in
      for index in span.indices { span[index] = parts[0][index] }
    }
  }

  func gather<Value: BitwiseCopyable & Sendable>(_ values: [Value]) -> [Value] {
    exchange(values).flatMap(\.self)
  }

  func share(_ bytes: [UInt8]) -> [UInt8] { exchange(bytes)[0] }

  func share(_ values: TensorView) {
    let first = exchange(values.values)[0]
    values.withMutableSpan { span in
      for index in span.indices { span[index] = first[index] }
    }
  }
}
