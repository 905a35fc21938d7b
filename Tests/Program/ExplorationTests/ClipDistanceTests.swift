import Foundation
import SpecGANExploration
import SpecGANTestSupport
import Spectra
import Testing

/// Distances of a search, and their gradients.
@Suite struct ClipDistanceTests {
  /// Returns random elements of a picture of 16 frames.
  private func picture(seed: UInt64, bins: Int) -> [Float] {
    randomNumbers(16 * bins, seed: seed).map { 0.9 * $0 }
  }

  private func noise(seed: UInt64, channels: Int = 1) -> [Float] {
    randomNumbers(4_096 * channels, seed: seed).map { 0.5 * $0 }
  }

  private func pictureDistance(subtractsFloor: Bool, channels: Int = 1) throws -> PictureDistance {
    var configuration = SpectrogramConfiguration()
    (configuration.frameLength, configuration.frameStep) = (32, 16)
    configuration.logFloor = 1e-3
    configuration.subtractsFloor = subtractsFloor
    let bins = configuration.binCount
    let moments = try (0..<UInt64(channels)).map { channel in
      try Moments(
        mean: randomNumbers(bins, seed: 2 + 20 * channel).map { 2 * $0 - 2 },
        deviation: randomNumbers(bins, seed: 3 + 20 * channel).map { 0.75 + 0.25 * $0 })
    }
    let codec = try PictureCodec(configuration: configuration, moments: moments)
    return PictureDistance(from: picture(seed: 4, bins: (bins - 1) * channels), codec)
  }

  private func value(_ distance: some ClipDistance, _ sample: [Float]) -> Double {
    var gradient = sample
    var span = gradient.mutableSpan
    return distance.differentiate(sample.span, into: &span)
  }

  /// Compares the gradient along random directions with central differences.
  private func expectGradient(
    _ distance: some ClipDistance, _ sample: [Float], width: Float, tolerance: Double
  ) {
    var gradient = sample
    var span = gradient.mutableSpan
    _ = distance.differentiate(sample.span, into: &span)
    for seed in 10..<UInt64(15) {
      let direction = randomNumbers(sample.count, seed: seed)
      let (ahead, behind) = (
        zip(sample, direction).map { $0 + width * $1 },
        zip(sample, direction).map { $0 - width * $1 }
      )
      let difference = (value(distance, ahead) - value(distance, behind)) / (2 * Double(width))
      let slope = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(slope - difference) < tolerance * max(abs(difference), 1))
    }
  }

  @Test(arguments: [false, true]) func aPicturesGradientIsExact(_ subtractsFloor: Bool) throws {
    let distance = try pictureDistance(subtractsFloor: subtractsFloor)
    // The distance has 24 bits and a third derivative of its own size.
    expectGradient(distance, picture(seed: 5, bins: 16), width: 3e-3, tolerance: 2e-2)
  }

  @Test func aStereoPicturesGradientIsExact() throws {
    let distance = try pictureDistance(subtractsFloor: true, channels: 2)
    expectGradient(distance, picture(seed: 5, bins: 32), width: 3e-3, tolerance: 2e-2)
    #expect(value(distance, picture(seed: 4, bins: 32)) == 0)
  }

  @Test(arguments: [1, 2]) func aWaveformsGradientIsExact(_ channels: Int) throws {
    let distance = try WaveformDistance(
      from: noise(seed: 6, channels: channels), channels: channels)
    expectGradient(
      distance, noise(seed: 7, channels: channels), width: 1e-4, tolerance: 3e-2)
  }

  @Test func theTargetItselfHasDistanceZero() throws {
    let waveform = noise(seed: 8)
    #expect(value(try WaveformDistance(from: waveform, channels: 1), waveform) == 0)
    let codec = try PictureCodec(
      configuration: .init(),
      moments: [
        try Moments(
          mean: [Float](repeating: -2, count: 129), deviation: [Float](repeating: 1, count: 129))
      ])
    let picture = picture(seed: 9, bins: 128)
    #expect(value(PictureDistance(from: picture, codec), picture) == 0)
  }

  /// All levels higher by 6 dB are a distance of 36 dB² at each resolution. The floor, 60 dB below
  /// the noise, lowers the difference of bins that are weak by chance.
  @Test func aLevelIsADistance() throws {
    let waveform = noise(seed: 8)
    let louder = waveform.map { 2 * $0 }
    let decibels = 20 * log10(2.0)
    let found = value(try WaveformDistance(from: waveform, channels: 1), louder)
    #expect(abs(found - decibels * decibels) < 1)
  }
}
