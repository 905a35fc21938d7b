import SpecGANTestSupport
import Spectra
import Testing

/// Comparison with librosa and with the reference inversion, both in double precision.
///
/// The error is 2⁻²⁴ per pass. A bin at the rounding level of its frame gets another phase from
/// that, so errors grow with the passes, but stay as quiet as such bins. Measured, in single
/// precision, relative to the clip: 5·10⁻⁶ after 4 passes, 4·10⁻⁵ after 16.
@Suite struct GoldenInversionTests {
  @Test(
    arguments: [InversionMethod.griffinLim, .fastGriffinLim],
    [(1, 1), (1, 4), (5, 1), (5, 4)] as [(clip: Int, iterations: Int)])
  func soundsEqualLibrosas(method: InversionMethod, run: (clip: Int, iterations: Int)) throws {
    let expected = try Golden("griffin_lim")
      .floats("audio/\(run.clip)/\(method.rawValue)/\(run.iterations)")
    let sound = try PCM16.clip(clips[run.clip], length: expected.count)
    let found = try inverter(method, run.iterations, .zero)
      .invert(librosaMagnitudes(sound), length: sound.count)
    #expect(relativeError(found, expected) <= 2e-5)
    expectWithin(3e-5, found, expected)
  }

  /// Of an error 20 to 30 dB below the sound, 0.01 dB is a thousandth.
  @Test(arguments: [InversionMethod.griffinLim, .fastGriffinLim], [1, 4, 32])
  func convergesAsLibrosaFromZeroPhase(method: InversionMethod, iterations: Int) throws {
    let expected = try Golden("griffin_lim").floats("sc/\(method.rawValue)/zero/\(iterations)")
    let found = try convergences(inverter(method, iterations, .zero), .centered)
    expectWithin(0.01, found, expected)
  }

  /// Of random phases a clip's result scatters by about 2 dB (the kick by more), the mean of eight
  /// by 0.7, the difference of two such means by 1 dB; two of that.
  @Test(arguments: [InversionMethod.griffinLim, .fastGriffinLim], [32, 60])
  func convergesAboutAsLibrosaFromRandomPhase(method: InversionMethod, iterations: Int) throws {
    let expected = try Golden("griffin_lim").floats("sc/\(method.rawValue)/random/\(iterations)")
    let found = try convergences(inverter(method, iterations), .centered)
    #expect(abs(mean(found) - mean(expected)) <= 2)
  }

  @Test func referenceMethodIsThePublishedCodes() throws {
    let golden = try Golden("griffin_lim")
    let inverter = try inverter(.reference, 16)
    let sound = try inverter.invert(magnitudes(slice(0), .published))
    let expected = try golden.floats("audio/0/reference/16")
    #expect(sound.count == 16_384 && expected.count == 16_384)
    #expect(relativeError(sound, expected) <= 2e-4)
    let found = try convergences(inverter, .published)
    try expectWithin(0.01, found, golden.floats("sc/reference/zero/16"))
  }

  /// librosa's frames, which are one fewer than ours where the length is no multiple of the step.
  private func librosaMagnitudes(_ samples: [Float]) throws -> MagnitudeSpectrogram {
    let ours = try magnitudes(samples, .centered)
    let count = 1 + samples.count / 128
    return MagnitudeSpectrogram(
      frameCount: count, binCount: 129, values: Array(ours.values.prefix(count * 129)),
      framing: .centered)
  }
}
