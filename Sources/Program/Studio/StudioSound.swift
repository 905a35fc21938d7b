internal import Foundation
internal import RealModule
package import SpecGANErrors
internal import SpecGANExploration
internal import SpecGANModels
internal import SpecGANRuns
package import SpecGANSynthesis
internal import SpecGANTensors

/// A sound of a studio, by what makes it: the same name gives the same bytes.
///
/// As text it is a query of these parameters:
///
/// - `run`, the index of the run, 0 by default; `seed` and `number`, on which the latent and the
///   initial phase depend, as those of `generate`.
/// - `z`, a latent in place of the drawn one: base 64 of 32-bit floating point, lowest byte first.
/// - `mix`, drawn latents in place of one, as `3:0.5,17:0.5`; see ``StudioRun/latents(of:)``.
/// - `labels`, weights of labels by their indices, as `0:0.7,2:0.3`; by default that of the number.
/// - `turn`, amounts of directions, as `brightness:2,decay:-1`.
/// - `to` and `at`: another sound, as a query, and the position in 0 to 1 on the way to it.
package struct StudioSound: Sendable {
  /// The index of the run.
  package let run: Int
  /// The random seed.
  package let seed: UInt64
  /// The number under the seed.
  package let number: Int
  /// The origin of the latent.
  let source: Source
  /// The weight of each label by its index; nil for the label of the number.
  let labels: [(index: Int, weight: Double)]?
  /// The amount of each direction.
  package let turns: [(name: String, amount: Double)]
  /// The end of the way, and the position on it; nil if the sound is not on one.
  let way: Way?

  /// The origin of a latent.
  enum Source: Sendable {
    /// Drawn by seed and number.
    case drawn
    /// Given.
    case latent([Float])
    /// A mixture of drawn latents.
    case mixture([(number: Int, weight: Double)])
  }

  /// A way from one sound to another.
  final class Way: Sendable {
    let end: StudioSound
    let position: Double

    init(to end: StudioSound, at position: Double) { (self.end, self.position) = (end, position) }
  }

  /// The largest number of a sound under its seed.
  static let largestNumber = 999_999
  /// The largest amount of a direction: with more, latents are unlike any of training.
  private static let amounts = -10.0...10.0
  private static let names = [
    "run", "seed", "number", "z", "mix", "labels", "turn", "to", "at",
  ]

  /// Parses the name `text`; `seed` is the seed of sounds that name none.
  ///
  /// - Throws: ``SpecGANError`` if a parameter cannot be used.
  package init(_ text: String, seed: UInt64 = 0) throws(SpecGANError) {
    try self.init(StudioQuery(text), seed: seed, besides: [])
  }

  /// Takes the sound's parameters of `query`, which may have the parameters `others` as well.
  init(
    _ query: StudioQuery, seed standardSeed: UInt64, besides others: [String]
  ) throws(SpecGANError) {
    try self.init(query, seed: standardSeed, names: Self.names + others)
  }

  private init(
    _ query: StudioQuery, seed standardSeed: UInt64, names: [String]
  ) throws(SpecGANError) {
    try query.check(names: names)
    run = try query.integer("run", in: 0...Studio.mostRuns - 1, standard: 0)
    seed = try query.integer("seed", in: 0...UInt64.max, standard: standardSeed)
    number = try query.integer("number", in: 0...Self.largestNumber, standard: 0)
    source = try Self.source(query)
    labels = try Self.indexed("labels", query, most: Int(Int32.max)).map { labels in
      labels.map { (index: $0.number, weight: $0.weight) }
    }
    turns = (try query.pairs("turn", in: Self.amounts) ?? []).map { ($0.name, $0.value) }
    let position = try query.number("at", in: 0...1)
    guard let end = query["to"] else {
      way = nil
      return
    }
    // A way begins and ends at sounds that are on none, so that names stay short.
    let last = try StudioSound(
      StudioQuery(end), seed: standardSeed, names: Self.names.filter { !["to", "at"].contains($0) })
    guard last.run == run else {
      throw .studioParameter("The ends of a way are of different runs")
    }
    way = Way(to: last, at: position)
  }

  private static func source(_ query: StudioQuery) throws(SpecGANError) -> Source {
    if let mixture = try indexed("mix", query, most: largestNumber) {
      guard query["z"] == nil, query["number"] == nil else {
        throw .studioParameter("mix cannot be combined with z or number")
      }
      guard mixture.contains(where: { $0.weight > 0 }) else {
        throw .studioParameter("mix has no weight above 0")
      }
      return .mixture(mixture)
    }
    guard let text = query["z"] else { return .drawn }
    guard let latent = [Float](base64: text), latent.allSatisfy(\.isFinite) else {
      throw .studioParameter(
        "z is not base 64 of finite 32-bit floating-point numbers")
    }
    return .latent(latent)
  }

  /// Returns the weights of `name`, each of an integer up to `most`; nil if it is missing.
  private static func indexed(
    _ name: String, _ query: StudioQuery, most: Int
  ) throws(SpecGANError) -> [(number: Int, weight: Double)]? {
    guard let pairs = try query.pairs(name, in: 0...1_000_000) else { return nil }
    guard pairs.count <= 1_024 else { throw .studioParameter("\(name) has more than 1024 pairs") }
    var weights: [(number: Int, weight: Double)] = []
    for pair in pairs {
      guard let number = Int(pair.name), (0...most).contains(number) else {
        throw .studioParameter("\(name) has \(pair.name); use whole numbers from 0")
      }
      weights.append((number, pair.value))
    }
    return weights
  }
}

extension [Float] {
  /// Decodes `base64`, 32-bit floating point with the lowest byte first; nil if it is none.
  init?(base64 text: String) {
    guard let data = Data(base64Encoded: text), data.count.isMultiple(of: 4) else { return nil }
    let bytes = [UInt8](data)
    self = stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(
        bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) })
    }
  }

  /// The elements as base 64 of 32-bit floating point, lowest byte first.
  package var base64: String {
    let bytes = flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
    return Data(bytes).base64EncodedString()
  }
}

// MARK: - Latents

extension StudioRun {
  /// Returns the latent of `sound`, with its label, number and seed.
  ///
  /// A mixture is the weighted mean of drawn latents, scaled to the weighted mean of their norms,
  /// with the weighted mean of their labels and the number with the largest weight. Turns are
  /// applied next, and a way is that of `interpolate --interpolation spherical`.
  ///
  /// - Throws: ``SpecGANError`` if the run has no such label or direction, a latent has another
  ///   size, or directions are not known yet.
  package func latents(of sound: StudioSound) throws(SpecGANError) -> ChosenLatents {
    var chosen = try source(of: sound)
    if let labels = sound.labels { chosen = chosen.labeled(try mix(labels)) }
    if !sound.turns.isEmpty {
      chosen = try knownDirections.turned(chosen, by: sound.turns, at: path)
    }
    guard let way = sound.way else { return chosen }
    let end = try latents(of: way.end)
    let isNearStart = way.position <= 0.5
    let point = LatentPath.spherical.point(
      from: chosen.latents.values, to: end.latents.values, at: way.position)
    return ChosenLatents(
      latents: Tensor(shape: [1, point.count], point),
      numbers: [isNearStart ? chosen.numbers[0] : end.numbers[0]],
      labels: zip(chosen.labels, end.labels).map {
        LabelMix.between($0, $1, at: Float(way.position))
      },
      seed: isNearStart ? chosen.seed : end.seed)
  }

  private func source(of sound: StudioSound) throws(SpecGANError) -> ChosenLatents {
    let gan = checkpoint.gan
    switch sound.source {
    case .drawn:
      return ChosenLatents(drawnFor: gan, numbers: [sound.number], seed: sound.seed)
    case .latent(let values):
      guard values.count == gan.latent else {
        throw .studioParameter(
          "z has \(values.count) numbers, but latents of \(name) have \(gan.latent)")
      }
      return ChosenLatents(
        latents: Tensor(shape: [1, gan.latent], values), numbers: [sound.number],
        labels: gan.mixes(ofSounds: [sound.number]), seed: sound.seed)
    case .mixture(let parts):
      return try mixture(parts, of: sound)
    }
  }

  private func mixture(
    _ parts: [(number: Int, weight: Double)], of sound: StudioSound
  ) throws(SpecGANError) -> ChosenLatents {
    let total = parts.reduce(0) { $0 + $1.weight }
    let drawn = parts.map { part in
      (
        latents: ChosenLatents(
          drawnFor: checkpoint.gan, numbers: [part.number], seed: sound.seed),
        weight: part.weight / total
      )
    }
    var mean = [Double](repeating: 0, count: checkpoint.gan.latent)
    var norm = 0.0
    for (part, weight) in drawn {
      let values = part.latents.values.map(Double.init)
      for index in mean.indices { mean[index] += weight * values[index] }
      norm += weight * values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let ownNorm = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let factor = ownNorm > 0 && drawn.count > 1 ? norm / ownNorm : 1
    let largest = parts.max { ($0.weight, $1.number) < ($1.weight, $0.number) }
    return ChosenLatents(
      latents: Tensor(shape: [1, mean.count], mean.map { Float($0 * factor) }),
      numbers: [largest?.number ?? 0], labels: try mixed(drawn), seed: sound.seed)
  }

  /// Returns the weighted mean of the labels of `parts`; none if the generator has none.
  private func mixed(
    _ parts: [(latents: ChosenLatents, weight: Double)]
  ) throws(SpecGANError) -> [LabelMix] {
    guard checkpoint.gan.labelCount > 0 else { return [] }
    var weights = [Float](repeating: 0, count: checkpoint.gan.labelCount)
    for (part, weight) in parts {
      for (index, own) in part.labels[0].weights.enumerated() {
        weights[index] += Float(weight) * own
      }
    }
    guard let mix = LabelMix(weights) else { throw .studioParameter("The labels have no weight") }
    return [mix]
  }

  private func mix(_ labels: [(index: Int, weight: Double)]) throws(SpecGANError) -> LabelMix {
    let count = checkpoint.gan.labelCount
    guard count > 0 else { throw .studioParameter("\(name) has no labels") }
    var weights = [Float](repeating: 0, count: count)
    for (index, weight) in labels {
      guard index < count else {
        throw .studioParameter("labels has \(index), but \(name) has labels 0 to \(count - 1)")
      }
      weights[index] = Float(weight)
    }
    guard let mix = LabelMix(weights) else {
      throw .studioParameter("labels has no weight above 0")
    }
    return mix
  }
}
