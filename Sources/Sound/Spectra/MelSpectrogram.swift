internal import RealModule
public import SpecGANErrors

/// A transform to the log-mel spectrograms of the paper's classifier and similarity measure.
///
/// There are 128 bands from 40 to 7800 Hz, triangular in mels, which are `1127 ln(1 + f / 700)`. A
/// frame begins every 128 samples, with a Hann window; the last ones are padded with zeros. A value
/// is the natural logarithm of the weighted sum of magnitudes plus 10⁻⁶. 16384 samples give
/// `[128 frames, 128 bands]`.
///
/// ```swift
/// var mel = try MelSpectrogram(sampleRate: 16_000)
/// let values = mel.logarithms(of: clip.samples)
/// ```
///
/// Source: chrisdonahue/wavegan, `eval/inception/train.py` with frames of 1024 samples and
/// `eval/similarity/feats.py` with 2048; TensorFlow, `tf.signal.linear_to_mel_weight_matrix`. The
/// latter reads samples as 16-bit integers: its features are larger by `ln 32768`, except near the
/// floor.
public struct MelSpectrogram: ~Copyable {
  /// The number of bands.
  public static let bandCount = 128
  /// The value that is added before the logarithm.
  package static let floor: Float = 1e-6
  /// The lowest sample rate in Hz: twice the highest band.
  package static let leastSampleRate = 15_600

  private var stft: STFT
  /// The weights of bins in bands, in the order of the bins.
  private let weights: [Weight]

  private struct Weight {
    let bin, band: Int
    let weight: Float
  }

  /// Creates a transform of audio at `sampleRate` Hz.
  ///
  /// - Parameters:
  ///   - frameLength: the length of a frame, in samples; even, 2 to 8192.
  ///   - frameStep: the distance of two frames, in samples; at most half of `frameLength`.
  ///   - sampleRate: the sample rate, in Hz; at least 15600, twice the highest band.
  /// - Throws: ``SpecGANError`` of kind `badSetting` if one is out of range.
  public init(
    frameLength: Int = 1_024, frameStep: Int = 128, sampleRate: Int = 16_000
  ) throws(SpecGANError) {
    guard sampleRate >= Self.leastSampleRate else {
      throw .melSampleRate(found: sampleRate)
    }
    var configuration = SpectrogramConfiguration()
    (configuration.frameLength, configuration.frameStep) = (frameLength, frameStep)
    try configuration.check()
    stft = try STFT(configuration)
    let frequencies = (0..<configuration.binCount).map {
      Double($0) * Double(sampleRate) / Double(frameLength)
    }
    // In TensorFlow the zero frequency is in no band.
    weights = frequencies.enumerated().flatMap { bin, frequency in
      frequency > 0
        ? Self.weights(of: frequency).map { Weight(bin: bin, band: $0.band, weight: $0.weight) }
        : []
    }
  }

  /// Returns the number of frames of `length` samples.
  public func frameCount(of length: Int) -> Int { stft.frameCount(of: length) }

  /// Returns the logarithms of a signal's bands, `[frames, bands]`.
  public mutating func logarithms(of samples: [Float]) -> [Float] {
    logarithms(of: samples.span)
  }

  /// Returns the logarithms of a signal's bands, `[frames, bands]`.
  public mutating func logarithms(of samples: Span<Float>) -> [Float] {
    let magnitudes = stft.magnitudes(of: samples)
    let bins = magnitudes.binCount
    var values = [Float](repeating: 0, count: magnitudes.frameCount * Self.bandCount)
    for frame in 0..<magnitudes.frameCount {
      let start = frame * Self.bandCount
      for weight in weights {
        values[start + weight.band] +=
          weight.weight * magnitudes.values[frame * bins + weight.bin]
      }
    }
    return values.map { .log($0 + Self.floor) }
  }

  /// Returns the bands that contain `frequency`, with their weights at that frequency.
  private static func weights(of frequency: Double) -> [(band: Int, weight: Float)] {
    let (lowest, highest) = (mels(of: 40), mels(of: 7_800))
    let step = (highest - lowest) / Double(bandCount + 1)
    let place = (mels(of: frequency) - lowest) / step
    return (0..<bandCount).compactMap { band in
      let weight = 1 - abs(place - Double(band + 1))
      return weight > 0 ? (band, Float(weight)) : nil
    }
  }

  private static func mels(of frequency: Double) -> Double {
    1_127 * .log(onePlus: frequency / 700)
  }
}
