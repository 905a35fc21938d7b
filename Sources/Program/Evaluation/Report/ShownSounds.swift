internal import Scores
internal import SpecGANErrors
internal import SpecGANReports
internal import SpecGANSettings
internal import Spectra
internal import Waveforms

/// Some clips of a set, with their nearest real clips, for a page.
struct ShownSounds: Sendable {
  /// The number of nearest clips that are shown.
  static let nearestCount = 4

  /// The first clips, in a random order.
  let sounds: [PlayableSound]
  /// The nearest real clips to the first ones, with their distances; none for the real set.
  let nearest: [(sound: PlayableSound, distance: Float)]

  /// Creates the clips of `column`, with pictures by the settings of `training`.
  ///
  /// - Throws: ``SpecGANError`` if a clip cannot be shown.
  init(
    _ column: SoundColumn, _ gathered: GatheredSounds, _ neighbors: TrainingNeighbors,
    _ training: CachedSounds
  ) throws(SpecGANError) {
    func playable(_ waveform: Waveform) throws(SpecGANError) -> PlayableSound {
      return try PlayableSound(waveform, training.spectrogram, name: column.path)
    }
    sounds = try gathered.shown.map(playable)
    let count = column.kind == .real ? 0 : min(Self.nearestCount, sounds.count)
    nearest = try (0..<count).map { (row) throws(SpecGANError) in
      (
        try playable(training.waveform(neighbors.places[row])),
        neighbors.squaredDistances[row].squareRoot()
      )
    }
  }
}
