internal import Foundation
internal import Networks
package import Safetensors
internal import Scores
package import SpecGANErrors
internal import SpecGANModels
internal import SpecGANTensors
internal import Spectra
internal import Waveforms

extension Classifier {
  /// The current version of the file format.
  package static let schemaVersion = "3"
  /// The versions that can be read; in version 2 features are ``FeatureSet/published``.
  private static let readableVersions = ["2", schemaVersion]

  /// The kind of the file in its metadata.
  private static let kind = "classifier"

  private enum Key {
    static let kind = "kind"
    static let schemaVersion = "schema_version"
    /// The labels in JSON.
    static let labels = "labels"
    /// An `AudioConfiguration` in JSON.
    static let audio = "audio"
    /// A `MelDefinition` in JSON; in version 2 without its highest frequency and scale.
    static let spectrogram = "spectrogram"
    /// A ``Classifier/Report`` in JSON.
    static let report = "report"
  }

  /// Returns whether `file` is a classifier by its metadata.
  package static func isClassifier(_ file: SafetensorsFile) -> Bool {
    file.metadata[Key.kind] == kind
  }

  // MARK: - Writing

  /// Writes the classifier to `path`, completely or not at all. Equal classifiers give equal bytes.
  ///
  /// - Throws: ``SpecGANError`` if `path` cannot be written.
  package func write(to path: String) throws(SpecGANError) {
    var contents = SafetensorsContents(metadata: [
      Key.kind: Self.kind, Key.schemaVersion: Self.schemaVersion, Key.labels: Self.json(labels),
      Key.audio: Self.json(audio),
      Key.spectrogram: Self.json(features.definition(sampleRate: audio.sampleRate)),
      Key.report: Self.json(report),
    ])
    for (name, slice) in weights.parameters.slices + (weights.statistics?.slices ?? []) {
      contents.append(name, slice)
    }
    contents.addChecksums()
    try contents.write(to: path)
  }

  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      trap("\(value) cannot be written as JSON")
    }
    return String(decoding: data, as: UTF8.self)
  }

  // MARK: - Reading

  /// Reads and verifies the classifier at `path`.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read, is damaged, or is not a classifier.
  package init(path: String) throws(SpecGANError) {
    let file: SafetensorsFile
    file = try SafetensorsFile(path: path)
    try file.verifyChecksums()
    guard Self.isClassifier(file), let version = file.metadata[Key.schemaVersion] else {
      throw .notClassifier(path: path)
    }
    guard Self.readableVersions.contains(version) else {
      throw .classifierVersion(path: path, found: version)
    }
    func value<Value: Decodable>(_ key: String) throws(SpecGANError) -> Value {
      let data = Data((file.metadata[key] ?? "").utf8)
      guard let value = try? JSONDecoder().decode(Value.self, from: data) else {
        throw .notClassifier(path: path)
      }
      return value
    }
    (labels, audio) = (try value(Key.labels), try value(Key.audio))
    report = try value(Key.report)
    guard Self.isPossible(labels, audio, report) else { throw .notClassifier(path: path) }
    let definition = report.settings.features.definition(sampleRate: audio.sampleRate)
    if version == Self.schemaVersion {
      guard try value(Key.spectrogram) == definition else { throw .notClassifier(path: path) }
    }
    network = ClassifierNetwork(
      frames: MelPictures.frameCount(of: audio, report.settings.features),
      bands: MelSpectrogram.bandCount,
      channels: report.settings.channels, classes: labels.count)
    weights = try Self.weights(of: network, in: file)
  }

  /// Returns whether the metadata of a file describe a valid network.
  private static func isPossible(
    _ labels: [String], _ audio: AudioConfiguration, _ report: Report
  ) -> Bool {
    let parts = [report.training, report.validation, report.test]
    let shares = [report.testAccuracy, report.validationAccuracy]
    return classCounts.contains(labels.count) && sliceLengths.contains(audio.sliceLength)
      && AudioConfiguration.sampleRates.contains(audio.sampleRate)
      && AudioConfiguration.channelCounts.contains(audio.channels)
      && ClassifierNetwork.channelCounts.contains(report.settings.channels)
      && parts.allSatisfy { $0.classes.count == labels.count }
      && shares.allSatisfy { (0...1).contains($0) }
  }

  private static func weights(
    of network: ClassifierNetwork, in file: SafetensorsFile
  ) throws(SpecGANError) -> NetworkWeights {
    let layouts = (network.network.layout, network.network.statistics)
    // Checks the shapes before it allocates memory for them.
    for entry in layouts.0.entries + layouts.1.entries {
      try file.withFloats(entry.name, shape: entry.shape) { _ in }
    }
    return NetworkWeights(
      parameters: try parameters(layouts.0, in: file),
      statistics: try parameters(layouts.1, in: file))
  }

  private static func parameters(
    _ layout: ParameterLayout, in file: SafetensorsFile
  ) throws(SpecGANError) -> Parameters {
    let parameters = Parameters(layout)
    for (name, slice) in parameters.slices {
      try file.withFloats(name) { values in
        slice.withMutableSpan { for index in values.indices { $0[index] = values[index] } }
      }
    }
    if let name = parameters.firstNotFinite { throw .weights(path: file.path, name: name) }
    return parameters
  }
}

extension Classifier {
  /// The allowed numbers of classes.
  package static let classCounts = 2...4_096
  /// The allowed slice lengths in samples: up to about a minute at 16 kHz.
  package static let sliceLengths = 1...1 << 20
}
