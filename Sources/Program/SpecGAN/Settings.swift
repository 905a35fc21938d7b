public import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANWorkers
public import Spectra
public import Waveforms

/// The settings of preprocessing, training and inversion: a configuration file in memory.
///
/// ```swift
/// var settings = Settings.small
/// try settings.set("training.learning_rate=0.0004")
/// ```
///
/// <doc:Configuration> lists the keys.
public struct Settings: Equatable, Sendable {
  var configuration: Configuration

  init(_ configuration: Configuration) { self.configuration = configuration }

  /// Creates the default settings, which are those of the paper.
  public init() { configuration = Configuration() }

  /// Reads the settings in a file, such as one that `specgan init` writes.
  ///
  /// - Parameter path: the file; missing keys have their defaults.
  /// - Throws: ``SpecGANError`` with the line of the first unknown key or value out of range.
  public init(contentsOf path: String) throws(SpecGANError) {
    configuration = try Configuration(path: path)
  }

  /// Reads the settings in a text, which has the format of a configuration file.
  ///
  /// - Parameter text: the YAML text; missing keys have their defaults.
  /// - Throws: ``SpecGANError`` with the line of the first unknown key or value out of range.
  public init(text: String) throws(SpecGANError) {
    configuration = try Configuration(yaml: text, path: "The text")
  }

  /// Settings for a few CPU cores: narrow networks, small batches, the loss `rpgan`, and
  /// spectrograms normalized by range.
  public static var small: Settings { Settings(.small) }

  /// Changes one setting.
  ///
  /// - Parameter assignment: the key and the value, such as `network.dimension=16`.
  /// - Throws: ``SpecGANError`` if the key is unknown or the value out of range; the settings are
  ///   then unchanged.
  public mutating func set(_ assignment: String) throws(SpecGANError) {
    try configuration.set(assignment)
  }

  /// The complete text of a configuration file with these settings.
  public var text: String { configuration.yaml }
  /// The model, `specgan` or `wavegan`.
  public var model: String { configuration.model.rawValue }
  /// The length of a clip, in frames.
  public var sliceLength: Int { configuration.audio.sliceLength }
  /// The `audio` section.
  public var audio: AudioConfiguration { configuration.audio }
  /// The `spectrogram` section.
  public var spectrogram: SpectrogramConfiguration { configuration.spectrogram }
  /// The `inversion` section.
  public var inversion: InversionConfiguration { configuration.inversion }
  /// The number of processors that this process may use.
  public static var processorCount: Int { Workers.processorCount }
  /// The version of this package and those of its C libraries, one per line.
  public static var versions: String { Versions.description }
}
