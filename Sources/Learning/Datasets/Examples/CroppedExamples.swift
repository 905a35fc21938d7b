package import SpecGANErrors
package import SpecGANTensors
internal import Spectra
internal import Synchronization
internal import Waveforms

/// Random crops of the audio of a cache, as many and as long as its slices.
///
/// Each is a function of its index and a random number; see ``Cache/croppedSlices()``.
package struct CroppedSlices: Examples {
  /// The shape of a crop, `[1, length, channels]`.
  package var shape: [Int] { slices.shape }
  /// The number of crops.
  package var count: Int { slices.count }
  private let slices: CachedExamples
  private let table: CropTable
  private let channels: Int

  init(_ slices: CachedExamples, _ table: CropTable, channels: Int) {
    self.slices = slices
    self.table = table
    self.channels = channels
  }

  /// Copies the crop that `chance` selects for slice `index` to index `position` of `batch`.
  ///
  /// - Precondition: both indices exist, and the sizes are equal.
  package func copy(_ index: Int, chance: Double, to position: Int, of batch: TensorView) {
    require(0..<count ~= index, "there is no slice \(index) among \(count)")
    require(
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

/// The spectrograms of ``CroppedSlices``, computed on demand with the settings of the cache; see
/// ``Cache/croppedSpectrograms()``.
package struct CroppedSpectrograms: Examples {
  /// The shape of a spectrogram, `[frames, bins − 1, channels]`.
  package let shape: [Int]
  /// The number of spectrograms.
  package var count: Int { slices.count }
  private let slices: CroppedSlices
  private let codec: PictureCodec
  private let workspaces: CropWorkspacePool

  init(
    _ slices: CroppedSlices, _ layout: CacheLayout, _ moments: [Moments]
  ) throws(SpecGANError) {
    self.slices = slices
    shape = layout.pictureShape
    codec = try PictureCodec(configuration: layout.spectrogram, moments: moments)
    workspaces = try CropWorkspacePool(layout)
  }

  /// Writes the spectrogram of the crop that `chance` selects for slice `index` to index `position`
  /// of `batch`; several threads may call this at once.
  ///
  /// - Precondition: both indices exist, and the size is that of a spectrogram.
  package func copy(_ index: Int, chance: Double, to position: Int, of batch: TensorView) {
    workspaces.withOne { workspace in
      slices.copy(index, chance: chance, to: 0, of: workspace.slice.view)
      workspace.transform()
      batch.examples(position..<position + 1).withMutableSpan { spectrogram in
        workspace.logMagnitudes.withSpan { codec.normalize(logMagnitudes: $0, into: &spectrogram) }
      }
    }
  }
}

/// The workspace for the spectrogram of one crop at a time.
private final class CropWorkspace {
  /// The crop, `[1, length, channels]`.
  let slice: Tensor
  /// Its log-magnitudes, `[channels, frames, bins]`.
  let logMagnitudes: Tensor
  private var transformation: SliceTransform

  init(_ layout: CacheLayout) throws(SpecGANError) {
    slice = Tensor(shape: [1] + layout.sliceShape)
    logMagnitudes = Tensor(
      shape: [layout.pictureChannels, layout.frameCount, layout.spectrogram.bandCount])
    transformation = try SliceTransform(layout)
  }

  /// Computes ``logMagnitudes`` from ``slice``.
  func transform() {
    slice.withSpan { slice in
      logMagnitudes.withMutableSpan { transformation.logMagnitudes(of: slice, into: &$0) }
    }
  }
}

/// The pool of free workspaces, at most as many as the threads that used one at once.
private final class CropWorkspacePool: Sendable {
  /// The free workspaces. Access only under the lock; a workspace in use has one owner.
  private struct Free: @unchecked Sendable { var workspaces: [CropWorkspace] }

  private let layout: CacheLayout
  private let free: Mutex<Free>

  init(_ layout: CacheLayout) throws(SpecGANError) {
    self.layout = layout
    // Creates the first workspace here, so that invalid settings are found early.
    free = Mutex(Free(workspaces: [try CropWorkspace(layout)]))
  }

  func withOne(_ body: (CropWorkspace) -> Void) {
    var found: CropWorkspace?
    free.withLock { found = $0.workspaces.popLast() }
    let workspace = found ?? another()
    body(workspace)
    free.withLock { $0.workspaces.append(workspace) }
  }

  private func another() -> CropWorkspace {
    do { return try CropWorkspace(layout) } catch {
      trap("a workspace with the same settings was created before: \(error)")
    }
  }
}

// MARK: - Cache

extension Cache {
  /// Returns random crops of the audio, as many as there are slices.
  ///
  /// A file with `n` slices has `n` crops. Crop `k` starts at frame `⌊(k + chance) · s / n⌋`, where
  /// `s` is the number of frames from which a complete slice of the file follows. A crop that
  /// starts at the first frame of a cached slice equals that slice bit for bit.
  ///
  /// - Throws: ``SpecGANError`` if every crop can start at only one frame, the cache is damaged, or
  ///   it was replaced.
  package func croppedSlices() throws(SpecGANError) -> CroppedSlices {
    guard let table = CropTable(try sources(), audio, count: count) else {
      throw .damaged(
        path: "\(path)/\(CacheLayout.sources)",
        reason: "its rows do not match the slices of the cache")
    }
    guard table.leavesAChoice else { throw .noCrops(path: path) }
    return CroppedSlices(try slices(), table, channels: audio.channels)
  }

  /// Returns the spectrograms of ``croppedSlices()``, of shape `[frames, bins − 1, channels]`,
  /// computed on demand and normalized by the moments of the cache.
  ///
  /// - Throws: ``SpecGANError`` as ``croppedSlices()`` does.
  package func croppedSpectrograms() throws(SpecGANError) -> CroppedSpectrograms {
    try CroppedSpectrograms(try croppedSlices(), layout, moments)
  }
}
