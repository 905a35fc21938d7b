internal import Spectra
internal import Waveforms

// MARK: - Settings, under the configuration's names

/// The `audio` section.
struct AudioRecord: Codable, Equatable, Sendable {
  var sampleRate: Int
  var sliceLength: Int
  var channels: Int
  var overlap: Double
  var firstSliceOnly: Bool
  var padEnd: Bool
  var normalize: Bool

  init(_ configuration: AudioConfiguration) {
    sampleRate = configuration.sampleRate
    sliceLength = configuration.sliceLength
    channels = configuration.channels
    overlap = configuration.overlap
    firstSliceOnly = configuration.firstSliceOnly
    padEnd = configuration.padEnd
    normalize = configuration.normalize
  }

  var configuration: AudioConfiguration {
    var configuration = AudioConfiguration()
    configuration.sampleRate = sampleRate
    configuration.sliceLength = sliceLength
    configuration.channels = channels
    configuration.overlap = overlap
    configuration.firstSliceOnly = firstSliceOnly
    configuration.padEnd = padEnd
    configuration.normalize = normalize
    return configuration
  }

  private enum CodingKeys: String, CodingKey {
    case sampleRate = "sample_rate"
    case sliceLength = "slice_length"
    case channels, overlap, normalize
    case firstSliceOnly = "first_slice_only"
    case padEnd = "pad_end"
  }
}

/// The `spectrogram` section.
struct SpectrogramRecord: Codable, Equatable, Sendable {
  var frameLength: Int
  var frameStep: Int
  var window: String
  var logFloor: Float
  var clipDeviations: Float

  init(_ configuration: SpectrogramConfiguration) {
    frameLength = configuration.frameLength
    frameStep = configuration.frameStep
    window = configuration.window.rawValue
    logFloor = configuration.logFloor
    clipDeviations = configuration.clipDeviations
  }

  /// `nil` where the window is none that there is.
  var configuration: SpectrogramConfiguration? {
    guard let window = SpectrogramConfiguration.Window(rawValue: window) else { return nil }
    var configuration = SpectrogramConfiguration()
    configuration.frameLength = frameLength
    configuration.frameStep = frameStep
    configuration.window = window
    configuration.logFloor = logFloor
    configuration.clipDeviations = clipDeviations
    return configuration
  }

  private enum CodingKeys: String, CodingKey {
    case frameLength = "frame_length"
    case frameStep = "frame_step"
    case window
    case logFloor = "log_floor"
    case clipDeviations = "clip_deviations"
  }
}
