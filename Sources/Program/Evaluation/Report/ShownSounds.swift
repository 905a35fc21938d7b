internal import Scores
internal import SpecGANErrors
internal import SpecGANReports
internal import SpecGANSettings
internal import Spectra
internal import Waveforms

/// Some sounds of a set, and the real ones nearest to the first of them, as a page carries them.
struct ShownSounds: Sendable {
  /// How many nearest sounds are shown.
  static let nearestCount = 4

  /// The first sounds, in an order by chance.
  let sounds: [PlayableSound]
  /// Of the first ones, the nearest real sound, and how far that is; none for the real ones.
  let nearest: [(sound: PlayableSound, distance: Float)]

  /// Of `column`, as the spectrograms of `training` show them.
  ///
  /// - Throws: ``SpecGANError`` where a sound cannot be shown.
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
