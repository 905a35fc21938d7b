internal import Spectra
internal import Tensors
internal import Workers

/// The second pass: from each shard of slices the shard of their spectrograms.
struct SpectrogramShardWriter {
  private let folder: String
  private let layout: CacheLayout
  private let normalizer: SpectrogramNormalizer
  private let transforms: SliceTransforms
  private let workers: Workers

  init(
    folder: String, layout: CacheLayout, moments: Moments, transforms: SliceTransforms,
    workers: Workers
  ) throws(DatasetError) {
    self.folder = folder
    self.layout = layout
    self.transforms = transforms
    self.workers = workers
    normalizer = try withSpectra { () throws(SpectraError) in
      try SpectrogramNormalizer(configuration: layout.spectrogram, moments: moments)
    }
  }

  /// Reads slice shard number `index`, and writes spectrogram shard number `index`.
  func write(shard index: Int) throws(DatasetError) {
    let slices = try Shard(.slices, index, in: folder, exampleShape: layout.sliceShape)
    let spectrograms = Tensor(shape: [slices.count] + layout.spectrogramShape)
    let (normalizer, transforms) = (normalizer, transforms)
    workers.run(tasks: slices.count) { example, worker in
      let logMagnitudes = slices.withExample(example) { slice in
        transforms.logMagnitudes(of: slice, worker: worker)
      }
      spectrograms.examples(example..<example + 1).withMutableSpan { normalized in
        normalizer.normalize(logMagnitudes: logMagnitudes.span, into: &normalized)
      }
    }
    try withTensorFiles { () throws(SafetensorsError) in
      var contents = SafetensorsContents()
      contents.append(
        ShardKind.spectrograms.rawValue, shape: spectrograms.shape, spectrograms.values)
      try contents.write(to: "\(folder)/\(ShardKind.spectrograms.file(index))")
    }
  }
}
