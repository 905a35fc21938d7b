// A program that opens runs also reads and writes audio and spectrograms.
@_exported public import Spectra
@_exported public import Waveforms
public import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTensors

/// A trained network: the folder of a run, or one of its checkpoints.
///
/// ```swift
/// let run = try Run(at: "run")
/// let sounds = try run.generate(count: 4, seed: 7)
/// for (i, sound) in sounds.enumerated() { try sound.write(to: "\(i).wav") }
/// ```
public struct Run: Sendable {
  /// The checkpoint's file: that of the last step, unless a checkpoint was opened.
  public let checkpointPath: String
  private let checkpoint: Checkpoint

  /// Opens the run or the checkpoint at `path`, and verifies the checkpoint's checksums.
  ///
  /// For a run, it opens the last intact checkpoint.
  ///
  /// - Parameter path: the folder of a run, or the file of a checkpoint.
  /// - Throws: ``SpecGANError`` if it is missing, damaged, or neither a run nor a checkpoint.
  public init(at path: String) throws(SpecGANError) {
    let found = try RunFolder.checkpoint(for: path)
    (checkpointPath, checkpoint) = (found.path, found.checkpoint)
  }

  /// The number of training steps of the checkpoint.
  public var step: Int { checkpoint.step }
  /// The labels of a conditional run, in the order of their indices; empty for other runs.
  public var labels: [String] { checkpoint.labels }
  /// The settings of the run.
  public var settings: Settings { Settings(checkpoint.configuration) }

  /// Generates new clips.
  ///
  /// Clip `i` depends only on the seed and `i`, not on `count` or `threads`, and equals that of
  /// `specgan generate --level as-is --format float` with the same seed.
  ///
  /// - Parameters:
  ///   - count: the number of clips, 0 to 1,000,000.
  ///   - seed: the random seed.
  ///   - label: the label of all clips; case is ignored unless labels differ only in case. Nil for
  ///     the labels of a conditional run in turn.
  ///   - threads: the number of threads, 1 to 1024.
  /// - Returns: `count` clips of ``Settings/sliceLength`` frames each, nominally in `[-1, 1]`.
  /// - Throws: ``SpecGANError`` if `count` or `threads` is out of range, the run has no such label,
  ///   or the generator's samples are not finite.
  public func generate(
    count: Int, seed: UInt64 = 0, label: String? = nil, threads: Int = Settings.processorCount
  ) throws(SpecGANError) -> [Waveform] {
    guard (0...1_000_000).contains(count) else { throw .clipCount(found: count) }
    let engine = Engine(threads: try Settings.checked(threads))
    let generator = SampleGenerator(checkpoint, engine: engine)
    let codec = try SampleCodec(
      checkpoint, inversion: checkpoint.configuration.inversion, seed: seed)
    let index = try label.map { (label) throws(SpecGANError) in try self.index(of: label) }
    var clips: [Waveform] = []
    for first in stride(from: 0, to: count, by: SampleGenerator.batchSize) {
      let numbers = Array(first..<min(first + SampleGenerator.batchSize, count))
      let drawn = ChosenLatents(drawnFor: checkpoint.gan, numbers: numbers, seed: seed)
      let chosen =
        index.map { drawn.labeled(LabelMix($0, of: checkpoint.gan.labelCount)) } ?? drawn
      let samples = generator.samples(chosen)
      clips += try codec.finiteClips(
        of: samples, numbers: numbers, from: checkpointPath, on: engine.workers
      ).map(\.waveform)
    }
    return clips
  }

  private func index(of label: String) throws(SpecGANError) -> Int {
    switch checkpoint.match(ofLabel: label) {
    case .label(let index): return index
    case .several(let alike):
      throw .noLabel(path: checkpointPath, label: label, labels: alike)
    case .unknown:
      throw .noLabel(path: checkpointPath, label: label, labels: checkpoint.labels)
    }
  }
}
