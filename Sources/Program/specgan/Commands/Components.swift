import ArgumentParser
import Scores
import SpecGANDatasets
import SpecGANEvaluation
import SpecGANFiles
import SpecGANWorkers

struct Components: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the principal components of short pieces of audio.",
    discussion: """
      Takes random slices of waveforms and random patches of spectrograms from the cache, and finds \
      their principal components. waveform.png and spectrogram.png show the first ones, with their \
      shares of the variance. components.safetensors has all, with mean and variances.

      Example: specgan components cache --output components
      """)

  @Argument(help: "A cache.")
  var cache: String

  @Option(help: "The folder to write to.")
  var output: String

  @Option(help: "Samples in a slice.")
  var length = ComponentStudy.Request().length

  @Option(
    help: ArgumentHelp("Size of a patch in frames and bins.", valueName: "frames-x-bins"))
  var patch = Patch(ComponentStudy.Request().patch)

  @Option(help: "Number of slices, and of patches.")
  var count = ComponentStudy.Request().count

  @Option(help: "Largest number of components in a picture.")
  var shown = ComponentStudy.Request().shownCount

  @Option(help: "Random seed of the slices and patches.")
  var seed: UInt64 = 0

  @OptionGroup var replacement: ReplaceOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var results: OutputOptions

  func validate() throws { try checkOptions(request.check) }

  func run() throws {
    var folder = try OutputFolder(
      output, for: ComponentStudy.fileNames, by: "components", replacing: replacement.replace)
    let study = try ComponentStudy(
      of: Cache(verifying: cache), request, workers: Workers(count: threads.threads))
    try folder.begin()
    try study.write(to: output)
    try folder.finish()
    report(study)
    if results.json { try Console.json(Report(cache, output, study)) }
  }

  private var request: ComponentStudy.Request {
    var request = ComponentStudy.Request()
    (request.length, request.patch) = (length, (patch.frames, patch.bins))
    (request.count, request.shownCount, request.seed) = (count, shown, seed)
    return request
  }

  private func report(_ study: ComponentStudy) {
    func share(_ found: PrincipalComponents) -> String {
      let first = found.shares.prefix(shown)
      let share = (100 * first.reduce(0, +)).rounded(to: 1)
      return first.count == 1
        ? "The first component explains \(share) %"
        : "The first \(first.count) components explain \(share) %"
    }
    Console.message(
      """
      Wrote \(output): components of \(count) slices and \(count) patches from \(cache). \
      \(share(study.waveform)) of the variance of slices of \(length) samples. \
      \(share(study.spectrogram)) of the variance of patches of \(patch).
      """)
  }

  private struct Report: Encodable {
    let cache, output: String
    let count: Int
    let waveform, spectrogram: Found

    struct Found: Encodable {
      /// The shape of one component.
      let shape: [Int]
      /// The variance along each component, the largest first.
      let variances: [Double]
      /// The share of the total variance of each component.
      let shares: [Double]

      init(_ found: PrincipalComponents, shape: [Int]) {
        self.shape = shape
        (variances, shares) = (found.variances, found.shares)
      }
    }

    init(_ cache: String, _ output: String, _ study: ComponentStudy) {
      (self.cache, self.output, count) = (cache, output, study.request.count)
      let patch = study.request.patch
      waveform = Found(study.waveform, shape: [study.request.length])
      spectrogram = Found(study.spectrogram, shape: [patch.frames, patch.bins])
    }
  }
}

/// The size of a patch, as `5x5`.
struct Patch: ExpressibleByArgument, CustomStringConvertible {
  let frames, bins: Int

  var description: String { "\(frames)x\(bins)" }

  init(_ size: (frames: Int, bins: Int)) { (frames, bins) = size }

  init?(argument: String) {
    let sizes = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sizes.count == 2, let frames = sizes[0], let bins = sizes[1] else { return nil }
    (self.frames, self.bins) = (frames, bins)
  }
}
