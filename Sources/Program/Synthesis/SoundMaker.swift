internal import Safetensors
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
package import SpecGANTensors
package import Spectra
package import Waveforms

/// Makes the sounds of latents and writes them to a folder, some at a time, so that memory does not
/// grow with their number; only ``Output/joinedStem`` and ``Output/rawPath`` hold all of them.
package struct SoundMaker {
  /// What is written, and where.
  package struct Output: Sendable {
    /// The folder, which is made where it is missing.
    package var folder: String
    /// How samples are stored.
    package var format = SampleFormat.pcm16
    /// Whether each sound has a picture of its spectrogram beside it.
    package var withPictures = false
    /// The name of a sound of all of them, one after the other, without `.wav`; nil for none.
    package var joinedStem: String?
    /// The file of the network's own output, as a tensor `samples`; nil for none.
    package var rawPath: String?

    /// WAVs of 16 bits in `folder`.
    package init(folder: String) { self.folder = folder }

    /// The file of the latents, from which the same sounds can be made again.
    package var latentsPath: String { folder + "/latents.safetensors" }
  }

  private let generator: SampleGenerator
  private let engine: Engine
  private let inversion: InversionConfiguration

  /// A maker of sounds by `generator`.
  ///
  /// - Parameters:
  ///   - generator: what makes samples of latents.
  ///   - inversion: how spectrograms become sounds.
  ///   - engine: what computes.
  package init(
    _ generator: SampleGenerator, inversion: InversionConfiguration, engine: Engine
  ) {
    self.generator = generator
    self.inversion = inversion
    self.engine = engine
  }

  /// Makes and writes the sounds of `chosen`, `00000.wav` and so on, and their latents before them,
  /// so that whatever is there can be made again; `progress` is told how many are done.
  ///
  /// - Returns: what wrote them, which knows their number and how many samples were clipped.
  /// - Throws: ``SpecGANError`` where something cannot be written or inverted.
  package func write(
    _ chosen: ChosenLatents, to output: Output, progress: (_ done: Int) -> Void = { _ in }
  ) throws(SpecGANError) -> SoundWriter {
    let checkpoint = generator.checkpoint
    let codec = try SampleCodec(checkpoint, inversion: inversion, seed: chosen.seed)
    var writer = try SoundWriter(
      folder: output.folder, format: output.format, withPictures: output.withPictures)
    writer.joining = output.joinedStem.map {
      .init(stem: $0, silence: codec.silenceBetweenClips)
    }
    try prepare(chosen, output)
    var raw: [Float] = []
    for (first, batch) in chosen.batches(of: SampleGenerator.batchSize) {
      let samples = generator.samples(batch.latents, labels: batch.labels)
      if output.rawPath != nil { raw += samples.values }
      let clips = try codec.clips(of: samples, numbers: batch.numbers, on: engine.workers)
      for (place, clip) in clips.enumerated() {
        try writer.write(
          clip.waveform, wanted: clip.wanted, checkpoint.configuration.spectrogram,
          stem: Self.stem(first + place))
      }
      progress(writer.soundCount)
    }
    try writer.finish()
    try write(
      raw, shape: [chosen.count] + checkpoint.gan.sampleShape, chosen.labels, to: output.rawPath)
    return writer
  }

  /// What sound number `number` is called: `00000`, `00001` and so on.
  package static func stem(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(5 - digits.count, 0)) + digits
  }

  /// Writes the latents, and makes sure that the raw output will have a place.
  private func prepare(_ chosen: ChosenLatents, _ output: Output) throws(SpecGANError) {
    if let path = output.rawPath {
      _ = try AtomicFile(path: path)
    }
    try chosen.contents.write(to: output.latentsPath)
  }

  /// Writes samples, and their labels where they have some.
  private func write(
    _ values: [Float], shape: [Int], _ labels: [Int], to path: String?
  ) throws(SpecGANError) {
    guard let path else { return }
    var samples = SafetensorsContents()
    samples.append("samples", shape: shape, values)
    samples.append(labels: labels)
    try samples.write(to: path)
  }
}
