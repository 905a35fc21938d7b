internal import Scores
package import SpecGANErrors
internal import Spectra
package import Waveforms

/// The definition of the log-mel spectrograms for distances to nearest neighbors.
package enum NeighborFeatures: Int, CaseIterable, Sendable {
  /// As in the paper: those of its classifier, with frames of 1024 samples.
  case paper
  /// As in the reference: frames of 2048 samples, which are 16-bit integers, so that the floor
  /// under the logarithm is lower.
  case code

  /// The number of samples in a frame.
  var frameLength: Int { self == .paper ? 1_024 : 2_048 }
  /// The value of a full-scale sample.
  var fullScale: Float { self == .paper ? 1 : 0x1p15 }
}

/// The workspace of one worker for log-mel spectrograms.
package final class MelBench: @unchecked Sendable {  // only one worker uses it
  private var paper, code: MelSpectrogram
  private let frameCount: Int

  /// The numbers of time ranges and of band groups in ``summary(of:)``.
  static let (times, bands) = (8, 16)
  /// The number of elements in a summary.
  static let summarySize = times * bands

  private init(_ audio: AudioConfiguration) throws(SpecGANError) {
    paper = try MelSpectrogram(
      frameLength: NeighborFeatures.paper.frameLength, sampleRate: audio.sampleRate)
    code = try MelSpectrogram(
      frameLength: NeighborFeatures.code.frameLength, sampleRate: audio.sampleRate)
    frameCount = paper.frameCount(of: audio.sliceLength)
  }

  /// Returns a workspace for each of `count` workers, for clips with the settings `audio`.
  package static func team(
    _ count: Int, _ audio: AudioConfiguration
  ) throws(SpecGANError) -> [MelBench] {
    try (0..<count).map { (_) throws(SpecGANError) in try MelBench(audio) }
  }

  /// Returns the number of elements in the spectrogram of a slice with the settings `audio`.
  static func size(_ audio: AudioConfiguration) throws(SpecGANError) -> Int {
    try MelSpectrogram(sampleRate: audio.sampleRate).frameCount(of: audio.sliceLength)
      * MelSpectrogram.bandCount
  }

  /// Returns the spectrogram of `slice` by `definition`, `[frames, bands]`.
  package func logarithms(of slice: [Float], _ definition: NeighborFeatures) -> [Float] {
    switch definition {
    case .paper: return paper.logarithms(of: slice.span)
    case .code:
      let scaled = slice.map { $0 * NeighborFeatures.code.fullScale }
      return code.logarithms(of: scaled.span)
    }
  }

  /// Returns the means of a spectrogram, `[frames, bands]`, over ``times`` time ranges and
  /// ``bands`` band groups.
  package func summary(of logarithms: [Float]) -> [Float] {
    var sums = [Float](repeating: 0, count: Self.summarySize)
    var counts = [Float](repeating: 0, count: Self.summarySize)
    for (place, value) in logarithms.enumerated() {
      let (frame, band) = place.quotientAndRemainder(dividingBy: MelSpectrogram.bandCount)
      let cell =
        frame * Self.times / frameCount * Self.bands + band * Self.bands / MelSpectrogram.bandCount
      sums[cell] += value
      counts[cell] += 1
    }
    return zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
  }
}
