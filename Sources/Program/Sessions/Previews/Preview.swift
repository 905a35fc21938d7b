package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANPictures
package import SpecGANSynthesis
package import SpecGANTensors
internal import Spectra
internal import Waveforms

/// What the generator makes of a run's own latents, always the same ones, after one step.
package struct Preview: Sendable {
  /// The step.
  package let step: Int
  /// The generator's output, `[count] + sampleShape`.
  package let samples: Tensor
  /// The clip of each.
  package let clips: [PicturedClip]
  /// Examples of a cache, to compare them with; none if there was no cache.
  package let realClips: [PicturedClip]
  /// The bytes of a PNG of the clips' spectrograms, below those of real ones.
  package let overview: [UInt8]
  /// The spectral distance of generated clips from the cache's, in dB; lower is better. See
  /// ``SpectralStatistics/distance(to:)``.
  ///
  /// It is of ``scoredCount`` clips, the first of which are ``clips``. Nil if there is nothing to
  /// compare with, and if clips are so loud that it is not finite.
  package let distance: Float?

  /// Generated clips that ``distance`` is measured over.
  package static let scoredCount = 64
  /// Examples that ``distance`` is measured over, if a cache has as many.
  package static let scoredRealCount = 256
  /// The most clips of a row in ``overview``.
  private static let overviewColumns = 8

  init(
    step: Int, samples: Tensor, clips: [PicturedClip], realClips: [PicturedClip], distance: Float?
  ) throws(SpecGANError) {
    self.step = step
    self.samples = samples
    self.clips = clips
    self.realClips = realClips
    self.distance = distance
    let rows = [realClips, clips].filter { !$0.isEmpty }.map { row in
      row.prefix(Self.overviewColumns).map { Picture(decibels: $0.magnitudes, mostColumns: 128) }
    }
    overview = try Picture.sideBySide(rows, gap: 12).png()
  }
}

// MARK: - Files

extension Preview {
  /// The name of a clip of all of them, one after the other.
  package static let joinedStem = "preview"

  /// The name of clip number `index`.
  static func stem(_ index: Int) -> String { index < 10 ? "0\(index)" : "\(index)" }

  /// Writes a WAV and a picture for each clip, and the overview.
  ///
  /// - Parameters:
  ///   - folder: The folder, which is created if it is missing.
  ///   - silence: The frames between two clips of a clip of all of them; nil for no such clip.
  /// - Returns: The writer, which knows how many clips and clipped samples there are.
  /// - Throws: ``SpecGANError`` if one cannot be written.
  @discardableResult
  package func write(
    to folder: String, joinedBy silence: Int? = nil
  ) throws(SpecGANError) -> SoundWriter {
    var writer = try SoundWriter(folder: folder, format: .pcm16, withPictures: true)
    writer.joining = silence.map { .init(stem: Self.joinedStem, silence: $0) }
    try Self.write(clips, by: &writer)
    try writer.writeJoined()
    try unsafe AtomicFile.replace(
      "\(folder)/\(SoundWriter.overviewStem).png", with: overview.span.bytes)
    return writer
  }

  /// Writes a WAV and a picture for each of `clips`.
  static func write(_ clips: [PicturedClip], by writer: inout SoundWriter) throws(SpecGANError) {
    for (index, clip) in clips.enumerated() { try writer.write(clip, stem: stem(index)) }
  }
}
