import Datasets
import Files
import Spectra
import Tensors
import Training
import Waveforms
import Workers

/// Something to invert: one spectrogram or many, read as they are asked for.
struct InversionInput {
  let path: String
  /// How the spectrograms were made.
  let spectrogram: SpectrogramConfiguration
  /// Samples a second of the sounds.
  let sampleRate: Int
  /// Samples of each sound; nil for what the frames give.
  let length: Int?
  /// How many spectrograms.
  let count: Int
  private let read: (Int) throws -> MagnitudeSpectrogram

  /// The input's name without its extension.
  var stem: String {
    let name = Folder.name(of: path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// Calls `body` with every spectrogram and its sound, in order; memory does not grow with them.
  func forEachSound(
    by inverter: Inverter, on workers: Workers,
    _ body: (Int, MagnitudeSpectrogram, Result<[Float], SpectraError>) throws -> Void
  ) throws {
    let batchSize = 64
    for first in stride(from: 0, to: count, by: batchSize) {
      let numbers = first..<min(first + batchSize, count)
      let batch = try numbers.map(read)
      let sounds = inverter.invert(batch, length: length, firstClip: UInt32(first), on: workers)
      for (number, (wanted, sound)) in zip(numbers, zip(batch, sounds)) {
        try body(number, wanted, sound)
      }
    }
  }

  /// Calls `body`, naming spectrogram `index` in what it throws.
  func naming<Result>(_ index: Int, _ body: () throws -> Result) throws -> Result {
    try CommandError.naming(
      count == 1 ? path : "\(path), spectrogram \(index)", body)
  }

  /// What sound `index` is called.
  func stem(_ index: Int) -> String { count == 1 ? stem : "\(stem)-\(fileNumber(index))" }

  init(path: String, momentsPath: String?, _ configuration: Configuration) throws {
    if Folder.isFolder(path) {
      self.init(cache: try Cache(path: path), try Cache(path: path).spectrograms())
    } else if path.hasSuffix(".safetensors") {
      try self.init(tensors: try SafetensorsFile(path: path), momentsPath, configuration)
    } else {
      try self.init(sound: path, configuration)
    }
  }

  private init(
    path: String, _ spectrogram: SpectrogramConfiguration, sampleRate: Int, length: Int? = nil,
    count: Int = 1, read: @escaping (Int) throws -> MagnitudeSpectrogram
  ) {
    self.path = path
    self.spectrogram = spectrogram
    self.sampleRate = sampleRate
    self.length = length
    self.count = count
    self.read = read
  }
}

// MARK: - The kinds

extension InversionInput {
  private init(cache: Cache, _ examples: CachedExamples) {
    self.init(
      path: cache.path, cache.spectrogram, sampleRate: cache.audio.sampleRate,
      count: examples.count
    ) { index in
      let place = Tensor(shape: [1] + examples.shape)
      examples.copy(index, to: 0, of: place)
      let normalizer = try SpectrogramNormalizer(
        configuration: cache.spectrogram, moments: cache.moments)
      return place.withSpan { normalizer.magnitudes(of: $0) }
    }
  }

  /// A sound's magnitudes in centred frames; its phases stay behind.
  private init(sound path: String, _ configuration: Configuration) throws {
    let waveform: Waveform
    do {
      waveform = try AudioFile.read(path).mixed(to: 1)
    } catch AudioFileError.notAudio(let path, _) {
      throw CommandError.unknownInput(
        path: path, expected: "a cache, a safetensors file or a sound")
    }
    self.init(
      path: path, configuration.spectrogram, sampleRate: waveform.sampleRate,
      length: waveform.frameCount
    ) { _ in
      var stft = try STFT(configuration.spectrogram)
      return stft.magnitudes(of: waveform.samples.span, framing: .centered)
    }
  }

  private init(
    tensors file: SafetensorsFile, _ momentsPath: String?, _ configuration: Configuration
  ) throws {
    if file.entry("magnitude") != nil {
      try self.init(magnitude: file, configuration)
    } else if file.entry("spectrograms") != nil {
      try self.init(spectrograms: file, momentsPath, configuration)
    } else {
      throw CommandError.unknownInput(
        path: file.path, expected: "a file with a tensor 'magnitude' or 'spectrograms'")
    }
  }

  private init(magnitude file: SafetensorsFile, _ configuration: Configuration) throws {
    let shape = file.entry("magnitude")?.shape ?? []
    let bins = configuration.spectrogram.binCount
    guard shape.count == 2, shape[1] == bins else {
      throw CommandError.shape(
        path: file.path, name: "magnitude", found: shape, expected: "[frames, \(bins)]")
    }
    self.init(
      path: file.path, configuration.spectrogram, sampleRate: configuration.audio.sampleRate
    ) { _ in
      MagnitudeSpectrogram(
        frameCount: shape[0], binCount: bins, values: try file.floats("magnitude"),
        framing: .published)
    }
  }

  private init(
    spectrograms file: SafetensorsFile, _ momentsPath: String?, _ configuration: Configuration
  ) throws {
    let shape = file.entry("spectrograms")?.shape ?? []
    let bins = configuration.spectrogram.binCount
    guard shape.count == 3, shape[2] == bins - 1 else {
      throw CommandError.shape(
        path: file.path, name: "spectrograms", found: shape, expected: "[n, frames, \(bins - 1)]")
    }
    let source = try momentsPath.map { try SafetensorsFile(path: $0) } ?? file
    guard source.entry("mean") != nil, source.entry("deviation") != nil else {
      throw CommandError.noMoments(path: source.path)
    }
    let normalizer = try CommandError.naming(source.path) {
      let moments = try Moments(
        mean: try source.floats("mean", shape: [bins]),
        deviation: try source.floats("deviation", shape: [bins]))
      return try SpectrogramNormalizer(
        configuration: configuration.spectrogram, moments: moments)
    }
    let size = shape[1] * shape[2]
    self.init(
      path: file.path, configuration.spectrogram, sampleRate: configuration.audio.sampleRate,
      count: shape[0]
    ) { index in
      try file.withFloats("spectrograms") { values in
        normalizer.magnitudes(of: values.extracting(index * size..<(index + 1) * size))
      }
    }
  }
}
