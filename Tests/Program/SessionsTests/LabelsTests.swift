import Foundation
import Safetensors
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
import Testing

/// Conditional networks, compared with unconditional ones: the effect of a label is known exactly.
@Suite struct LabelsTests {
  /// Laws 1 and 2.
  @Test(.training, arguments: ModelKind.allCases)
  func stoppingAndThreadsChangeNoBit(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(kind, inputs: [Fixtures.path("audio/digits")], in: folder)
      small.configuration.network.isConditional = true
      small.configuration.monitoring.previewCount = 2
      try small.train("once", to: 3)
      for stop in [1, 2] {
        try small.train("at \(stop)", to: stop, threads: 1)
        try small.train("at \(stop)", to: 3, resuming: true, threads: 3)
        #expect(try small.bytes("at \(stop)", step: 3) == small.bytes("once", step: 3))
        #expect(try small.losses("at \(stop)") == small.losses("once"))
      }
      let checkpoint = try Checkpoint(path: small.run("once").checkpointPath(step: 3))
      #expect(checkpoint.labels.count == 10 && checkpoint.gan.labelCount == 10)
    }
  }

  /// A checkpoint of the same clips with other label names, or with more labels than in training.
  @Test(arguments: [false, true])
  func aCheckpointOfOtherLabelsDoesNotGoOn(_ hasMore: Bool) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.wavegan, inputs: [Fixtures.path("audio/digits")], in: folder)
      small.configuration.network.isConditional = true
      try small.train(to: 1)
      let path = small.run().checkpointPath(step: 1)
      var parts = try CheckpointParts(path).withoutChecksums()
      let names = small.cache.labels
      let others = hasMore ? names + ["more"] : names.reversed()
      parts.metadata["labels"] = "[\"" + others.joined(separator: "\",\"") + "\"]"
      if hasMore {
        for (name, axis) in [
          ("G/z_project/dense/kernel", 0), ("D/output/dense/kernel", 1), ("D/output/dense/bias", 0),
        ] {
          parts.widen(name, along: axis)
        }
      }
      _ = try parts.write(to: folder, as: "run/checkpoints/step-00000001.safetensors")
      #expect(
        throws: SpecGANError.otherCache(
          run: small.run().path, fingerprint: small.cache.fingerprint, cache: small.cache.path,
          found: small.cache.fingerprint)
      ) { try small.session(resuming: true) }
    }
  }

  /// A cache is not read completely before a run begins, so damage may be found late.
  @Test func aLabelWithoutANameIsDamage() throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.wavegan, inputs: [Fixtures.path("audio/digits")], in: folder)
      small.configuration.network.isConditional = true
      let path = "\(small.cache.path)/slices-00000.safetensors"
      let offset = try #require(try SafetensorsFile(path: path).offset(of: "labels"))
      let handle = try FileHandle(forUpdating: URL(filePath: path))
      try handle.seek(toOffset: UInt64(offset))
      try handle.write(contentsOf: Data([77, 0, 0, 0]))
      try handle.close()
      let error = try #require(throws: SpecGANError.self) { try small.session() }
      #expect(error.code == "datasets.damaged" && error.path == small.cache.path + "/cache.json")
    }
  }

  /// Rows of zeros after the latents' rows do not change a clip; other rows change the first layer
  /// like a bias.
  @Test(arguments: ModelKind.allCases)
  func aLabelsRowIsABias(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let (plain, shifted, labelled) = try checkpoints(kind, folder)
      let engine = Engine(threads: 2)
      let latents = ChosenLatents(drawnFor: labelled.gan, count: 7, seed: 2)
      #expect(latents.labels.map(\.index) == [0, 1, 2, 0, 1, 2, 0])
      let found = SampleGenerator(labelled, engine: engine)
        .samples(latents.latents, labels: latents.labels)
      let samples = [plain, shifted].map {
        SampleGenerator($0, engine: engine).samples(latents.latents)
      }
      for (index, label) in latents.labels.enumerated() {
        let expected = samples[label.index == 1 ? 1 : 0].examples(index..<index + 1).values
        // A sum of as many terms, in another order; the other layers propagate the difference.
        expectClose(
          found.examples(index..<index + 1).values, expected, terms: 5 * 25 * 32, "sound \(index)")
      }
      #expect(samples[0].values != samples[1].values)
    }
  }

  /// A critic whose second value is twice its first, and whose third is a constant.
  @Test(arguments: ModelKind.allCases)
  func scoresAreThoseOfTheLabel(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let (plain, _, labelled) = try checkpoints(kind, folder)
      let engine = Engine(threads: 2)
      let samples = Tensor.random([18] + plain.gan.sampleShape, seed: 3)
      let labels = (0..<18).map { $0 % 3 }
      let expected = CriticScorer(plain, engine: engine).scores(samples)
      let found = CriticScorer(labelled, engine: engine).scores(
        samples, labels: labels.map { LabelMix($0, of: 3) })
      let factors = labels.map { Float([1, 2, 0][$0]) }
      let values = zip(expected.values, zip(factors, labels)).map { value, other in
        other.0 * value + Float([0, 0, 0.75][other.1])
      }
      expectClose(found.values, values, terms: 256 * 2, scale: 1)
      let norms = zip(expected.gradientNorms, factors).map { $0 * $1 }
      expectClose(found.gradientNorms, norms, terms: 256 * 2)
      // A quarter of the first, half of the second and a quarter of the third.
      let mix = try #require(LabelMix([1, 2, 1]))
      let mixed = CriticScorer(labelled, engine: engine).scores(
        samples, labels: [LabelMix](repeating: mix, count: 18))
      expectClose(
        mixed.values, expected.values.map { 1.25 * $0 + 0.75 / 4 }, terms: 256 * 2, scale: 1)
      expectClose(
        mixed.gradientNorms, expected.gradientNorms.map { 1.25 * $0 }, terms: 256 * 2)
    }
  }

  @Test func mixturesHaveWeightsThatSumToOne() {
    #expect(LabelMix([1, 3])?.weights == [0.25, 0.75])
    #expect(LabelMix([0, 2])?.index == 1 && LabelMix([1, 1])?.index == nil)
    #expect(LabelMix([1, 3, 3])?.dominant == 1 && LabelMix(2, of: 3).dominant == 2)
    #expect(LabelMix([3, 0, 1])?.text(["a", "b", "c"]) == "a=0.75,c=0.25")
    #expect(LabelMix(1, of: 2).text(["a", "b"]) == "b")
    for weights: [Float] in [[], [0, 0], [-1, 2], [.nan, 1], [.infinity, 1], [3e38, 3e38]] {
      #expect(LabelMix(weights) == nil, "\(weights)")
    }
  }

  /// A checkpoint without labels; the same with a changed bias; and one with three labels.
  private func checkpoints(
    _ kind: ModelKind, _ folder: TemporaryFolder
  ) throws -> (plain: Checkpoint, shifted: Checkpoint, labelled: Checkpoint) {
    let small = try SmallRun(kind, in: folder)
    try small.train(to: 1)
    var plain = try CheckpointParts(small.run().checkpointPath(step: 1)).withoutChecksums()
    // The critic's bias is zero, so that its output scales with factors.
    plain.change("D/output/dense/bias") { _, values in ([1], values.map { _ in 0 }) }
    var (shifted, labelled) = (plain, plain)
    let width = plain.values("G/z_project/dense/bias").count
    let row = randomNumbers(width, seed: 8)
    shifted.change("G/z_project/dense/bias") { shape, values in
      (shape, zip(values, row).map { $0 + $1 })
    }
    labelled.metadata["labels"] = "[\"a\",\"b\",\"c\"]"
    labelled.metadata["configuration"] = labelled.metadata["configuration"]?
      .replacing("conditional: false", with: "conditional: true")
    let zeros = [Float](repeating: 0, count: width)
    labelled.change("G/z_project/dense/kernel") { shape, values in
      ([shape[0] + 3, width], values + zeros + row + zeros)
    }
    labelled.change("D/output/dense/kernel") { shape, values in
      ([shape[0], 3], values.flatMap { [$0, 2 * $0, 0] })
    }
    labelled.change("D/output/dense/bias") { _, _ in ([3], [0, 0, 0.75]) }
    return (
      try Checkpoint(path: plain.write(to: folder, as: "plain.safetensors")),
      try Checkpoint(path: shifted.write(to: folder, as: "shifted.safetensors")),
      try Checkpoint(path: labelled.write(to: folder, as: "labelled.safetensors"))
    )
  }
}

extension CheckpointParts {
  /// Returns the values of the tensor `name`.
  fileprivate func values(_ name: String) -> [Float] {
    tensors.first { $0.name == name }?.values ?? []
  }

  /// Appends zeros to the tensor `name` and its slots, one index along `axis`.
  fileprivate mutating func widen(_ name: String, along axis: Int) {
    for index in tensors.indices where tensors[index].name.hasPrefix(name) {
      var (shape, values) = (tensors[index].shape, tensors[index].values)
      let row = shape.dropFirst(axis + 1).reduce(1, *)
      let block = row * shape[axis]
      values = stride(from: 0, to: values.count, by: block).flatMap {
        values[$0..<$0 + block] + [Float](repeating: 0, count: row)
      }
      shape[axis] += 1
      tensors[index] = (tensors[index].name, shape, values)
    }
  }

  /// Replaces the tensor `name` by the result of `change`, and removes its optimizer slots.
  fileprivate mutating func change(
    _ name: String, _ change: (_ shape: [Int], _ values: [Float]) -> ([Int], [Float])
  ) {
    tensors.removeAll { $0.name.hasPrefix(name + "/") }
    for index in tensors.indices where tensors[index].name == name {
      let (shape, values) = change(tensors[index].shape, tensors[index].values)
      tensors[index] = (name, shape, values)
    }
  }
}
