import Foundation

/// Log-magnitudes, moments and normalized spectrograms by definition, in double precision and
/// without an FFT: periodic Hann window of 256 samples, hop 128, frames from 0, zeros past the end.
struct SpectrogramOracle {
  private(set) var mean: [Double]
  private(set) var deviation: [Double]
  /// The tolerance of a bin's mean and deviation: a tenth of the mean tolerance of its logarithms.
  /// That tolerance (below) is four times the usual error, and errors with mean zero average out.
  private(set) var momentErrors: [Double] = []
  /// The log-magnitudes of each slice, `[frames][bins]`.
  private let magnitudes: [[[Double]]]

  init(_ slices: [[Float]]) {
    magnitudes = slices.map(Self.magnitudes)
    let frames = magnitudes.flatMap(\.self).map { $0.map { log($0 + 1e-6) } }
    let count = Double(frames.count)
    mean = (0..<129).map { bin in frames.reduce(0) { $0 + $1[bin] } / count }
    deviation = []
    for bin in 0..<129 {
      let scatter = frames.reduce(0) { $0 + ($1[bin] - mean[bin]) * ($1[bin] - mean[bin]) }
      deviation.append((scatter / count).squareRoot())
      let errors = magnitudes.flatMap(\.self).reduce(0) { $0 + Self.error(of: $1, bin: bin) }
      momentErrors.append(errors / count / 10)
    }
  }

  /// Returns the largest ratio of an error of `spectrogram` to its tolerance.
  func worstRatio(of spectrogram: [Float], slice: Int) -> Double {
    var worst = 0.0
    for (frame, magnitudes) in magnitudes[slice].enumerated() {
      for bin in 0..<128 {
        let value = log(magnitudes[bin] + 1e-6)
        let expected = min(max((value - mean[bin]) / deviation[bin] / 3, -1), 1)
        // An error of the mean shifts the value; one of the deviation counts up to three times.
        let error = Self.error(of: magnitudes, bin: bin) + 4 * momentErrors[bin]
        let difference = abs(Double(spectrogram[frame * 128 + bin]) - expected)
        worst = max(worst, difference / (error / deviation[bin] / 3))
      }
    }
    return worst
  }

  /// Returns the tolerance of a bin's logarithm: the transform is exact to 4·10⁻⁷ of the frame's
  /// peak, a logarithm to two units in the last place.
  private static func error(of frame: [Double], bin: Int) -> Double {
    let value = log(frame[bin] + 1e-6)
    return 4e-7 * (frame.max() ?? 0) / (frame[bin] + 1e-6) + abs(value) * 2.4e-7
  }

  private static func magnitudes(of slice: [Float]) -> [[Double]] {
    let turns = (0..<256).map { 2 * Double.pi * Double($0) / 256 }
    let (cosines, sines) = (turns.map(cos), turns.map(sin))
    return stride(from: 0, to: slice.count, by: 128).map { start in
      let frame = (0..<256).map { index in
        let sample = start + index < slice.count ? Double(slice[start + index]) : 0
        return sample * (0.5 - 0.5 * cosines[index])
      }
      return (0..<129).map { bin in
        var (real, imaginary) = (0.0, 0.0)
        for index in 0..<256 {
          real += frame[index] * cosines[index * bin & 255]
          imaginary -= frame[index] * sines[index * bin & 255]
        }
        return (real * real + imaginary * imaginary).squareRoot()
      }
    }
  }
}
