import Foundation
import Safetensors
import SpecGANDatasets
internal import SpecGANErrors
import SpecGANFiles
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
import Spectra
import Waveforms

/// One or several spectrograms to invert, read on demand.
struct InversionInput: Sendable {
  /// The spectrogram of each channel of a clip, and the length and sample rate of its audio.
  struct Item {
    let channels: [MagnitudeSpectrogram]
    /// The number of samples; nil for as many as the frames cover.
    let length: Int?
    /// The sample rate in Hz.
    let sampleRate: Int
    /// The remarks on an audio file; see ``DecodedSound/remarks``.
    var remarks: [String] = []
  }

  let path: String
  /// The settings of the spectrograms.
  let spectrogram: SpectrogramConfiguration
  /// The number of spectrograms.
  let count: Int
  private let read: @Sendable (Int) throws -> Item

  /// Returns spectrogram `index` of the input.
  func item(_ index: Int) throws -> Item { try read(index) }

  /// The input's name without its extension.
  var stem: String {
    let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// Opens the file or cache at `path`.
  ///
  /// - Parameters:
  ///   - path: the input.
  ///   - momentsPath: the file of the moments; nil for that of the input.
  ///   - configuration: the settings.
  ///   - isChosen: whether these are requested; otherwise a cache is decoded with its own.
  /// - Throws: ``SpecGANError`` if it cannot be read, or lacks moments.
  init(
    path: String, momentsPath: String?, _ configuration: Configuration, isChosen: Bool
  ) throws {
    if try Folder.isFolder(path) {
      guard try Cache.exists(at: path) else { throw SpecGANError.folderOfSounds(path: path) }
      try self.init(cache: try Cache(verifying: path), isChosen ? configuration.spectrogram : nil)
    } else if path.hasSuffix(".safetensors") {
      try self.init(
        tensors: try SafetensorsFile(path: path), momentsPath, configuration, isChosen: isChosen)
    } else {
      guard try Folder.exists(path) else { throw SpecGANError.notFound(path: path) }
      self.init(sound: path, configuration)
    }
  }

  private init(
    path: String, _ spectrogram: SpectrogramConfiguration, count: Int = 1,
    read: @escaping @Sendable (Int) throws -> Item
  ) {
    self.path = path
    self.spectrogram = spectrogram
    self.count = count
    self.read = read
  }
}

// MARK: - The kinds

extension InversionInput {
  private init(cache: Cache, _ decoding: SpectrogramConfiguration?) throws {
    let examples = try cache.spectrograms()
    let codec = try cache.codec(decoding: decoding)
    self.init(path: cache.path, cache.spectrogram, count: examples.count) { index in
      let picture = examples.values(index)
      return Item(
        channels: codec.magnitudes(of: picture.span), length: nil,
        sampleRate: cache.audio.sampleRate)
    }
  }

  /// Creates an input from an audio file: magnitudes in centered frames, without the phases, and
  /// without the details that merged bins lose; of both channels of a stereo file if
  /// `configuration` has two, otherwise of their mean.
  private init(sound path: String, _ configuration: Configuration) {
    self.init(path: path, configuration.spectrogram) { _ in
      let (sound, remarks) = try Self.audio(path)
      let isStereo = configuration.audio.channels == 2 && sound.channels == 2
      let waveform = try sound.mixed(to: isStereo ? 2 : 1)
      return Item(
        channels: try waveform.channelMagnitudes(configuration.spectrogram, framing: .centered)
          .map { $0.merged(configuration.spectrogram) },
        length: waveform.frameCount, sampleRate: waveform.sampleRate, remarks: remarks)
    }
  }

  private static func audio(
    _ path: String
  ) throws(SpecGANError) -> (waveform: Waveform, remarks: [String]) {
    do throws(SpecGANError) { return try AudioFile.readWithRemarks(path) } catch {
      throw error.code == .notAudio
        ? .unknownInput(path: path, expected: "a cache, a safetensors file or an audio file")
        : error
    }
  }

  private init(
    tensors file: SafetensorsFile, _ momentsPath: String?, _ configuration: Configuration,
    isChosen: Bool
  ) throws {
    if file.entry("samples") != nil {
      let stored = file.metadata[SoundMaker.settingsKey]
      let settings =
        try isChosen ? nil : stored.map { try Configuration(yaml: $0, path: file.path) }
      try self.init(samples: file, momentsPath, settings ?? configuration)
    } else if file.entry("magnitude") != nil {
      try self.init(magnitude: file, configuration)
    } else if file.entry("spectrograms") != nil {
      try self.init(spectrograms: file, momentsPath, configuration)
    } else {
      throw SpecGANError.unknownInput(
        path: file.path, expected: "a file with a tensor 'magnitude', 'spectrograms' or 'samples'")
    }
  }

  private init(magnitude file: SafetensorsFile, _ configuration: Configuration) throws {
    let bins = configuration.spectrogram.binCount
    let (shape, channels) = try file.shape(
      of: "magnitude", like: [nil, bins], "[frames, \(bins)] or [frames, \(bins), 2]")
    self.init(path: file.path, configuration.spectrogram) { _ in
      let values = try file.floats("magnitude")
      let magnitudes = (0..<channels).map { channel in
        MagnitudeSpectrogram(
          frameCount: shape[0], binCount: bins, values: values.span.channel(channel, of: channels),
          framing: .published)
      }
      return Item(
        channels: magnitudes, length: nil, sampleRate: configuration.audio.sampleRate)
    }
  }

  /// Creates an input from what `generate --raw` writes: spectrograms whose last axis is that of
  /// channels.
  private init(
    samples file: SafetensorsFile, _ momentsPath: String?, _ configuration: Configuration
  ) throws {
    let kept = configuration.spectrogram.bandCount - 1
    if file.entry("samples")?.shape.count == 3 {
      throw SpecGANError.samplesAreSounds(path: file.path)
    }
    let (shape, channels) = try file.shape(
      of: "samples", like: [nil, nil, kept], isLastAxisChannels: true,
      "[n, frames, \(kept), 1 or 2]")
    try self.init(pictures: "samples", shape, channels, file, momentsPath, configuration)
  }

  private init(
    spectrograms file: SafetensorsFile, _ momentsPath: String?, _ configuration: Configuration
  ) throws {
    let kept = configuration.spectrogram.bandCount - 1
    let (shape, channels) = try file.shape(
      of: "spectrograms", like: [nil, nil, kept], "[n, frames, \(kept)] or [n, frames, \(kept), 2]")
    try self.init(pictures: "spectrograms", shape, channels, file, momentsPath, configuration)
  }

  /// Creates an input from the normalized spectrograms in the tensor `name`, `[n, frames, bins]`
  /// with `channels` channels.
  private init(
    pictures name: String, _ shape: [Int], _ channels: Int, _ file: SafetensorsFile,
    _ momentsPath: String?, _ configuration: Configuration
  ) throws {
    let codec = try Self.codec(
      momentsPath.map { try SafetensorsFile(path: $0) } ?? file, isGiven: momentsPath != nil,
      configuration.spectrogram, channels)
    let size = shape[1] * shape[2] * channels
    self.init(path: file.path, configuration.spectrogram, count: shape[0]) { index in
      let magnitudes = try file.withFloats(name) { values in
        codec.magnitudes(of: values.extracting(index * size..<(index + 1) * size))
      }
      return Item(
        channels: magnitudes, length: nil, sampleRate: configuration.audio.sampleRate)
    }
  }

  /// Returns the normalizer with the moments in `file`: that of `--moments`, or the one with the
  /// spectrograms.
  private static func codec(
    _ file: SafetensorsFile, isGiven: Bool, _ spectrogram: SpectrogramConfiguration,
    _ channels: Int
  ) throws -> PictureCodec {
    guard file.hasMoments() else {
      throw SpecGANError.noMoments(path: file.path, isGiven: isGiven)
    }
    return try SpecGANError.naming(file.path) {
      try PictureCodec(
        configuration: spectrogram,
        moments: try file.moments(binCount: spectrogram.bandCount, channels: channels))
    }
  }
}

extension SafetensorsFile {
  /// Returns the shape of tensor `name` without the axis of channels, and the number of channels.
  ///
  /// `pattern` has the lengths of the other axes; nil stands for any length above 0. If
  /// `isLastAxisChannels`, the last axis must be 1 or 2 channels; otherwise it is optional and has
  /// the length 2.
  fileprivate func shape(
    of name: String, like pattern: [Int?], isLastAxisChannels: Bool = false, _ expected: String
  ) throws -> (shape: [Int], channels: Int) {
    let shape = entry(name)?.shape ?? []
    let hasChannels = isLastAxisChannels || shape.count == pattern.count + 1
    let channels = hasChannels ? shape.last ?? 0 : 1
    let fits =
      shape.count == pattern.count + (hasChannels ? 1 : 0)
      && zip(shape, pattern).allSatisfy { length, wanted in length > 0 && length == wanted ?? length
      }
      && (channels == PictureCodec.largestChannelCount
        || channels == 1 && hasChannels == isLastAxisChannels)
    guard fits else {
      throw SpecGANError.shape(path: path, name: name, found: shape, expected: expected)
    }
    return (Array(shape.prefix(pattern.count)), channels)
  }
}
