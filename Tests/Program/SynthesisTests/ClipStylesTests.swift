import Networks
import Safetensors
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// Styles, truncation and noise of clips of a style-based generator.
@Suite struct ClipStylesTests {
  @Test(arguments: ModelKind.allCases)
  func layersHaveTheStylesOfOtherClips(_ kind: ModelKind) throws {
    try withGenerator(kind) { generator, gan in
      let first = ChosenLatents(drawnFor: gan, count: 3, seed: 1)
      let second = ChosenLatents(drawnFor: gan, count: 3, seed: 2)
      let (ofFirst, ofSecond) = (generator.samples(first), generator.samples(second))
      let all = 0...gan.styledLayers - 1
      // All layers, and none: the same bits as with one latent for all layers.
      #expect(
        generator.samples(first.mixed(with: second, layers: all, of: gan)).values
          == ofSecond.values)
      #expect(
        generator.samples(first.mixed(with: first, layers: 1...2, of: gan)).values
          == ofFirst.values)
      // Two ways to the same styles.
      let late = first.mixed(with: second, layers: 3...all.upperBound, of: gan)
      let early = second.mixed(with: first, layers: 0...2, of: gan)
      let mixed = generator.samples(late)
      #expect(mixed.values == generator.samples(early).values)
      #expect(mixed.values != ofFirst.values && mixed.values != ofSecond.values)
      // One clip for all, and a clip alone.
      let single = first.mixed(with: second.selecting([1]), layers: 3...all.upperBound, of: gan)
      let row = mixed.examples(1..<2).values
      #expect(generator.samples(single).examples(1..<2).values == row)
      #expect(generator.samples(late.selecting([1])).values == row)
    }
  }

  @Test func truncationEndsAtTheMeanOfTheLabel() throws {
    try withGenerator(.specgan, labels: true) { generator, gan in
      func samples(_ truncation: Float) -> [[Float]] {
        let chosen = ChosenLatents(drawnFor: gan, count: 12, seed: 1, truncation: truncation)
        let found = generator.samples(chosen)
        return (0..<12).map { found.examples($0..<$0 + 1).values }
      }
      let (whole, half, none) = (samples(1), samples(0.5), samples(0))
      #expect(whole == samples(1) && half != whole)
      // Of ten labels, clips 0 and 10 have the same, and 0 and 1 different ones.
      #expect(none[0] == none[10] && none[0] != none[1] && whole[0] != whole[10])
      for clip in 0..<12 {
        let (near, far) = (
          distance(half[clip], none[clip]), distance(whole[clip], none[clip])
        )
        #expect(near < far, "clip \(clip)")
      }
    }
  }

  private func distance(_ first: [Float], _ second: [Float]) -> Double {
    zip(first, second).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
  }

  @Test func noiseDependsOnTheSeedAndTheNumberOfAClip() throws {
    try withGenerator(.wavegan, noise: 0.5) { generator, gan in
      let chosen = ChosenLatents(drawnFor: gan, numbers: [4, 7], seed: 1)
      func samples(_ numbers: [Int], seed: UInt64) -> Tensor {
        generator.samples(
          ChosenLatents(latents: chosen.latents, numbers: numbers, seed: seed))
      }
      let found = generator.samples(chosen)
      #expect(samples([4, 7], seed: 1).values == found.values)
      #expect(
        samples([4, 8], seed: 1).examples(0..<1).values == found.examples(0..<1).values)
      #expect(
        samples([4, 8], seed: 1).examples(1..<2).values != found.examples(1..<2).values)
      #expect(samples([4, 7], seed: 2).examples(0..<1).values != found.examples(0..<1).values)
    }
  }

  /// Latents of all layers and of single ones can be joined.
  @Test func latentsOfLayersAreJoinedWithOthers() throws {
    try withGenerator(.specgan) { generator, gan in
      let plain = ChosenLatents(drawnFor: gan, count: 2, seed: 1)
      let other = ChosenLatents(drawnFor: gan, count: 2, seed: 2)
      let mixed = plain.mixed(with: other, layers: 1...2, of: gan)
      let expected = generator.samples(plain).values + generator.samples(mixed).values
      #expect(generator.samples(ChosenLatents(joining: [plain, mixed])).values == expected)
      let path = plain.joined(0, with: mixed, 1)
      let size = 128 * 128
      #expect(
        generator.samples(path).values
          == Array(expected[..<size]) + Array(expected[(3 * size)...]))
      let moved = mixed.moved(by: [Float](repeating: 0, count: 7))
      #expect(generator.samples(moved).values == generator.samples(mixed).values)
    }
  }

  /// Files of latents, and recipes, generate the same samples again.
  @Test func filesStoreStylesAndTruncation() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(.specgan, labels: true, noise: 0.5, folder)
      let (gan, generator) = (
        checkpoint.gan, SampleGenerator(checkpoint, engine: Engine(threads: 2))
      )
      let mixed = ChosenLatents(drawnFor: gan, count: 3, seed: 1, truncation: 0.5)
        .mixed(with: ChosenLatents(drawnFor: gan, count: 3, seed: 2), layers: 1...2, of: gan)
      let path = folder.path("latents.safetensors")
      try mixed.contents.write(to: path)
      let read = try ChosenLatents(file: path, for: gan, labels: checkpoint.labels)
      let samples = generator.samples(mixed).values
      #expect(generator.samples(read).values == samples && read.truncations == [0.5, 0.5, 0.5])
      let recipe = ClipRecipe(
        1, of: mixed, by: checkpoint, at: "run", inversion: checkpoint.configuration.inversion)
      #expect(recipe.truncation == 0.5 && recipe.latent.count == 35)
      // Relatives and paths keep the layers.
      let relatives = read.withRelatives(atDistances: [0, 0.5], count: 1)
      #expect(relatives.latents.shape == [9, 5, 7] && relatives.truncations.count == 9)
      #expect(
        generator.samples(relatives.selecting([1])).values == Array(samples[..<(128 * 128)]))
      let path3 = read.interpolated(from: 0, to: 2, count: 3, along: .spherical)
      #expect(path3.latents.shape == [3, 5, 7])
      #expect(
        generator.samples(path3.selecting([0])).values == Array(samples[..<(128 * 128)]))
    }
  }

  private func withGenerator(
    _ kind: ModelKind, labels: Bool = false, noise: Float? = nil,
    _ body: (SampleGenerator, GAN) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(kind, labels: labels, noise: noise, folder)
      try body(SampleGenerator(checkpoint, engine: Engine(threads: 2)), checkpoint.gan)
    }
  }

  /// Returns a checkpoint of step 0 of a style-based generator, with noise of a strength if given.
  private func checkpoint(
    _ kind: ModelKind, labels: Bool = false, noise: Float? = nil, _ folder: TemporaryFolder
  ) throws -> Checkpoint {
    var small = try SmallRun(
      kind, inputs: labels ? [Fixtures.path("audio/digits")] : nil, in: folder)
    small.configuration.network.generator = .styleBased
    small.configuration.network.isConditional = labels
    small.configuration.network.hasNoiseInputs = noise != nil
    try small.train(to: 0)
    let checkpoint = try Checkpoint(path: small.run().checkpointPath(step: 0))
    for (name, slice) in checkpoint.generator.parameters.slices
    where name.hasSuffix("noise/strength") {
      slice.fill(noise ?? 0)
    }
    return checkpoint
  }
}
