internal import ComplexModule
internal import RealModule
internal import SpecGANErrors

// github.com/chrisdonahue/wavegan (MIT), train_specgan.py, as it behaves under TensorFlow 1.

/// The inversion of the reference implementation, including its error.
///
/// It is Griffin-Lim from zero phase, but with the Hann window on both sides and no division by
/// `Σ w²`. Every pass, and the result, is multiplied by a gain that alternates between ½ and 1 once
/// per frame step: a tremolo of 125 Hz. The signal is as long as its frames, without padding at
/// either end.
struct ReferenceInversion {
  let iterations: Int
  private static let smallestMagnitude: Float = 1e-8

  func run(
    _ spectrogram: MagnitudeSpectrogram, _ configuration: SpectrogramConfiguration, length: Int
  ) throws(SpecGANError) -> [Float] {
    let grid = FrameGrid(spanning: spectrogram, configuration)
    var frames = try FrameTransform(configuration)
    var signal = [Float](repeating: 0, count: grid.signalLength)
    var coefficients = spectrogram.values.map { Complex($0, 0) }
    for _ in 0..<iterations {
      var samples = signal.mutableSpan
      frames.overlapAdd(coefficients.span, grid, into: &samples)
      frames.analyze(signal.span, grid) { frames, spectra in
        let first = frames.lowerBound * grid.binCount
        var coefficients = coefficients.mutableSpan
        for offset in spectra.indices {
          let (x, y) = spectra[offset].rawStorage
          let scale =
            spectrogram.values[first + offset]
            / max(spectra[offset].length, Self.smallestMagnitude)
          coefficients[first + offset] = Complex(x * scale, y * scale)
        }
      }
    }
    var samples = signal.mutableSpan
    frames.overlapAdd(coefficients.span, grid, into: &samples)
    let lead = spectrogram.framing == .published ? 0 : configuration.frameLength / 2
    return Array(signal[lead..<lead + length])
  }
}

extension FrameGrid {
  /// Creates the grid of `spectrogram` over a signal from the begin of the first frame to the end
  /// of the last.
  init(spanning spectrogram: MagnitudeSpectrogram, _ configuration: SpectrogramConfiguration) {
    frameLength = configuration.frameLength
    step = configuration.frameStep
    lead = 0
    frameCount = spectrogram.frameCount
    signalLength = (spectrogram.frameCount - 1) * step + frameLength
  }
}
