internal import Scores
package import SpecGANErrors
internal import Spectra
package import Waveforms

/// The two definitions of log-mel spectrogram by which nearest neighbors are found.
package enum MelDefinition: Int, CaseIterable, Sendable {
  /// The paper's: the spectrograms of its classifier, frames of 1024 samples.
  case paper
  /// The reference's: frames of 2048 samples, scaled to the range of 16-bit integers (±32768), so
  /// that the constant added before the logarithm is smaller in comparison.
  case reference

  /// The number of samples in a frame.
  var frameLength: Int { self == .paper ? 1_024 : 2_048 }
}

/// The workspace of one worker for log-mel spectrograms.
package final class MelWorkspace: @unchecked Sendable {  // each is used by one worker at a time
  private var paper, reference: MelSpectrogram
  private let frameCount: Int

  /// The numbers of time ranges and of band groups in a summary.
  static let (timeRanges, bandGroups) = (8, 16)
  /// The number of elements in a summary.
  static let summarySize = timeRanges * bandGroups
  /// The factor that samples are multiplied by for ``MelDefinition/reference``.
  private static let referenceScale: Float = 0x1p15

  private init(_ audio: AudioConfiguration) throws(SpecGANError) {
    paper = try MelSpectrogram(
      frameLength: MelDefinition.paper.frameLength, sampleRate: audio.sampleRate)
    reference = try MelSpectrogram(
      frameLength: MelDefinition.reference.frameLength, sampleRate: audio.sampleRate)
    // The same for both: it depends only on the frame step.
    frameCount = paper.frameCount(of: audio.sliceLength)
  }

  /// Returns `count` workspaces, one for each worker, for clips with the settings `audio`.
  package static func workspaces(
    count: Int, _ audio: AudioConfiguration
  ) throws(SpecGANError) -> [MelWorkspace] {
    try (0..<count).map { (_) throws(SpecGANError) in try MelWorkspace(audio) }
  }

  /// Returns the number of elements in the spectrogram of a slice with the settings `audio`, the
  /// same for both definitions.
  static func spectrogramSize(_ audio: AudioConfiguration) throws(SpecGANError) -> Int {
    try MelSpectrogram(sampleRate: audio.sampleRate).frameCount(of: audio.sliceLength)
      * MelSpectrogram.bandCount
  }

  /// Returns the log-mel spectrogram of `slice` according to `definition`, `[frames, bands]`.
  package func logarithms(of slice: [Float], _ definition: MelDefinition) -> [Float] {
    switch definition {
    case .paper: return paper.logarithms(of: slice.span)
    case .reference:
      let scaled = slice.map { $0 * Self.referenceScale }
      return reference.logarithms(of: scaled.span)
    }
  }

  /// Cuts a spectrogram, `[frames, bands]`, into ``timeRanges`` × ``bandGroups`` cells, and returns
  /// the mean of each.
  package func summary(of logarithms: [Float]) -> [Float] {
    let bandCount = MelSpectrogram.bandCount
    var sums = [Float](repeating: 0, count: Self.summarySize)
    var counts = [Float](repeating: 0, count: Self.summarySize)
    for (index, value) in logarithms.enumerated() {
      let (frame, band) = index.quotientAndRemainder(dividingBy: bandCount)
      let timeRange = frame * Self.timeRanges / frameCount
      let bandGroup = band * Self.bandGroups / bandCount
      let cell = timeRange * Self.bandGroups + bandGroup
      sums[cell] += value
      counts[cell] += 1
    }
    // A clip of fewer than 8 frames leaves cells empty.
    return zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
  }
}
