internal import RealModule
package import SpecGANErrors
internal import Spectra

/// Log-mel spectrograms, as the paper's classifier and its measure of similarity take them.
///
/// 128 bands from 40 to 7800 Hz, triangular in mels, which are `1127 ln(1 + f / 700)`; every 128 samples a
/// frame of a Hann window, the last ones filled with zeros; the natural logarithm of the sum plus 10⁻⁶. Of 16384
/// samples, `[128 frames, 128 bands]`.
///
/// Source: chrisdonahue/wavegan, `eval/inception/train.py` with frames of 1024 samples and
/// `eval/similarity/feats.py` with 2048; TensorFlow, `tf.signal.linear_to_mel_weight_matrix`. The latter
/// takes samples as 16-bit integers: its features are larger by `ln 32768`, where they are not near the floor.
package struct MelSpectrogram: ~Copyable {
  /// Bands of a frame.
  package static let bandCount = 128
  /// What is added before the logarithm is taken.
  package static let floor: Float = 1e-6
  /// The least sample rate: twice the highest band.
  package static let leastSampleRate = 15_600

  private var stft: STFT
  /// What bins add to bands, bin by bin.
  private let weights: [Weight]

  private struct Weight {
    let bin, band: Int
    let weight: Float
  }

  /// Spectrograms of sounds at `sampleRate` with frames of `frameLength` samples.
  ///
  /// - Throws: ``SpecGANError`` where frames cannot be of that length, or sounds have nothing at 7800 Hz.
  package init(
    frameLength: Int = 1_024, frameStep: Int = 128, sampleRate: Int = 16_000
  ) throws(SpecGANError) {
    guard sampleRate >= Self.leastSampleRate else {
      throw .setting(
        name: "The sample rate", found: "\(sampleRate)",
        allowed: "at least \(Self.leastSampleRate), twice the highest band")
    }
    var configuration = SpectrogramConfiguration()
    (configuration.frameLength, configuration.frameStep) = (frameLength, frameStep)
    try configuration.check()
    stft = try STFT(configuration)
    let frequencies = (0..<configuration.binCount).map {
      Double($0) * Double(sampleRate) / Double(frameLength)
    }
    // TensorFlow's zero frequency is in no band.
    weights = frequencies.enumerated().flatMap { bin, frequency in
      frequency > 0
        ? Self.weights(of: frequency).map { Weight(bin: bin, band: $0.band, weight: $0.weight) }
        : []
    }
  }

  /// How many frames `length` samples have.
  package func frameCount(of length: Int) -> Int { stft.frameCount(of: length) }

  /// The logarithms, `[frames, bands]`.
  package mutating func logarithms(of samples: Span<Float>) -> [Float] {
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

  /// The bands over `frequency`, and how high each is there.
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
