package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANPictures
package import SpecGANSynthesis
package import SpecGANTensors
internal import Spectra
package import Waveforms

/// The clips that a generator makes from the run's fixed latents after a step.
package struct Preview: Sendable {
  /// The step.
  package let step: Int
  /// The generator's output, `[count] + sampleShape`.
  package let samples: Tensor
  /// The clip of each sample.
  package let clips: [PicturedClip]
  /// Real clips of a cache for comparison; empty without a cache.
  package let realClips: [PicturedClip]
  /// The bytes of a PNG of the clips' spectrograms, with their numbers and labels, below those of
  /// the real clips.
  package let overview: [UInt8]
  /// The spectral distance of generated clips from the cache's, in dB; lower is better. See
  /// ``SpectralStatistics/distance(to:)``.
  ///
  /// It is measured over at least ``scoredCount`` generated clips, the first of which are
  /// ``clips``. Nil without real clips, or if clips are so loud that it is not finite.
  package let distance: Float?

  /// The smallest number of generated clips over which ``distance`` is measured.
  package static let scoredCount = 64
  /// The number of real clips over which ``distance`` is measured, if the cache has as many.
  package static let scoredRealCount = 256
  /// The largest number of clips in a row of ``overview``.
  private static let overviewColumns = 8

  init(
    step: Int, samples: Tensor, clips: [PicturedClip], labels: [String],
    realClips: [PicturedClip], distance: Float?
  ) throws(SpecGANError) {
    self.step = step
    self.samples = samples
    self.clips = clips
    self.realClips = realClips
    self.distance = distance
    let pictures = [realClips, clips].map { row in
      row.prefix(Self.overviewColumns).map { Picture(decibels: $0.magnitudes, mostColumns: 128) }
    }
    let rows = [
      pictures[0].map { $0.captioned("real") },
      pictures[1].enumerated().map { index, picture in
        let label = labels.isEmpty ? "" : " \(labels[index])"
        return picture.captioned(Self.stem(index) + label)
      },
    ].filter { !$0.isEmpty }
    overview = try Picture.sideBySide(rows, gap: 12).png()
  }
}

// MARK: - TensorBoard

extension Preview {
  /// The largest size of the clips of a preview in an event file, in bytes.
  private static let mostBytesInEvents = 1 << 19

  /// Returns the largest number of clips that an event file has of a preview whose WAV files have
  /// `size` bytes each: 512 KiB, but at least two clips.
  ///
  /// All clips are in the run's folder, and the overview has the spectrograms of the first eight.
  package static func clipCountInEvents(ofSize size: Int) -> Int {
    max(2, mostBytesInEvents / max(size, 1))
  }
}

// MARK: - Files

extension Preview {
  /// The name of the file with all clips concatenated.
  package static let joinedStem = "preview"

  /// Returns the name of clip `index`.
  static func stem(_ index: Int) -> String { index < 10 ? "0\(index)" : "\(index)" }

  /// Returns the names of the files that ``write(to:joinedBy:)`` writes.
  package func fileNames(isJoined: Bool) -> [String] {
    clips.indices.flatMap { ["\(Self.stem($0)).wav", "\(Self.stem($0)).png"] }
      + ["\(SoundWriter.overviewStem).png"] + (isJoined ? ["\(Self.joinedStem).wav"] : [])
  }

  /// Writes a WAV and a picture for each clip, and the overview.
  ///
  /// - Parameters:
  ///   - folder: the folder, which is created if it is missing.
  ///   - silence: the number of frames of silence between two clips in a file with all clips
  ///     concatenated; nil for no such file.
  ///   - level: the level at which the maker encoded the clips.
  /// - Returns: the writer, with the number of clips and of clipped samples.
  /// - Throws: ``SpecGANError`` if one of the files cannot be written.
  @discardableResult
  package func write(
    to folder: String, joinedBy silence: Int? = nil, level: OutputLevel = .protect
  ) throws(SpecGANError) -> SoundWriter {
    var writer = try SoundWriter(folder: folder, mastering: .init(level: level), withPictures: true)
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
