internal import CSpecGANKernels
public import SpecGANErrors

/// A decoded clip, converted to a configuration, and properties of its file.
package struct DecodedSound: Equatable, Sendable {
  /// The audio at the configuration's sample rate and number of channels.
  package var waveform: Waveform
  /// The number of frames in the file.
  package var sourceFrames: Int
  /// The sample rate of the file, in Hz.
  package var sourceRate: Int
  /// The number of channels of the file.
  package var sourceChannels: Int
  /// The number of the file's samples beyond ±1; they are kept unchanged.
  package var beyondFullScale: Int
  /// The largest magnitude of a sample in the file.
  package var sourcePeak: Float
  /// The largest magnitude after mixing and resampling, before scaling.
  package var peak: Float
  /// Remarks on a file that is used although its header or other data are wrong; each is the rest
  /// of a sentence that begins with the path.
  package var remarks: [String] = []
  /// Whether the file is damaged, and only its intact part was used.
  package var isDamaged = false

  /// Whether the file has no sample beyond ``Waveform/silence``.
  package var isSilent: Bool { sourcePeak <= Waveform.silence }
  /// Whether the file is not silent but its channels cancel each other when mixed.
  package var isCancelled: Bool {
    !isSilent && sourceChannels > 1 && peak <= Waveform.silence && peak <= sourcePeak / 64
  }
}

extension Waveform {
  /// The largest magnitude of silence: a step of 16-bit samples, −90 dB of full scale.
  package static let silence: Float = 0x1p-15
  /// The level below the peak from which the end of a clip counts as silence: −60 dB.
  package static let audibleShare: Float = 1e-3
}

extension Waveform {
  /// Reads an audio file, mixes, resamples and, if configured, scales it to a peak of 1.
  ///
  /// Blocks are mixed and resampled as they are read, so only the result is in memory, for any
  /// number of channels in the file. The bits are those of the four steps one after the other. A
  /// file that is longer than `longestDuration`, in s, is rejected by its header, or while
  /// decoding. Of a damaged file, the intact part is used if `allowsDamage` is true.
  /// - Precondition: the configuration's sample rate is positive.
  /// - Throws: ``SpecGANError`` if the file cannot be read, decoded or converted.
  package static func decoded(
    path: String, as configuration: AudioConfiguration,
    longestDuration: Int = AudioFile.longestDuration, allowsDamage: Bool = false
  ) throws(SpecGANError) -> DecodedSound {
    let file = try InputFile(path: path)
    return try OpenedSound(
      file, as: configuration, longestDuration: longestDuration, allowsDamage: allowsDamage
    ).decoded()
  }
}

extension Waveform {
  /// Reads an audio file, and mixes, resamples and scales it as `configuration` says, block by
  /// block.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - configuration: the number of channels, the sample rate, and whether the peak becomes 1.
  ///   - longestDuration: the limit on the duration, in s.
  /// - Throws: ``SpecGANError`` if the file cannot be read or converted, or a setting is out of
  ///   range.
  public init(
    contentsOf path: String, as configuration: AudioConfiguration, longestDuration: Int = 10_800
  ) throws(SpecGANError) {
    guard (1...Self.highestRate).contains(configuration.sampleRate) else {
      throw .rate(found: configuration.sampleRate)
    }
    guard AudioConfiguration.channelCounts.contains(configuration.channels) else {
      throw .channelCount(found: configuration.channels)
    }
    self = try Self.decoded(path: path, as: configuration, longestDuration: longestDuration)
      .waveform
  }
}

/// A conversion of one file's blocks: mixing and resampling. Errors include the file's path.
struct SoundConversion: ~Copyable {
  private let path: String
  private let channels: Int
  private let sampleRate: Int
  private let configuration: AudioConfiguration
  private var resampler: Resampler

  init(
    of file: borrowing SoundFile, at path: String, to configuration: AudioConfiguration
  ) throws(SpecGANError) {
    self.path = path
    self.configuration = configuration
    channels = file.format.channels
    sampleRate = file.format.sampleRate
    do throws(SpecGANError) {
      resampler = try Resampler(
        from: sampleRate, to: configuration.sampleRate, channels: configuration.channels)
    } catch {
      throw .unconvertible(path: path, error)
    }
  }

  mutating func append(_ block: [Float]) throws(SpecGANError) {
    let block = Waveform(samples: block, channels: channels, sampleRate: sampleRate)
    do throws(SpecGANError) {
      try resampler.append(try block.mixed(to: configuration.channels).samples)
    } catch {
      throw .unconvertible(path: path, error)
    }
    guard resampler.output.count <= AudioFile.largestSampleCount else {
      throw .tooLarge(path: path)
    }
  }

  mutating func finish() throws(SpecGANError) -> Waveform {
    do throws(SpecGANError) {
      return Waveform(
        samples: try resampler.finish(), channels: configuration.channels,
        sampleRate: configuration.sampleRate)
    } catch {
      throw .unconvertible(path: path, error)
    }
  }
}

extension [Float] {
  /// Returns the index of the first sample that is not within ±`limit`, or is a NaN; nil if there
  /// is none.
  ///
  /// - Precondition: `limit` is positive.
  func firstBeyond(_ limit: Float) -> Int? {
    // The maximum of bit patterns is a loop without branches; only a rare bad block is searched.
    let largest = unsafe specgan_largest_bits(self, ~Float(-0.0).bitPattern, count)
    return largest <= limit.bitPattern ? nil : firstIndex { !(abs($0) <= limit) }
  }

  /// The largest magnitude, of numbers without a NaN; 0 if there are none.
  var largestMagnitude: Float {
    Float(bitPattern: unsafe specgan_largest_bits(self, ~Float(-0.0).bitPattern, count))
  }

  /// The number of samples beyond ±1.
  var countBeyondOne: Int {
    firstBeyond(1).map { first in self[first...].count { abs($0) > 1 } } ?? 0
  }

  /// The index of the first NaN or infinity.
  var firstNonFinite: Int? { firstBeyond(.greatestFiniteMagnitude) }
}
