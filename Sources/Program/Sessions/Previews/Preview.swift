package import SpecGANErrors
internal import SpecGANPictures
package import SpecGANSettings
package import SpecGANSynthesis
package import SpecGANTensors
internal import Waveforms

/// What the generator makes of a run's own latents, always the same ones, after one step.
package struct Preview: Sendable {
  /// The step.
  package let step: Int
  /// The generator's output, `[count] + sampleShape`.
  package let samples: Tensor
  /// What is heard of each.
  package let sounds: [SoundRenderer.Sound]
  /// Examples of a cache, to compare them with; none where there was no cache.
  package let realSounds: [SoundRenderer.Sound]
  /// How far the generator's sounds are from the cache's, in decibels; lower is better. See
  /// ``SpectralStatistics/distance(to:)``; it is of ``scoredCount`` sounds, the first of
  /// which are ``sounds``. Nil where there is nothing to compare with, and where sounds are so loud that it
  /// is no number.
  package let distance: Float?

  /// Generated sounds that ``distance`` is measured over.
  package static let scoredCount = 64
  /// Examples that ``distance`` is measured over, where a cache has as many.
  package static let scoredRealCount = 256
}

// MARK: - Files

extension Preview {
  /// The name of a sound of all of them, one after the other, where there is to be one.
  package static let joinedStem = "preview"

  /// What sound number `index` is called.
  static func stem(_ index: Int) -> String { index < 10 ? "0\(index)" : "\(index)" }

  /// Writes a WAV and a picture a sound, and all pictures together, below those of the real sounds.
  ///
  /// - Parameters:
  ///   - folder: where to.
  ///   - configuration: the run's.
  ///   - isJoined: whether there is to be a sound of all of them, too.
  /// - Returns: what wrote them.
  /// - Throws: ``SpecGANError`` where one cannot be written.
  @discardableResult
  package func write(
    to folder: String, _ configuration: Configuration, isJoined: Bool = false
  ) throws(SpecGANError) -> SoundWriter {
    var writer = try SoundWriter(folder: folder, format: .pcm16, withPictures: true)
    if isJoined {
      writer.joining = .init(
        stem: Self.joinedStem, silence: configuration.silenceBetweenClips)
    }
    try Self.write(sounds, by: &writer, configuration)
    try writer.writeJoined()
    try writeOverview(to: folder, configuration)
    return writer
  }

  /// Writes a WAV and a picture a sound.
  static func write(
    _ sounds: [SoundRenderer.Sound], by writer: inout SoundWriter, _ configuration: Configuration
  ) throws(SpecGANError) {
    for (index, sound) in sounds.enumerated() {
      try writer.write(
        sound.waveform, wanted: sound.wanted, configuration.spectrogram, stem: stem(index))
    }
  }

  /// The spectrograms of what is heard: the cache's sounds above, the generator's below.
  private func writeOverview(
    to folder: String, _ configuration: Configuration
  ) throws(SpecGANError) {
    var rows: [[Picture]] = []
    for row in [realSounds, sounds] where !row.isEmpty {
      var pictures: [Picture] = []
      for sound in row.prefix(8) {
        let magnitudes = try sound.waveform.magnitudes(configuration.spectrogram)
        pictures.append(Picture(decibels: magnitudes, mostColumns: 128))
      }
      rows.append(pictures)
    }
    let sheet = Picture.sideBySide(rows, gap: 12)
    try sheet.write(to: "\(folder)/\(SoundWriter.overviewStem).png")
  }
}
