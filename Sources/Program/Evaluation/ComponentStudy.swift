internal import Safetensors
package import Scores
package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANPictures
package import SpecGANWorkers

/// The principal components of short pieces of a dataset: of slices of its waveforms and of patches
/// of its spectrograms.
///
/// The components of speech are waves, and those of photographs are edges, which is why
/// convolutions over waveforms have filters as long as 25 samples. Source: Donahue, McAuley and
/// Puckette, "Adversarial Audio Synthesis", ICLR 2019, figure 1, which shows eight components of
/// slices of 25 samples, and of 5 by 5 patches of photographs instead of spectrograms.
package struct ComponentStudy: Sendable {
  /// The settings of the study.
  package struct Request: Sendable {
    /// The number of samples in a slice.
    package var length = 25
    /// The size of a patch in frames and bins.
    package var patch = (frames: 5, bins: 5)
    /// The number of slices, and of patches.
    package var count = 100_000
    /// The random seed of their positions.
    package var seed: UInt64 = 0
    /// The largest number of components in a picture.
    package var shownCount = 8

    /// Creates the settings of the paper.
    package init() {}

    /// The largest number of elements in a slice or a patch: the work grows with its cube.
    package static let largestSize = 1_024
    /// The largest number of elements in all slices or all patches, which are in memory at once: 1
    /// GiB.
    package static let mostNumbers = 1 << 28
    /// The allowed values of ``count``.
    package static let counts = 2...10_000_000
    /// The allowed values of ``shownCount``.
    package static let shownCounts = 1...64

    /// Checks the settings.
    ///
    /// - Throws: ``SpecGANError`` if one is out of range.
    package func check() throws(SpecGANError) {
      try SpecGANError.check("length", length, 1...Self.largestSize)
      try SpecGANError.check("count", count, Self.counts)
      try SpecGANError.check("shown", shownCount, Self.shownCounts)
      let size = patch.frames.multipliedReportingOverflow(by: patch.bins)
      guard patch.frames > 0, patch.bins > 0, !size.overflow,
        size.partialValue <= Self.largestSize
      else {
        throw .setting(
          name: "patch", found: "\(patch.frames)x\(patch.bins)",
          allowed: "frames and bins from 1, with a product of \(Self.largestSize) at most")
      }
      let most = Self.mostNumbers / max(length, size.partialValue)
      guard count <= most else {
        throw .setting(
          name: "count", found: "\(count)",
          allowed: "at most \(most), which fill 1 GiB at this size")
      }
    }
  }

  /// The settings.
  package let request: Request
  /// The components of slices, `[length]` each.
  package let waveform: PrincipalComponents
  /// The components of patches, `[frames, bins]` each.
  package let spectrogram: PrincipalComponents

  /// The names of the files that ``write(to:)`` writes.
  package static let files = (
    waveform: "waveform.png", spectrogram: "spectrogram.png", numbers: "components.safetensors"
  )

  /// Computes the components of `cache`.
  ///
  /// - Throws: ``SpecGANError`` if a setting is out of range, the cache cannot be read, its clips
  ///   are too short, or all pieces are equal.
  package init(
    of cache: Cache, _ request: Request = .init(), workers: Workers
  ) throws(SpecGANError) {
    try request.check()
    let slices = try Features.slices(
      of: cache, length: request.length, count: request.count, seed: request.seed)
    waveform = try PrincipalComponents(of: slices, workers: workers)
    let patches = try Features.patches(
      of: cache, frames: request.patch.frames, bins: request.patch.bins, count: request.count,
      seed: request.seed)
    spectrogram = try PrincipalComponents(of: patches, workers: workers)
    self.request = request
  }

  /// The names of the files that ``write(to:)`` writes.
  package static let fileNames = [files.waveform, files.spectrogram, files.numbers]

  /// Writes both pictures and all components to `folder`, which is created if it is missing.
  ///
  /// - Throws: ``SpecGANError`` if something cannot be written.
  package func write(to folder: String) throws(SpecGANError) {
    try Folder.create(folder)
    try waveformPicture.write(to: "\(folder)/\(Self.files.waveform)")
    try spectrogramPicture.write(to: "\(folder)/\(Self.files.spectrogram)")
    try contents.write(to: "\(folder)/\(Self.files.numbers)")
  }

  /// The file of components: `waveform/components` `[n, length]`, `waveform/mean` `[length]`,
  /// `waveform/variances` `[n]`, and the same of `spectrogram`, with `[frames, bins]` per
  /// component.
  var contents: SafetensorsContents {
    let patch = [request.patch.frames, request.patch.bins]
    var contents = SafetensorsContents(metadata: [
      "count": "\(request.count)", "seed": "\(request.seed)",
    ])
    for (name, found, shape) in [
      ("waveform", waveform, [request.length]), ("spectrogram", spectrogram, patch),
    ] {
      contents.append(
        "\(name)/components", shape: [found.dimension] + shape, found.components)
      contents.append("\(name)/mean", shape: shape, found.mean)
      contents.append(
        "\(name)/variances", shape: [found.dimension], found.variances.map(Float.init))
    }
    return contents
  }

  private var waveformPicture: Picture {
    .components(of: waveform, count: request.shownCount) { .panel(curve: $0) }
  }

  private var spectrogramPicture: Picture {
    .components(of: spectrogram, count: request.shownCount) {
      .panel(patch: $0, frames: request.patch.frames, bins: request.patch.bins)
    }
  }
}
