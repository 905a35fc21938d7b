internal import RealModule
public import SpecGANErrors

/// The definition of a log-mel spectrogram.
package struct MelDefinition: Codable, Equatable, Sendable {
  /// The number of samples in a frame.
  package var frameLength: Int
  /// The number of samples between frames.
  package var frameStep: Int
  /// The upper edge of the highest band, in Hz.
  package var highestFrequency: Double
  /// The value that is added to a band before the logarithm; see ``addition``.
  package var floor: Float
  /// How the floor is added.
  package var addition = Addition.magnitude
  /// The factor that samples are multiplied by.
  package var scale: Float

  /// The way in which a floor `f` is added to a band, the weighted sum `m` of magnitudes.
  package enum Addition: String, Codable, Sendable {
    /// `ln(m + f)`.
    case magnitude
    /// `½ ln(m² + (f · max(w, 1))²)` with the sum `w` of the band's weights: as noise adds up with
    /// noise.
    case power
  }

  /// The number of bands.
  package static let bandCount = 128

  /// The paper's: the input of its classifier.
  package static let paper = MelDefinition(
    frameLength: 1_024, frameStep: 128, highestFrequency: 7_800, floor: 1e-6, scale: 1)

  /// The reference's measure of similarity: frames of 2048 samples, scaled to the range of 16-bit
  /// integers (±32768), so that the floor is lower in comparison.
  package static let reference = MelDefinition(
    frameLength: 2_048, frameStep: 128, highestFrequency: 7_800, floor: 1e-6, scale: 0x1p15)

  /// The level of ``audible(sampleRate:)``'s floor, in dB relative to a sine of full scale.
  package static let audibleLevel = -60.0

  /// Returns the definition by which differences count only if they can be heard.
  ///
  /// Bands reach to the Nyquist frequency. The floor is a noise whose bins have the magnitude of a
  /// sine of ``audibleLevel``. It masks what is below it: digital silence, a faint hiss and a fade
  /// give nearly the same values, as they do to the ear. Frames have the power of two closest to
  /// 64 ms.
  package static func audible(sampleRate: Int) -> MelDefinition {
    let exponent = Int(Double.log2(0.064 * Double(sampleRate)).rounded())
    let frameLength = min(1 << exponent, SpectrogramConfiguration.frameLengths.upperBound)
    let fullScale = Double(frameLength) / 4  // half of the sum of a Hann window
    return MelDefinition(
      frameLength: frameLength, frameStep: frameLength / 8,
      highestFrequency: Double(sampleRate) / 2,
      floor: Float(fullScale * .pow(10, audibleLevel / 20)), addition: .power, scale: 1)
  }

  private enum CodingKeys: String, CodingKey {
    case frameLength = "frame_length"
    case frameStep = "frame_step"
    case highestFrequency = "highest_frequency"
    case floor, addition, scale
  }
}

/// A transform to log-mel spectrograms, by default those of the paper's classifier.
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
  public static let bandCount = MelDefinition.bandCount
  /// The lowest sample rate in Hz: twice the highest band.
  package static let leastSampleRate = 15_600

  private let definition: MelDefinition
  private var stft: STFT
  /// The weights of bins in bands, in the order of the bins.
  private let weights: [Weight]
  /// The square of the floor of each band, for ``MelDefinition/Addition/power``.
  private let squaredFloors: [Float]

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
    var definition = MelDefinition.paper
    (definition.frameLength, definition.frameStep) = (frameLength, frameStep)
    try self.init(definition, sampleRate: sampleRate)
  }

  /// Creates a transform of audio at `sampleRate` Hz by `definition`.
  ///
  /// - Throws: ``SpecGANError`` of kind `badSetting` if a band is above the Nyquist frequency, or
  ///   the frames are out of range.
  package init(_ definition: MelDefinition, sampleRate: Int) throws(SpecGANError) {
    guard Double(sampleRate) >= 2 * definition.highestFrequency else {
      throw .melSampleRate(found: sampleRate)
    }
    let frameLength = definition.frameLength
    var configuration = SpectrogramConfiguration()
    (configuration.frameLength, configuration.frameStep) = (frameLength, definition.frameStep)
    try configuration.check()
    stft = try STFT(configuration)
    self.definition = definition
    let frequencies = (0..<configuration.binCount).map {
      Double($0) * Double(sampleRate) / Double(frameLength)
    }
    // In TensorFlow the zero frequency is in no band.
    weights = frequencies.enumerated().flatMap { bin, frequency in
      frequency > 0
        ? Self.weights(of: frequency, to: definition.highestFrequency).map {
          Weight(bin: bin, band: $0.band, weight: $0.weight)
        }
        : []
    }
    var sums = [Float](repeating: 0, count: Self.bandCount)
    for weight in weights { sums[weight.band] += weight.weight }
    squaredFloors = sums.map {
      let floor = definition.floor * max($0, 1)
      return floor * floor
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
    switch definition.addition {
    case .magnitude: return values.map { .log(definition.scale * $0 + definition.floor) }
    case .power:
      return values.enumerated().map { index, value in
        let band = definition.scale * value
        return .log(band * band + squaredFloors[index % Self.bandCount]) / 2
      }
    }
  }

  /// Returns the bands that contain `frequency`, with their weights at that frequency.
  private static func weights(
    of frequency: Double, to highestFrequency: Double
  ) -> [(band: Int, weight: Float)] {
    let (lowest, highest) = (mels(of: 40), mels(of: highestFrequency))
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
