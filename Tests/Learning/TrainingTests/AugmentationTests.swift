import Foundation
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Spectra
import Testing

/// Augmentations and the way back, compared with automatic differentiation in double precision.
@Suite struct AugmentationTests {
  private let golden: Golden

  init() throws { golden = try Golden("augmentation") }

  private func draws(_ probability: Float? = nil) throws -> [AugmentationDraw] {
    let numbers = try golden.floats("draws")
    let known = try #require(golden.metadata["probability"].flatMap(Float.init))
    return stride(from: 0, to: numbers.count, by: AugmentationDraw.count).map {
      AugmentationDraw(
        SIMD16(numbers[$0..<$0 + AugmentationDraw.count]), probability: probability ?? known)
    }
  }

  private func augmenter(_ name: String) throws -> any Augmenter {
    let shape = try golden.tensor("\(name)/example").shape
    if name == "waveform" { return WaveformAugmenter(length: shape[1], channels: shape[2]) }
    var configuration = SpectrogramConfiguration(frameLength: 2 * shape[2], frameStep: shape[2])
    configuration.logFloor = 1e-2
    let moments = try Moments(mean: golden.floats("mean"), deviation: golden.floats("deviation"))
    return PictureAugmenter(
      frames: shape[1], try PictureCodec(configuration: configuration, moments: [moments]))
  }

  /// Both channels have the transformation that each would have alone, with its own moments.
  @Test func channelsAreTransformedAlike() throws {
    let configuration = SpectrogramConfiguration(
      frameLength: 64, frameStep: 32, logFloor: 1e-2)
    let bins = configuration.binCount
    let moments = try [2, 3].map { (seed: UInt64) in
      try Moments(
        mean: randomNumbers(bins, seed: seed).map { 2 * $0 - 2 },
        deviation: randomNumbers(bins, seed: seed + 2).map { 0.75 + 0.25 * $0 })
    }
    func augmenter(_ moments: [Moments]) throws -> PictureAugmenter {
      PictureAugmenter(
        frames: 32, try PictureCodec(configuration: configuration, moments: moments))
    }
    let examples = [6, 7].map { (seed: UInt64) in randomNumbers(32 * 32, seed: seed) }
    let both = try augmenter(moments)
    for draw in try draws() {
      let shape = [1, 32, 32, 2]
      let (result, back) = (Tensor(shape: shape), Tensor(shape: shape))
      let stereo = Tensor(shape: shape, examples.interleaved)
      both.apply(draw, to: stereo.view, into: result.view)
      both.pullBack(draw, of: stereo.view, cotangent: stereo.view, into: back.view)
      for channel in 0..<2 {
        let one = try augmenter([moments[channel]])
        let example = Tensor(shape: [1, 32, 32, 1], examples[channel])
        let (expected, expectedBack) = (Tensor(shape: example.shape), Tensor(shape: example.shape))
        one.apply(draw, to: example.view, into: expected.view)
        one.pullBack(draw, of: example.view, cotangent: example.view, into: expectedBack.view)
        #expect(result.values.span.channel(channel, of: 2) == expected.values)
        #expect(back.values.span.channel(channel, of: 2) == expectedBack.values)
      }
    }
  }

  /// Values reach 3 and lose some roundings in exponentials and logarithms of up to 5: 10⁻⁵. Slopes
  /// of up to 4, of cotangents of up to 1, lose a few more.
  @Test(arguments: ["picture", "waveform"]) func bothWaysEqualPyTorchs(_ name: String) throws {
    let (example, cotangent) = try (
      golden.tensor("\(name)/example"), golden.tensor("\(name)/cotangent")
    )
    let (result, back) = (Tensor(shape: example.shape), Tensor(shape: example.shape))
    let augmenter = try augmenter(name)
    for (index, draw) in try draws().enumerated() {
      let place = index..<index + 1
      augmenter.apply(draw, to: example.examples(place), into: result.examples(place))
      augmenter.pullBack(
        draw, of: example.examples(place), cotangent: cotangent.examples(place),
        into: back.examples(place))
    }
    try expectWithin(1e-5, result.values, golden.floats("\(name)/result"))
    try expectWithin(2e-5, back.values, golden.floats("\(name)/back"))
  }

  @Test(arguments: ["picture", "waveform"]) func aProbabilityOfZeroChangesNothing(
    _ name: String
  ) throws {
    let example = try golden.tensor("\(name)/example")
    let (result, back) = (Tensor(shape: example.shape), Tensor(shape: example.shape))
    let augmenter = try augmenter(name)
    for (index, draw) in try draws(0).enumerated() {
      let place = index..<index + 1
      augmenter.apply(draw, to: example.examples(place), into: result.examples(place))
      augmenter.pullBack(
        draw, of: example.examples(place), cotangent: example.examples(place),
        into: back.examples(place))
    }
    #expect(result.values == example.values && back.values == example.values)
  }

  /// It rises by the examples of four updates over 20,000 while the critic is right about most, and
  /// falls otherwise.
  @Test func theProbabilityAdapts() {
    var state = AugmentationState()
    for _ in 0..<4 { state.adapt(to: -1, examples: 100, largest: 0.5) }
    #expect(state == AugmentationState())
    for _ in 0..<8 { state.adapt(to: 0.9, examples: 100, largest: 0.5) }
    #expect(state == AugmentationState(probability: 0.04))
    for _ in 0..<400 { state.adapt(to: 1, examples: 100, largest: 0.5) }
    #expect(state.probability == 0.5)
    for separation: Float in [1, 1, 0.2, 0.1] {
      state.adapt(to: separation, examples: 100, largest: 0.5)
    }
    #expect(state.probability == 0.48)
    state.adapt(to: 0.25, examples: 100, largest: 0.5)
    #expect(state.sum == 0.25 && state.count == 1)
  }

  @Test func theFixedProbabilityRisesWithThePlan() {
    func probability(_ step: Int, _ planned: Int?) -> Float {
      AugmentationSchedule.fixed.probability(0.4, step: step, planned: planned)
    }
    #expect(probability(0, nil) == 0.4 && probability(0, 100) == 0)
    #expect(abs(probability(10, 100) - 0.2) < 1e-7)
    #expect(probability(20, 100) == 0.4 && probability(90, 100) == 0.4)
  }
}
