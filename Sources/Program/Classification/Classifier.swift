internal import Networks
package import Scores
package import SpecGANErrors
internal import SpecGANModels
package import SpecGANTensors
package import Waveforms

/// A classifier of clips: the paper's network on log-mel spectrograms.
///
/// Its accuracy, on files or speakers that it was not trained on, is in ``report``.
package struct Classifier: Sendable {
  /// The names of the classes, in the order of their indices.
  package let labels: [String]
  /// The required format of clips.
  package let audio: AudioConfiguration
  /// The training settings and the accuracy.
  package let report: Report
  /// The log-mel spectrograms that it reads.
  package var features: FeatureSet { report.settings.features }
  let network: ClassifierNetwork
  let weights: NetworkWeights

  /// The outputs for some clips.
  package struct Outputs: Equatable, Sendable {
    /// The class probabilities.
    package var probabilities: ClassProbabilities
    /// The means of the last pooled maps over their positions, `[n, channels]`.
    package var features: Features
  }

  /// The number of samples in a clip, over all channels.
  package var sampleCount: Int { audio.sliceLength * audio.channels }

  /// Returns the probabilities and features of `slices`, with the same bits for any number of
  /// threads and any batch.
  ///
  /// - Parameters:
  ///   - slices: clips `[n, sliceLength]`, or `[n, sliceLength, channels]`, in the format
  ///     ``audio``.
  ///   - engine: the threads to compute on.
  /// - Returns: probabilities and features, in the order of the clips.
  /// - Throws: ``SpecGANError`` if there are none, their length is wrong, or a sample is not
  ///   finite.
  package func outputs(of slices: Tensor, on engine: Engine) throws(SpecGANError) -> Outputs {
    let count = slices.shape[0]
    guard count > 0 else { throw .tooFew(what: "clips", found: 0, needed: 1) }
    guard slices.stride == sampleCount else {
      throw .soundLength(found: slices.stride, expected: sampleCount)
    }
    let pictures = try MelPictures(audio, features, workers: engine.workers)
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
        throw .notFinite(what: "clips", row: first + place)
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

  /// Returns the number of examples per pass: their values fill at most 256 MiB, if it is more than
  /// one.
  private static func batchSize(of network: ClassifierNetwork) -> Int {
    max(1, min(64, (1 << 26) / network.network.placeCount))
  }
}

extension TensorView {
  /// Returns the means of the first `count` of these maps, `[…, channels]`, over all positions:
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
  /// Returns the index of the first of `count` input examples that is not finite.
  func firstNotFiniteInput(of count: Int) -> Int? {
    (0..<count).first { place in
      !input.examples(place..<place + 1).withSpan { $0.isFinite }
    }
  }
}
