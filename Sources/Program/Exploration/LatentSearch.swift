internal import Networks
internal import RealModule
package import SpecGANModels
internal import SpecGANRandomness
package import SpecGANRuns
internal import SpecGANSynthesis
package import SpecGANTensors
internal import SpecGANWorkers

/// A search for the latents whose clips are closest to a given clip.
///
/// The best of many random latents, of every label, are improved by Adam along the gradient of
/// their distance, which is computed through the generator. After a third of the steps only the
/// best of them go on. A latent stays within the range of random ones.
package struct LatentSearch {
  /// The size of a search.
  package struct Settings: Equatable, Sendable {
    /// The number of random latents.
    package var candidates = 256
    /// The number of latents that are improved, at most a batch of the generator.
    package var starts = 16
    /// The number of them that are improved to the end.
    package var finalists = 4
    /// The number of gradient steps of the latter; the others take a third of them.
    package var steps = 120

    /// Creates the default settings.
    package init() {}
  }

  /// A latent that was found.
  package struct Found: Sendable {
    /// The latent.
    package let latent: [Float]
    /// Its label; nil if the generator is not conditional.
    package let label: LabelMix?
    /// The distance, in dB²; see ``ClipDistance``.
    package let distance: Double
  }

  private let checkpoint: Checkpoint
  private let distance: any ClipDistance
  private let settings: Settings
  private let engine: Engine
  private let workspace: Workspace

  /// The number of all clips, on which their noise inputs and initial phases depend.
  static let clipNumber = 0

  /// Adam's first and last rate, and its decays.
  private static let rates: (first: Double, last: Double) = (0.1, 0.01)
  private static let (beta1, beta2) = (Float(0.9), Float(0.99))

  /// Creates a search with the generator of `checkpoint`.
  package init(
    _ checkpoint: Checkpoint, _ distance: any ClipDistance, _ settings: Settings = .init(),
    engine: Engine
  ) {
    self.checkpoint = checkpoint
    self.distance = distance
    self.settings = settings
    self.engine = engine
    workspace = Workspace(
      differentiating: checkpoint.gan.generator, examples: settings.starts, engine: engine)
  }

  /// Searches, and improves the best latents.
  ///
  /// - Parameters:
  ///   - labels: the labels to try; empty if the generator is not conditional.
  ///   - seed: the random seed of the first latents, and of the noise inputs.
  ///   - progress: called with the part of the work that is done, from 0 to 1.
  /// - Returns: the latents that were improved to the end, the closest first.
  package func nearest(
    labels: [LabelMix], seed: UInt64, progress: (Double) -> Void = { _ in }
  ) -> [Found] {
    let (early, late) = (settings.steps / 3, settings.steps - settings.steps / 3)
    let batches = (settings.candidates + settings.starts - 1) / settings.starts
    // A gradient step costs about three passes.
    let all = Double(batches + 3 * early + 3 * late)
    var states = random(labels: labels, seed: seed) { progress(Double($0) / all) }
    states = Array(states.sorted(by: Self.isCloser).prefix(settings.starts))
    for step in 0..<early {
      improve(&states, step, seed)
      progress(Double(batches + 3 * step) / all)
    }
    states = Array(states.sorted(by: Self.isCloser).prefix(settings.finalists))
    for step in early..<settings.steps {
      improve(&states, step, seed)
      progress(Double(batches + 3 * step) / all)
    }
    return states.sorted(by: Self.isCloser).map {
      Found(latent: $0.best, label: $0.label, distance: $0.distance)
    }
  }

  // MARK: - States

  /// A latent on its way.
  private struct State {
    /// The number among the random latents.
    let number: Int
    let label: LabelMix?
    var latent: [Float]
    /// The closest latent so far, and its distance.
    var best: [Float]
    var distance = Double.infinity
    /// Adam's running means.
    var mean: [Float]
    var square: [Float]

    init(_ number: Int, _ latent: [Float], _ label: LabelMix?) {
      self.number = number
      self.label = label
      self.latent = latent
      best = latent
      mean = latent.map { _ in 0 }
      square = mean
    }
  }

  private static func isCloser(_ first: State, _ second: State) -> Bool {
    (first.distance, first.number) < (second.distance, second.number)
  }

  /// Returns random latents with their distances; labels take turns.
  private func random(
    labels: [LabelMix], seed: UInt64, progress: (_ batches: Int) -> Void
  ) -> [State] {
    let width = checkpoint.gan.latent
    let stream = RandomStream(seed: seed, purpose: .search)
    var states = (0..<settings.candidates).map { number in
      var latent = [Float](repeating: 0, count: width)
      var span = latent.mutableSpan
      stream.fill(&span, from: UInt64(number * width), lowest: -1, width: 2)
      return State(number, latent, labels.isEmpty ? nil : labels[number % labels.count])
    }
    for first in stride(from: 0, to: states.count, by: settings.starts) {
      let places = first..<min(first + settings.starts, states.count)
      var batch = Array(states[places])
      _ = measure(&batch, seed)
      states.replaceSubrange(places, with: batch)
      progress(first / settings.starts)
    }
    return states
  }

  /// Generates the samples of `states`, and updates their best distances.
  ///
  /// - Returns: the gradient of each sample.
  private func measure(_ states: inout [State], _ seed: UInt64) -> [[Float]] {
    let gan = checkpoint.gan
    let latents = Tensor(shape: [states.count, gan.latent], states.flatMap(\.latent))
    gan.place(latents.view, mixes: states.compactMap(\.label), into: workspace.input)
    var pass = Pass(checkpoint.generator, examples: 0..<states.count, engine: engine)
    if gan.noisePositions > 0 {
      pass.noise = NoiseInputs(seed: seed, clips: states.map { _ in Self.clipNumber })
    }
    gan.generator.forward(workspace, pass)
    let output = workspace.output
    let distance = distance
    let found = engine.workers.map(states.count) { index, _ in
      let sample = output.examples(index..<index + 1).values
      var gradient = sample
      var span = gradient.mutableSpan
      let value = distance.differentiate(sample.span, into: &span)
      return (value, gradient)
    }
    for (index, (value, _)) in found.enumerated() where value < states[index].distance {
      states[index].distance = value
      states[index].best = states[index].latent
    }
    return found.map(\.1)
  }

  /// Moves `states` by gradient step `step`.
  private func improve(_ states: inout [State], _ step: Int, _ seed: UInt64) {
    let gradients = measure(&states, seed)
    workspace.outputCotangent.withMutableSpan { slopes in
      var place = 0
      for gradient in gradients {
        for value in gradient {
          slopes[place] = value
          place += 1
        }
      }
    }
    let pass = Pass(checkpoint.generator, examples: 0..<states.count, engine: engine)
    checkpoint.gan.generator.backward(workspace, reachingInput: true, pass)
    let part = 0.5 + 0.5 * Double.cos(.pi * Double(step) / Double(settings.steps))
    let rate = Float(Self.rates.last + (Self.rates.first - Self.rates.last) * part)
    // As in Kingma and Ba 2015, algorithm 1.
    let corrections = (1 - Float.pow(Self.beta1, step + 1), 1 - Float.pow(Self.beta2, step + 1))
    for index in states.indices {
      let slopes = workspace.inputCotangent.examples(index..<index + 1).values
      for element in states[index].latent.indices {
        let slope = slopes[element]
        let mean = Self.beta1 * states[index].mean[element] + (1 - Self.beta1) * slope
        let square =
          Self.beta2 * states[index].square[element] + (1 - Self.beta2) * slope * slope
        (states[index].mean[element], states[index].square[element]) = (mean, square)
        let root = (square / corrections.1).squareRoot() + 1e-8
        let moved = states[index].latent[element] - rate * mean / corrections.0 / root
        states[index].latent[element] = min(max(moved, -1), 1)
      }
    }
  }
}
