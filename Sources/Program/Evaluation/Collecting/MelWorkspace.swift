internal import Scores
package import SpecGANClassification
package import SpecGANErrors
internal import Spectra
package import Waveforms

/// The workspace of one worker for log-mel spectrograms.
package final class MelWorkspace: @unchecked Sendable {  // each is used by one worker at a time
  private var transforms: [Transform] = []
  private let frameCount: Int

  /// A transform by one definition.
  private final class Transform {
    var mel: MelSpectrogram

    init(_ definition: MelDefinition, sampleRate: Int) throws(SpecGANError) {
      mel = try MelSpectrogram(definition, sampleRate: sampleRate)
    }
  }

  /// The numbers of time ranges and of band groups in a summary.
  static let (timeRanges, bandGroups) = (8, 16)
  /// The number of elements in a summary.
  static let summarySize = timeRanges * bandGroups

  private init(_ audio: AudioConfiguration, _ features: FeatureSet) throws(SpecGANError) {
    for definition in features.definitions(sampleRate: audio.sampleRate) {
      transforms.append(try Transform(definition, sampleRate: audio.sampleRate))
    }
    // The same for all definitions of a set: it depends only on the frame step.
    frameCount = transforms[0].mel.frameCount(of: audio.sliceLength)
  }

  /// Returns `count` workspaces, one for each worker, for clips with the settings `audio`.
  package static func workspaces(
    count: Int, _ audio: AudioConfiguration, _ features: FeatureSet
  ) throws(SpecGANError) -> [MelWorkspace] {
    try (0..<count).map { (_) throws(SpecGANError) in try MelWorkspace(audio, features) }
  }

  /// The number of definitions.
  var definitionCount: Int { transforms.count }
  /// The number of elements in a slice's spectrogram, the same for all definitions.
  var spectrogramSize: Int { frameCount * MelDefinition.bandCount }

  /// Returns the log-mel spectrogram of `slice` by the definition with the index `definition`,
  /// `[frames, bands]`.
  package func logarithms(of slice: [Float], _ definition: Int) -> [Float] {
    transforms[definition].mel.logarithms(of: slice.span)
  }

  /// Cuts a spectrogram, `[frames, bands]`, into ``timeRanges`` × ``bandGroups`` cells, and returns
  /// the mean of each.
  package func summary(of logarithms: [Float]) -> [Float] {
    let bandCount = MelDefinition.bandCount
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
