internal import Scores
package import SpecGANErrors
internal import Spectra
package import Waveforms

/// The log-mel spectrograms that the paper's distances to nearest neighbours are between.
package enum NeighborFeatures: Int, CaseIterable, Sendable {
  /// As the paper describes them: its classifier's, of frames of 1024 samples.
  case paper
  /// As the published code makes them: frames of 2048, of samples that are 16-bit integers. The
  /// floor under the logarithm is that much deeper.
  case code

  /// Samples of a frame.
  var frameLength: Int { self == .paper ? 1_024 : 2_048 }
  /// What a full-scale sample is.
  var fullScale: Float { self == .paper ? 1 : 0x1p15 }
}

/// What one worker needs to make log-mel spectrograms.
package final class MelBench: @unchecked Sendable {  // one worker alone uses it
  private var paper, code: MelSpectrogram
  private let frameCount: Int

  /// Stretches of time and of bands that ``summary(of:)`` tells apart.
  static let (times, bands) = (8, 16)
  /// Numbers of a summary.
  static let summarySize = times * bands

  private init(_ audio: AudioConfiguration) throws(SpecGANError) {
    paper = try MelSpectrogram(
      frameLength: NeighborFeatures.paper.frameLength, sampleRate: audio.sampleRate)
    code = try MelSpectrogram(
      frameLength: NeighborFeatures.code.frameLength, sampleRate: audio.sampleRate)
    frameCount = paper.frameCount(of: audio.sliceLength)
  }

  /// One for each of `count` workers, for sounds like those of `audio`.
  package static func team(
    _ count: Int, _ audio: AudioConfiguration
  ) throws(SpecGANError) -> [MelBench] {
    try (0..<count).map { (_) throws(SpecGANError) in try MelBench(audio) }
  }

  /// Numbers of a spectrogram of a slice of `audio`.
  static func size(_ audio: AudioConfiguration) throws(SpecGANError) -> Int {
    try MelSpectrogram(sampleRate: audio.sampleRate).frameCount(of: audio.sliceLength)
      * MelSpectrogram.bandCount
  }

  /// The spectrogram of `slice` by `definition`, `[frames, bands]`.
  package func logarithms(of slice: [Float], _ definition: NeighborFeatures) -> [Float] {
    switch definition {
    case .paper: return paper.logarithms(of: slice.span)
    case .code:
      let scaled = slice.map { $0 * NeighborFeatures.code.fullScale }
      return code.logarithms(of: scaled.span)
    }
  }

  /// The means of a spectrogram, `[frames, bands]`, over ``times`` stretches and ``bands`` groups
  /// of bands.
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
