internal import SpecGANErrors
internal import SpecGANExploration
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTensors
internal import Waveforms

/// The runs of a studio, for JSON.
struct RunList: Encodable {
  /// The seed as text, because numbers of scripts have 53 bits.
  let seed: String
  let runs: [RunReport]

  init(_ studio: Studio) {
    seed = String(studio.seed)
    runs = studio.runs.map { RunReport($0) }
  }
}

/// A run, for JSON.
struct RunReport: Encodable {
  let name: String
  let step: Int
  /// Identifies the generator, wherever it is, so that the page keeps stars of other ones apart.
  let id: String
  let model: String
  let labels: [String]
  let sampleRate: Int
  let seconds: Double

  init(_ run: StudioRun) {
    let configuration = run.checkpoint.configuration
    (name, step) = (run.name, run.checkpoint.step)
    id = ClipSource.generatorDigest(of: run.checkpoint)
    model = configuration.model.rawValue
    labels = run.checkpoint.labels
    sampleRate = configuration.audio.sampleRate
    seconds = Double(configuration.audio.sliceLength) / Double(sampleRate)
  }
}

/// A map, for JSON.
struct MapReport: Encodable {
  let points: [Point]
  let silent: Int

  struct Point: Encodable {
    let number: Int
    let x, y: Double
    /// The index of the label.
    let label: Int?
    /// The value of each descriptor.
    let facts: [String: Double]
  }

  init(_ map: StudioMap) {
    silent = map.silentCount
    points = map.points.map { point in
      Point(
        number: point.number, x: Self.rounded(point.x), y: Self.rounded(point.y),
        label: point.label,
        facts: Dictionary(
          uniqueKeysWithValues: point.descriptors.map { ($0.rawValue, Self.rounded($1)) }))
    }
  }

  /// Returns `value` with four decimals.
  private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}

/// The directions of a run, for JSON.
struct DirectionReport: Encodable {
  let directions: [Direction]

  struct Direction: Encodable {
    let name, unit: String
    let effect, correlation: Double
  }

  init(_ found: LatentDirections) {
    directions = found.directions.map {
      Direction(name: $0.name, unit: $0.unit, effect: $0.effect, correlation: $0.correlation)
    }
  }
}

/// The parameters that name a sound without another one, for JSON.
struct LatentReport: Encodable {
  let number: Int
  let seed: String
  let z: String
  /// The weights of labels by their indices, as a parameter; nil without labels.
  let labels: String?

  init(_ chosen: ChosenLatents) {
    (number, seed) = (chosen.numbers[0], String(chosen.seed))
    z = chosen.latents.values.base64
    labels = chosen.labels.first.map { mix in
      mix.weights.enumerated().filter { $0.element > 0 }.map { "\($0.offset):\($0.element)" }
        .joined(separator: ",")
    }
  }
}
