package import SpecGANErrors
package import SpecGANTensors
internal import Spectra
internal import Synchronization
internal import Waveforms

/// Slices from anywhere in a cache's sounds: as many as it has, each as long as one, and each a
/// function of its number and of chance. See ``Cache/croppedSlices()``.
package struct CroppedSlices: Examples {
  /// The shape of one, `[1, length, channels]`.
  package var shape: [Int] { slices.shape }
  /// How many there are.
  package var count: Int { slices.count }
  private let slices: CachedExamples
  private let table: CropTable
  private let channels: Int

  init(_ slices: CachedExamples, _ table: CropTable, channels: Int) {
    self.slices = slices
    self.table = table
    self.channels = channels
  }

  /// Writes the crop that `chance` chooses for slice `index` to place `position` of `batch`.
  ///
  /// - Precondition: there is such a slice and such a place, of the same size.
  package func copy(_ index: Int, chance: Double, to position: Int, of batch: TensorView) {
    precondition(0..<count ~= index, "there is no slice \(index) among \(count)")
    precondition(
      batch.stride == shape.reduce(1, *), "a crop of \(shape) does not fit into \(batch.shape)")
    let (first, second) = table.pieces(index, chance: chance)
    batch.examples(position..<position + 1).withMutableSpan { crop in
      copy(first, to: &crop)
      if let second { copy(second, to: &crop) }
    }
  }

  private func copy(_ piece: CropTable.Piece, to crop: inout MutableSpan<Float>) {
    let frames = piece.frames
    slices.withExample(piece.slice) { slice in
      let part = slice.extracting(frames.lowerBound * channels..<frames.upperBound * channels)
      crop.copy(part, to: piece.target * channels)
    }
  }
}

/// The spectrograms of ``CroppedSlices``, made as they are asked for and as the cache's own were.
/// See ``Cache/croppedSpectrograms()``.
package struct CroppedSpectrograms: Examples {
  /// The shape of one, `[frames, bins − 1, 1]`.
  package let shape: [Int]
  /// How many there are.
  package var count: Int { slices.count }
  private let slices: CroppedSlices
  private let codec: SpectrogramCodec
  private let benches: CropBenches

  init(
    _ slices: CroppedSlices, _ layout: CacheLayout, _ moments: Moments
  ) throws(SpecGANError) {
    self.slices = slices
    shape = layout.spectrogramShape + [1]
    codec = try SpectrogramCodec(configuration: layout.spectrogram, moments: moments)
    benches = try CropBenches(layout)
  }

  /// Writes the spectrogram of the crop that `chance` chooses for slice `index` to place `position`
  /// of `batch`; threads may do so at once.
  ///
  /// - Precondition: there is such a slice and such a place, of a spectrogram's size.
  package func copy(_ index: Int, chance: Double, to position: Int, of batch: TensorView) {
    benches.withOne { bench in
      slices.copy(index, chance: chance, to: 0, of: bench.slice.view)
      bench.transform()
      batch.examples(position..<position + 1).withMutableSpan { spectrogram in
        bench.logMagnitudes.withSpan { codec.normalize(logMagnitudes: $0, into: &spectrogram) }
      }
    }
  }
}

/// What it takes to make one spectrogram of a crop; serves one at a time.
private final class CropBench {
  /// The crop, `[1, length, channels]`.
  let slice: Tensor
  /// Its log-magnitudes, `[frames, bins]`.
  let logMagnitudes: Tensor
  private var transformation: SliceTransform

  init(_ layout: CacheLayout) throws(SpecGANError) {
    slice = Tensor(shape: [1] + layout.sliceShape)
    logMagnitudes = Tensor(shape: [layout.frameCount, layout.spectrogram.binCount])
    transformation = try SliceTransform(layout.spectrogram, layout.audio)
  }

  /// Puts the log-magnitudes of ``slice`` in ``logMagnitudes``.
  func transform() {
    slice.withSpan { slice in
      logMagnitudes.withMutableSpan { transformation.logMagnitudes(of: slice, into: &$0) }
    }
  }
}

/// Benches that are not in use, for whoever needs one next: never more than there were threads at
/// once.
private final class CropBenches: Sendable {
  /// Reached under the lock alone; a bench taken out has one owner.
  private struct Free: @unchecked Sendable { var benches: [CropBench] }

  private let layout: CacheLayout
  private let free: Mutex<Free>

  init(_ layout: CacheLayout) throws(SpecGANError) {
    self.layout = layout
    // The first, so that settings that cannot be are found here.
    free = Mutex(Free(benches: [try CropBench(layout)]))
  }

  func withOne(_ body: (CropBench) -> Void) {
    var found: CropBench?
    free.withLock { found = $0.benches.popLast() }
    let bench = found ?? another()
    body(bench)
    free.withLock { $0.benches.append(bench) }
  }

  private func another() -> CropBench {
    do { return try CropBench(layout) } catch {
      preconditionFailure("a bench was made with the same settings: \(error)")
    }
  }
}

// MARK: - Cache

extension Cache {
  /// As many slices as there are, each from anywhere in its sound.
  ///
  /// A sound of `n` slices gives `n`, slice `k` of it starting at frame `⌊(k + chance) · s / n⌋`
  /// where `s` is the number of frames that it may start at: those after which a whole slice of the
  /// sound follows. One that starts where a cached slice does is that slice, bit for bit.
  /// - Throws: ``SpecGANError``, such as ``SpecGANError`` where no sound has two slices.
  package func croppedSlices() throws(SpecGANError) -> CroppedSlices {
    guard let table = CropTable(try sources(), audio, count: count) else {
      throw .damaged(
        path: "\(path)/\(CacheLayout.sources)",
        reason: "its rows do not add up to the slices of the cache")
    }
    guard table.leavesAChoice else { throw .noCrops(path: path) }
    return CroppedSlices(try slices(), table, channels: audio.channels)
  }

  /// The normalised spectrograms of ``croppedSlices()``, of shape `[frames, bins − 1, 1]`, each
  /// made when it is asked for, against the cache's moments.
  ///
  /// - Throws: as ``croppedSlices()`` does.
  package func croppedSpectrograms() throws(SpecGANError) -> CroppedSpectrograms {
    try CroppedSpectrograms(try croppedSlices(), layout, moments)
  }
}
