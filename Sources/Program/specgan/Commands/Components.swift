import ArgumentParser
import Scores
import SpecGANDatasets
import SpecGANEvaluation
import SpecGANWorkers

struct Components: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what short pieces of a cache's sounds are made of.",
    discussion: """
      Cuts slices out of waveforms and patches out of spectrograms, anywhere in the cache, and \
      finds their principal components. Writes waveform.png and spectrogram.png, which show the \
      first ones, each with its share of the variance; and components.safetensors, all of them \
      with mean and variances.

      Example: specgan components cache --output components
      """)

  @Argument(help: "A cache.")
  var cache: String

  @Option(help: "The folder to write to.")
  var output: String

  @Option(help: "Samples of a slice.")
  var length = ComponentStudy.Request().length

  @Option(
    help: ArgumentHelp("Frames and bins of a patch.", valueName: "frames-x-bins"))
  var patch = Patch(ComponentStudy.Request().patch)

  @Option(help: "How many slices, and how many patches.")
  var count = ComponentStudy.Request().count

  @Option(help: "How many components the pictures show, at most.")
  var shown = ComponentStudy.Request().shownCount

  @Option(help: "Where the slices and patches lie.")
  var seed: UInt64 = 0

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var results: OutputOptions

  func validate() throws { try checkOptions(request.check) }

  func run() throws {
    let study = try ComponentStudy(
      of: Cache(path: cache), request, workers: Workers(count: threads.threads))
    try study.write(to: output)
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
      return "\((100 * first.reduce(0, +)).rounded(to: 1)) % in \(first.count)"
    }
    Console.message(
      """
      \(output): components of \(count) slices and patches of \(cache); of the variance, slices of \
      \(length) samples have \(share(study.waveform)), patches of \(patch) have \
      \(share(study.spectrogram)).
      """)
  }

  private struct Report: Encodable {
    let cache, output: String
    let count: Int
    let waveform, spectrogram: Found

    struct Found: Encodable {
      /// Of one component.
      let shape: [Int]
      /// Along each component, the largest first.
      let variances: [Double]
      /// Their parts of the whole variance.
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

/// A patch's size, as `5x5`.
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
