internal import Safetensors
package import Scores
package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANPictures
package import SpecGANWorkers

/// What short pieces of a dataset are made of: the principal components of slices of its waveforms
/// and of patches of its spectrograms.
///
/// Those of speech are waves, where those of pictures are edges: why convolutions over waveforms
/// have filters as long as 25 samples. Source: Donahue, McAuley and Puckette, "Adversarial Audio
/// Synthesis", ICLR 2019, figure 1, which shows eight components of slices of 25 samples, and of 5
/// by 5 patches of photographs where this has spectrograms.
package struct ComponentStudy: Sendable {
  /// What is looked at.
  package struct Request: Sendable {
    /// Samples of a slice.
    package var length = 25
    /// Frames and bins of a patch.
    package var patch = (frames: 5, bins: 5)
    /// How many slices, and how many patches.
    package var count = 100_000
    /// Where they lie.
    package var seed: UInt64 = 0
    /// How many components the pictures show, at most.
    package var shownCount = 8

    /// What the paper shows.
    package init() {}

    /// The most numbers of a slice or of a patch: the work grows with the cube.
    package static let largestSize = 1_024
    /// The most numbers of all slices or of all patches, which are in memory at once: 1 GiB.
    package static let mostNumbers = 1 << 28
    /// What ``count`` may be.
    package static let counts = 2...10_000_000
    /// What ``shownCount`` may be.
    package static let shownCounts = 1...64

    /// - Throws: ``SpecGANError`` where one is out of range.
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
          allowed: "frames and bins from 1, at most \(Self.largestSize) in all")
      }
      let most = Self.mostNumbers / max(length, size.partialValue)
      guard count <= most else {
        throw .setting(
          name: "count", found: "\(count)",
          allowed: "\(most) at most, as slices or patches of this size fill 1 GiB then")
      }
    }
  }

  /// What was looked at.
  package let request: Request
  /// The components of slices, each of as many samples as a slice.
  package let waveform: PrincipalComponents
  /// The components of patches, each `[frames, bins]`.
  package let spectrogram: PrincipalComponents

  /// The names of the files that ``write(to:)`` writes.
  package static let files = (
    waveform: "waveform.png", spectrogram: "spectrogram.png", numbers: "components.safetensors"
  )

  /// The components of `cache`.
  ///
  /// - Throws: ``SpecGANError`` where a setting is out of range, the cache cannot be read, its
  ///   sounds are too short, or all are the same.
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

  /// Writes both pictures and all numbers to `folder`, which is made where it is missing.
  ///
  /// - Throws: ``SpecGANError`` where something cannot be written.
  package func write(to folder: String) throws(SpecGANError) {
    try Folder.create(folder)
    try waveformPicture.write(to: "\(folder)/\(Self.files.waveform)")
    try spectrogramPicture.write(to: "\(folder)/\(Self.files.spectrogram)")
    try contents.write(to: "\(folder)/\(Self.files.numbers)")
  }

  /// `waveform/components` `[n, length]`, `waveform/mean` `[length]`, `waveform/variances` `[n]`,
  /// and the same of `spectrogram`, where a component is `[frames, bins]`.
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
