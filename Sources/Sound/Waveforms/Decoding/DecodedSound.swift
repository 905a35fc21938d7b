public import SpecGANErrors

/// A sound in the form a configuration asks for, and what its file held.
package struct DecodedSound: Equatable, Sendable {
  /// The sound at the configuration's rate and channels.
  package var waveform: Waveform
  /// Frames in the file.
  package var sourceFrames: Int
  /// Frames a second of the file, in hertz.
  package var sourceRate: Int
  /// Channels of the file.
  package var sourceChannels: Int
  /// How many of the file's samples lie beyond ±1; they are kept as they are.
  package var beyondFullScale: Int
}

extension Waveform {
  /// The whole road from a file to what is sliced: read, mixed, resampled and, if asked for, scaled
  /// to a peak of one.
  ///
  /// Mixing and resampling happen as blocks come in, so memory holds the result alone, however many
  /// channels the file has. The same bits as the four steps taken one after the other. What lasts
  /// more than `longestDuration` seconds is refused, at the latest when so much has been decoded.
  /// - Precondition: the configuration's rate is positive.
  /// - Throws: ``SpecGANError``.
  package static func decoded(
    path: String, as configuration: AudioConfiguration,
    longestDuration: Int = AudioFile.longestDuration
  ) throws(SpecGANError) -> DecodedSound {
    let file = try InputFile(path: path)
    return try OpenedSound(file, as: configuration, longestDuration: longestDuration).decoded()
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
    self = try Self.decoded(path: path, as: configuration, longestDuration: longestDuration)
      .waveform
  }
}

/// Mixing and resampling of one file's blocks; what goes wrong is named with the file's path.
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
