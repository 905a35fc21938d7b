internal import Networks
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANModels
package import SpecGANRuns
internal import SpecGANSettings
internal import Spectra
internal import Waveforms

/// A checkpoint's generator as an ONNX model, for generation by other programs.
///
/// The input is `z`, `[batch, latent]`: latents, uniform in `[-1, 1)`, followed by a one-hot label
/// if the networks are conditional. The output is `samples`: waveforms `[batch, samples, channels]`
/// for WaveGAN, and normalized spectrograms `[batch, frames, bins, channels]` for SpecGAN, which
/// also has the output `magnitudes`, linear, for phase reconstruction: `[batch, frames, bins + 1]`,
/// or `[batch, frames, bins + 1, 2]` of two channels. It has all bins of a frame, also if the
/// settings merge some.
///
/// Noise inputs of a style-based generator are constants: those of clip 0 with the seed 0.
package struct ONNXModel: Sendable {
  /// The bytes of the file.
  package let bytes: [UInt8]

  /// Converts `checkpoint`; `producer` is the name of the program.
  package init(_ checkpoint: Checkpoint, producer: String) {
    var graph = ONNXGraph()
    let gan = checkpoint.gan
    let samples = Self.appendGenerator(of: checkpoint, to: &graph)
    var outputs = [ONNXGraph.Port(name: samples, shape: [nil] + gan.sampleShape)]
    if gan.kind.samplesAreSpectrograms, let moments = checkpoint.moments {
      outputs.append(
        Self.appendMagnitudes(
          after: samples, moments, checkpoint.configuration.spectrogram, gan.sampleShape, to: &graph
        ))
    }
    bytes = graph.model(
      input: ONNXGraph.Port(name: Self.input, shape: [nil, gan.latent + gan.labelCount]),
      outputs: outputs,
      producer: producer,
      metadata: [
        ("model", gan.kind.rawValue), ("step", String(checkpoint.step)),
        ("sample_rate", String(checkpoint.configuration.audio.sampleRate)),
        ("configuration", checkpoint.configuration.yaml),
      ] + checkpoint.labels.enumerated().map { ("label_\($0)", $1) })
  }

  /// Writes the model to `path`, completely or not at all.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be written.
  package func write(to path: String) throws(SpecGANError) {
    try unsafe AtomicFile.replace(path, with: bytes.span.bytes)
  }

  private static let input = "z"

  private static func appendGenerator(
    of checkpoint: Checkpoint, to graph: inout ONNXGraph
  ) -> String {
    let generator = checkpoint.gan.generator
    let layers = generator.layers
    var styles = input
    for layer in generator.styleLayers {
      styles = graph.append(layer, after: styles, checkpoint.generator)
    }
    graph.styles = generator.styleLayers.isEmpty ? nil : styles
    var value = input
    let dense = layers.firstIndex { !($0 is LatentChunk) }
    for (index, layer) in layers.enumerated() {
      value = graph.append(layer, after: value, checkpoint.generator)
      if index == dense, !(layer is ConstantInput) {
        value = appendPicture(layers[index + 1].inputShape, after: value, to: &graph)
      }
    }
    let last = graph.append("Transpose", [value], [("perm", .integers([0, 2, 3, 1]))])
    let shape = graph.constant("sample_shape", [-1] + checkpoint.gan.sampleShape)
    return graph.append("Reshape", [last, shape], named: "samples")
  }

  /// Appends the conversion of the dense layer's output, channels last, to a picture with its
  /// channels first.
  private static func appendPicture(
    _ shape: [Int], after value: String, to graph: inout ONNXGraph
  ) -> String {
    let shape = graph.constant("narrow_shape", [-1] + shape)
    let picture = graph.append("Reshape", [value, shape])
    return graph.append("Transpose", [picture], [("perm", .integers([0, 3, 1, 2]))])
  }

  /// Appends the inverse of the normalization, with the dropped bin at its mean, with the bounds,
  /// the subtraction of the floor, and each band's magnitude in all of its bins, as in
  /// ``SpectrogramCodec/magnitudes(of:)``.
  private static func appendMagnitudes(
    after samples: String, _ moments: [Moments], _ spectrogram: SpectrogramConfiguration,
    _ sampleShape: [Int], to graph: inout ONNXGraph
  ) -> ONNXGraph.Port {
    let (frames, bins) = (sampleShape[0], sampleShape[1])
    // One channel has no axis.
    let channels = moments.count == 1 ? [] : [moments.count]
    let axes = 3 + channels.count
    let ranges = moments.map { $0.deviation.map { $0 * spectrogram.clipDeviations } }.interleaved
    let shape = graph.constant("spectrogram_shape", [-1, frames, bins] + channels)
    let widths = graph.constant(
      "dropped_bin", (0..<2 * axes).map { $0 == axes + 2 ? 1 : 0 })
    let spectrograms = graph.append("Reshape", [samples, shape])
    let padded = graph.append("Pad", [spectrograms, widths])
    let scaled = graph.append(
      "Mul", [padded, graph.constant("ranges", shape: [bins + 1] + channels, ranges)])
    let logarithms = graph.append(
      "Add",
      [
        scaled,
        graph.constant(
          "means", shape: [bins + 1] + channels, moments.map(\.mean).interleaved),
      ])
    let bounds = moments.compactMap { SpectrogramCodec.Bounds(spectrogram, $0.peaks) }
    var magnitudes = graph.append("Exp", [logarithms])
    if bounds.count == moments.count {
      magnitudes = graph.append(
        "Min",
        [
          magnitudes,
          graph.constant(
            "largest", shape: [bins + 1] + channels, bounds.map(\.bins).interleaved),
        ])
      let squares = graph.append("Mul", [magnitudes, magnitudes])
      let sums = graph.append("ReduceSum", [squares, graph.constant("bins_axis", [2])])
      let levels = graph.append("Sqrt", [sums])
      let ratios = graph.append(
        "Div",
        [graph.constant("loudest", shape: [moments.count], bounds.map(\.frame)), levels])
      let factors = graph.append("Min", [ratios, graph.constant("one", shape: [1], [1])])
      magnitudes = graph.append("Mul", [magnitudes, factors])
    }
    if spectrogram.subtractsFloor {
      let rest = graph.append(
        "Sub", [magnitudes, graph.constant("floor", shape: [1], [spectrogram.logFloor])])
      magnitudes = graph.append("Relu", [rest])
    }
    if let merging = BinMerging(spectrogram) {
      let bands = graph.constant("band_of_bin", merging.bandOfBin)
      magnitudes = graph.append("Gather", [magnitudes, bands], [("axis", .integer(2))])
    }
    let port = graph.append("Identity", [magnitudes], named: "magnitudes")
    return ONNXGraph.Port(
      name: port, shape: [nil, frames, spectrogram.binCount] + channels.map(Optional.some))
  }
}
