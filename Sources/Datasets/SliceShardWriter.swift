internal import Spectra
internal import Tensors
internal import Waveforms
internal import Workers

/// The first pass: collects slices in order, writes a shard whenever one is full, and takes the moments
/// of what it writes.
///
/// Memory holds one shard, whatever the number of files. Moments are taken slice by slice and merged in
/// the order of the slices: the same bits for any number of workers.
struct SliceShardWriter {
  private let folder: String
  private let layout: CacheLayout
  private let transforms: SliceTransforms
  private let workers: Workers
  private var samples: [Float] = []
  private var labels: [Int32] = []
  private var accumulator: MomentsAccumulator
  /// Slices taken so far.
  private(set) var sliceCount = 0
  /// Shards written so far.
  private(set) var shardCount = 0

  init(
    folder: String, layout: CacheLayout, transforms: SliceTransforms, workers: Workers
  ) {
    self.folder = folder
    self.layout = layout
    self.transforms = transforms
    self.workers = workers
    accumulator = MomentsAccumulator(binCount: layout.spectrogram.binCount)
    samples.reserveCapacity(layout.slicesPerShard * layout.sliceShape.reduce(1, *))
  }

  /// Takes the slices of `waveform`, and returns how many there are.
  mutating func append(_ waveform: Waveform, label: Int32) throws(DatasetError) -> Int {
    let before = sliceCount
    for offset in layout.audio.sliceOffsets(frameCount: waveform.frameCount) {
      samples += waveform.slice(at: offset, length: layout.audio.sliceLength)
      labels.append(label)
      sliceCount += 1
      if labels.count == layout.slicesPerShard { try writeShard() }
    }
    return sliceCount - before
  }

  /// Writes the last shard; the moments of all slices.
  ///
  /// - Precondition: there was at least one slice.
  mutating func finish() throws(DatasetError) -> Moments {
    if !labels.isEmpty { try writeShard() }
    return accumulator.moments
  }

  private mutating func writeShard() throws(DatasetError) {
    addMoments()
    let path = "\(folder)/\(ShardKind.slices.file(shardCount))"
    try SliceShard.write(samples, labels: labels, shape: layout.sliceShape, to: path)
    samples.removeAll(keepingCapacity: true)
    labels.removeAll(keepingCapacity: true)
    shardCount += 1
  }

  private mutating func addMoments() {
    let (samples, transforms) = (samples, transforms)
    let (size, binCount) = (layout.sliceShape.reduce(1, *), accumulator.binCount)
    let portions = workers.map(labels.count) { index, worker in
      let slice = samples.span.extracting(index * size..<(index + 1) * size)
      var portion = MomentsAccumulator(binCount: binCount)
      portion.add(logMagnitudes: transforms.logMagnitudes(of: slice, worker: worker).span)
      return portion
    }
    for portion in portions { accumulator.merge(portion) }
  }
}

/// A file of slices and their labels.
enum SliceShard {
  static let labels = "labels"

  static func write(
    _ samples: [Float], labels: [Int32], shape: [Int], to path: String
  ) throws(DatasetError) {
    var contents = SafetensorsContents()
    contents.append(ShardKind.slices.rawValue, shape: [labels.count] + shape, samples)
    contents.append(Self.labels, shape: [labels.count], labels)
    try withTensorFiles { () throws(SafetensorsError) in try contents.write(to: path) }
  }

  /// Gives the labels of the shard at `path` other numbers: label `i` becomes `numbers[i]`.
  static func renumber(
    _ path: String, shape: [Int], numbers: [Int32]
  ) throws(DatasetError) {
    let (samples, labels) = try withTensorFiles { () throws(SafetensorsError) in
      let file = try SafetensorsFile(path: path)
      return (try file.floats(ShardKind.slices.rawValue), try file.integers(Self.labels))
    }
    let renumbered = labels.map { $0 < 0 ? $0 : numbers[Int($0)] }
    try write(samples, labels: renumbered, shape: shape, to: path)
  }
}
