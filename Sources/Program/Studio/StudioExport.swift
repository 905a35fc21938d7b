internal import Foundation
package import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSynthesis
package import SpecGANTensors
internal import Waveforms

/// The studio's page with the sounds of a run's map inside, which needs no server.
package enum StudioExport {
  /// Returns the page.
  ///
  /// Its sounds have the inversion of the run and their recipes, so that a sound that is saved from
  /// the page can be generated again.
  ///
  /// - Parameters:
  ///   - run: the run; its map is found if it is not known.
  ///   - engine: the threads to find it with.
  ///   - progress: called after each batch with the number of sounds so far, and of all.
  /// - Returns: the page, and the gain of each of its sounds in dB.
  /// - Throws: ``SpecGANError`` if a sound is not finite, or all are silent.
  package static func page(
    of run: StudioRun, engine: Engine, progress: (_ done: Int, _ total: Int) -> Void
  ) throws(SpecGANError) -> (markup: String, gains: [Double]) {
    run.findMap(on: engine)
    let map: StudioMap
    switch run.map {
    case .known(let found): map = found
    case .failed(let error): throw error
    case .pending: trap("a map is found or fails")
    }
    guard !map.points.isEmpty else { throw .onlySilence(path: run.path) }
    let labels = run.checkpoint.labels
    let numbers = map.points.map(\.number)
    var sounds: [String] = []
    var gains: [Double] = []
    for start in stride(from: 0, to: numbers.count, by: SampleGenerator.batchSize) {
      let part = Array(numbers[start..<min(start + SampleGenerator.batchSize, numbers.count)])
      let chosen = ChosenLatents(drawnFor: run.checkpoint.gan, numbers: part, seed: run.seed)
      for (place, clip) in try run.clips(of: chosen, run.writtenInversion).enumerated() {
        let label = chosen.labels.isEmpty ? "sound" : labels[chosen.labels[place].dominant]
        let written = try run.written(
          clip, run.recipe(place, of: chosen), title: "\(label) \(part[place] + 1)", format: .pcm16)
        sounds.append(Data(written.bytes).base64EncodedString())
        gains.append(written.gainDB)
      }
      progress(start + part.count, numbers.count)
    }
    let contents = Contents(
      seed: String(run.seed), run: RunReport(run), map: MapReport(map), sounds: sounds)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(contents) else {
      trap("a page has values that are not JSON")
    }
    return (StudioPage.exported(String(decoding: data, as: UTF8.self)), gains)
  }

  private struct Contents: Encodable {
    /// The seed of the sounds, as text like that of a ``RunList``.
    let seed: String
    let run: RunReport
    let map: MapReport
    /// The WAV file of each point of the map.
    let sounds: [String]
  }
}
