import ArgumentParser
import Safetensors
internal import SpecGANErrors
import SpecGANFiles
import SpecGANModels
import SpecGANRuns
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTraining
import Spectra
import Waveforms

struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score audio with a trained critic.",
    discussion: """
      Writes values, [n], the critic's scores, and gradient_norms, [n], the norms of its gradients \
      with respect to the input. Higher scores look more real to the critic; with the Wasserstein \
      losses only differences have a meaning. A conditional run (network.conditional) scores a clip \
      under a label: that of --label, or the one that generate --raw stored.

      Example: specgan score run new-sounds/00000.wav new-sounds/00001.wav --output scores.safetensors
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Argument(help: "Audio files, or safetensors files with a tensor samples.")
  var files: [String]

  @Option(help: "The safetensors file to write.")
  var output: String

  @OptionGroup var label: LabelOptions
  @OptionGroup var replacement: ReplaceFileOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var results: OutputOptions

  func run() throws {
    let (path, checkpoint) = try Messages().checkpoint(for: checkpoint)
    for input in files + [path] {
      if try Folder.areSame(input, output) { throw SpecGANError.overwritesInput(path: input) }
    }
    try OutputFolder.check(file: output, replacing: replacement.replace)
    try RunFolder.checkIsNoPart(output)
    let failures = Failures()
    let label = try label.mix(in: checkpoint, path)
    let scored = try scores(by: checkpoint, path, as: label, failures)
    if scored.files.isEmpty { try failures.leave() }
    let count = scored.files.count
    var contents = SafetensorsContents()
    contents.append("values", shape: [count], scored.scores.values)
    contents.append("gradient_norms", shape: [count], scored.scores.gradientNorms)
    try contents.write(to: output)
    Console.message("\(output): scores of \(count) \(count == 1 ? "clip" : "clips") by \(path).")
    if results.json { try Console.json(Report(path, output, scored.files, scored.scores)) }
    try failures.leave()
  }

  /// Returns the scores of all readable files, under `label` if it is given, and the file of each
  /// score.
  private func scores(
    by checkpoint: Checkpoint, _ path: String, as label: LabelMix?, _ failures: Failures
  ) throws -> (files: [String], scores: CriticScorer.Scores) {
    let scorer = CriticScorer(checkpoint, engine: Engine(threads: threads.threads))
    let reader = SampleReader(checkpoint)
    var scored: (files: [String], scores: CriticScorer.Scores) = ([], .init())
    for first in stride(from: 0, to: files.count, by: SampleGenerator.batchSize) {
      let batch = files[first..<min(first + SampleGenerator.batchSize, files.count)]
      var (samples, labels) = ([Tensor](), [LabelMix]())
      for file in batch {
        try failures.collect {
          let (found, remarks) = try reader.samples(file)
          Messages().warn(remarks: remarks, on: file)
          let count = found.shape[0]
          let own =
            try label.map { [LabelMix](repeating: $0, count: count) }
            ?? reader.labels(file, count: count)
          if own == nil && !checkpoint.labels.isEmpty {
            throw SpecGANError.noLabel(path: path, file: file, known: checkpoint.labels)
          }
          samples.append(found)
          labels += own ?? []
          scored.files += [String](repeating: file, count: count)
        }
      }
      guard !samples.isEmpty else { continue }
      let scores = scorer.scores(Tensor(joining: samples.map(\.view)), labels: labels)
      scored.scores.values += scores.values
      scored.scores.gradientNorms += scores.gradientNorms
    }
    return scored
  }

  private struct Report: Encodable {
    let checkpoint, output: String
    let files: [String]
    let values, gradient_norms: [Float?]

    init(_ checkpoint: String, _ output: String, _ files: [String], _ scores: CriticScorer.Scores) {
      self.checkpoint = checkpoint
      self.output = output
      self.files = files
      values = scores.values.map(\.finite)
      gradient_norms = scores.gradientNorms.map(\.finite)
    }
  }
}
