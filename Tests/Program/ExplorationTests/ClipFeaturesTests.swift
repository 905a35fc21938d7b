import Foundation
import SpecGANExploration
import SpecGANWorkers
import Spectra
import Testing

/// Laws of the distance between clips.
@Suite struct ClipFeaturesTests {
  /// Features of a clip of `frames` frames of 64 bins, whose first `sounding` frames have the
  /// magnitude `magnitude`.
  private func features(_ magnitude: Float, sounding: Int, of frames: Int) -> ClipFeatures {
    var configuration = SpectrogramConfiguration()
    configuration.frameLength = 128
    let values = (0..<frames).flatMap { frame in
      [Float](repeating: frame < sounding ? magnitude : 0, count: 65)
    }
    return ClipFeatures(
      MagnitudeSpectrogram(frameCount: frames, binCount: 65, values: values, framing: .centered),
      configuration)
  }

  /// Silence after a sound does not make it more similar to another one. The floor is 75 dB below
  /// the softer level and changes it by less than 1e-6 dB; the rest is the rounding of 1,024 sums.
  @Test(arguments: [32, 64, 128, 512]) func silenceDoesNotCount(_ frames: Int) {
    let loud = features(1_000, sounding: frames / 4, of: frames)
    let soft = features(180, sounding: frames / 4, of: frames)
    let difference = 20 * log10(1_000.0 / 180)
    #expect(abs(loud.distance(from: soft) - difference) < 1e-3)
    #expect(loud.distance(from: soft) == soft.distance(from: loud))
    // All that is audible in only one of them counts.
    let silence = features(0, sounding: 0, of: frames)
    #expect(loud.distance(from: silence) > 60)
    #expect(silence.distance(from: silence) == 0)
    // In a half of the cells the levels are equal.
    let long = features(1_000, sounding: frames / 2, of: frames)
    let rest = loud.distance(from: silence)
    #expect(abs(long.distance(from: loud) - rest / 2.0.squareRoot()) < 1e-3)
  }

  /// Half the median distance to the nearest other clip, without equal ones: of levels 1, 3, 7 and
  /// 15 dB above the first, the nearest distances are 1, 1, 2, 4 and 8 dB.
  @Test func copiesAreNearerThanHalfTheMedian() {
    let clips = [0.0, 1, 3, 7, 15, 15].map { level in
      features(180 * Float(pow(10, level / 20)), sounding: 32, of: 32)
    }
    // The two equal clips both have 8 dB, so the median of six is that of the fourth.
    let workers = Workers(count: 1)
    #expect(abs(clips.copyDistance(on: workers) - 2) < 1e-3)
    #expect(abs(Array(clips.dropLast()).copyDistance(on: workers) - 1) < 1e-3)
    #expect([clips[0]].copyDistance(on: workers) == 0)
  }

  /// Of 2,000 clips every second one counts, and all are compared with these. Levels have a
  /// rounding of some 1e-5 dB.
  @Test(arguments: [
    // The others are far away, and 0.15 dB from each other, which would be the median of all.
    (0.15, 60.0, 0.05),
    // Each of the others is 0.02 dB above one of these.
    (0.05, 0.02, 0.02),
  ])
  func ofManyClipsAThousandCount(_ step: Double, _ offset: Double, _ nearest: Double) {
    let clips = (0..<2_000).map { index in
      let place = Double(index / 2)
      let level = index % 2 == 0 ? 0.05 * place : step * place + offset
      return features(180 * Float(pow(10, level / 20)), sounding: 4, of: 4)
    }
    #expect(abs(clips.copyDistance(on: Workers(count: 2)) - nearest / 2) < 1e-3)
  }
}
