internal import Networks
package import Scores
package import SpecGANErrors
internal import SpecGANModels
package import SpecGANTensors
package import Waveforms

/// Says which class a sound is of: the paper's network on log-mel spectrograms.
///
/// What it is worth stands in its ``report``: the share of sounds it was right about, of files or
/// speakers that it had not learned from.
package struct Classifier: Sendable {
  /// The classes' names, in the order of their numbers.
  package let labels: [String]
  /// How its sounds were made, and others must be.
  package let audio: AudioConfiguration
  /// How it was trained, and how well it does.
  package let report: Report
  let network: ClassifierNetwork
  let weights: NetworkWeights

  /// What it makes of some sounds.
  package struct Outputs: Equatable, Sendable {
    /// How probable every class is.
    package var probabilities: ClassProbabilities
    /// The means of the last pooled maps over their places, `[n, channels]`.
    package var features: Features
  }

  /// Samples of all channels of one of its sounds.
  package var sampleCount: Int { audio.sliceLength * audio.channels }

  /// What it makes of `slices`, the same bits on any number of threads and in any company.
  ///
  /// - Parameters:
  ///   - slices: sounds `[n, sliceLength]`, or `[n, sliceLength, channels]`, made as ``audio``
  ///     says.
  ///   - engine: whose threads compute.
  /// - Returns: probabilities and features, in the order of the sounds.
  /// - Throws: ``SpecGANError`` where there are none, they are of another length, or one is not
  ///   finite.
  package func outputs(of slices: Tensor, on engine: Engine) throws(SpecGANError) -> Outputs {
    let count = slices.shape[0]
    guard count > 0 else { throw .tooFew(what: "sounds", found: 0, needed: 1) }
    guard slices.stride == sampleCount else {
      throw .soundLength(found: slices.stride, expected: sampleCount)
    }
    let pictures = try MelPictures(audio, workers: engine.workers)
    let size = min(count, Self.batchSize(of: network))
    let workspace = Workspace(network.network, examples: size, engine: engine)
    var (logits, features) = ([Float](), [Float]())
    for first in stride(from: 0, to: count, by: size) {
      let rows = first..<min(first + size, count)
      pictures.make(rows.count) { index, slice in
        slice.copy(first + index..<first + index + 1, of: slices.view, to: 0)
      } into: {
        workspace.input.examples($0..<$0 + 1)
      }
      if let place = workspace.firstNotFiniteInput(of: rows.count) {
        throw .notFinite(what: "sounds", row: first + place)
      }
      network.network.forward(
        workspace, Pass(weights, examples: 0..<rows.count, engine: engine))
      logits += workspace.output.examples(0..<rows.count).values
      features += workspace.values[network.featurePlace].channelMeans(of: rows.count)
    }
    return Outputs(
      probabilities: try ClassProbabilities(
        CrossEntropy.probabilities(of: logits, classes: labels.count), classCount: labels.count),
      features: try Features(features, dimension: network.channels))
  }

  /// Examples that are computed at once: their values fill 256 MiB at most, if there are several.
  private static func batchSize(of network: ClassifierNetwork) -> Int {
    max(1, min(64, (1 << 26) / network.network.placeCount))
  }
}

extension TensorView {
  /// The means of the first `count` of these maps, `[…, channels]`, over all places:
  /// `[count, channels]`.
  package func channelMeans(of count: Int) -> [Float] {
    let channels = shape.last ?? 1
    let places = stride / channels
    return (0..<count).flatMap { example in
      var sums = [Double](repeating: 0, count: channels)
      examples(example..<example + 1).withSpan { values in
        for place in 0..<places {
          for channel in 0..<channels {
            sums[channel] += Double(values[place * channels + channel])
          }
        }
      }
      return sums.map { Float($0 / Double(places)) }
    }
  }
}

extension Workspace {
  /// The first of `count` examples at the input that is not finite.
  func firstNotFiniteInput(of count: Int) -> Int? {
    (0..<count).first { place in
      !input.examples(place..<place + 1).withSpan { $0.isFinite }
    }
  }
}
