internal import Foundation
internal import Networks
internal import SpecGANErrors
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTensorBoard
internal import SpecGANTensors
internal import SpecGANTraining
internal import SpecGANWorkers
internal import Waveforms

/// A monitor that writes event files for TensorBoard into the run's folder.
///
/// Every file begins with the configuration, as text and as hyperparameters. Pictures and clips
/// have the same bytes as their files in the run; of long clips there are only the first ones, see
/// ``Preview/clipCountInEvents(ofSize:)``. The points of curves have the values of the log.
final class EventMonitor: Monitor {
  private let folder: String
  private let scalarSteps: Int
  private let curves: [Curve]
  private let configuration: Configuration
  private let engine: Engine
  /// The session's event file, opened with its first step, so that a session without steps leaves
  /// none.
  private var file: EventFile?
  /// Whether the session's file lacks the real clips that previews are compared with.
  private var lacksRealClips = false
  /// The entry of the last step, until its curves are written.
  private var unwritten: RunLog.Entry?
  /// The curves that had no value when curves were last written; each gets its point at the next
  /// step with a value.
  private var missed: [Curve] = []
  /// The step at which missed curves got their points last, and their tags.
  private var made: (step: Int, tags: Set<String>) = (0, [])

  init(_ configuration: Configuration, run: RunFolder, engine: Engine) {
    folder = run.path
    scalarSteps = configuration.monitoring.scalarSteps
    curves = Curve.ofSteps(configuration.training)
    self.configuration = configuration.resolved
    self.engine = engine
  }

  func record(
    _ entry: RunLog.Entry, of networks: TrainedNetworksView
  ) throws(SpecGANError) {
    unwritten = entry
    let file = try opened(firstStep: entry.step)
    if entry.step % scalarSteps == 0 {
      try writeCurves(of: networks, to: file)
    } else {
      try writeMissedCurves(entry, to: file)
    }
  }

  func record(_ preview: Preview, of networks: TrainedNetworksView) throws(SpecGANError) {
    let file = try opened(firstStep: preview.step)
    try writeCurves(of: networks, to: file)
    if lacksRealClips {
      var real = Summary()
      real.append(preview.realClips, of: "real")
      try file.append(real, step: preview.step)
      lacksRealClips = false
    }
    for summary in [clips(of: preview), histograms(of: preview, networks)] {
      try file.append(summary, step: preview.step)
    }
  }

  func checkpointWritten(step: Int) throws(SpecGANError) { try file?.flush() }

  /// Starts a new file with the next step, which voids the events of this file from there on.
  func rolledBack(to step: Int) {
    file = nil
    unwritten = nil
    missed = []
  }

  /// Returns the session's file, and opens it if necessary.
  private func opened(firstStep: Int) throws(SpecGANError) -> EventFile {
    if let file { return file }
    let file = try EventFile(folder: folder, firstStep: firstStep)
    try file.append(settings, step: firstStep)
    lacksRealClips = true
    self.file = file
    return file
  }
}

// MARK: - Summaries

extension EventMonitor {
  /// The configuration, as text and as hyperparameters; paths are none.
  private var settings: Summary {
    let values = configuration.namedValues.filter { !$0.name.hasPrefix("paths.") }
    let hyperparameters = values.map { name, yaml in
      let value: Summary.Hyperparameter =
        if let number = Double(yaml) { .number(number) } else if let flag = Bool(yaml) {
          .flag(flag)
        } else { .text(yaml) }
      return (name: name, value: value)
    }
    var summary = Summary()
    summary.append("configuration", text: "```yaml\n\(configuration.yaml)```")
    summary.append(hyperparameters: hyperparameters, startedAt: Date().timeIntervalSince1970)
    return summary
  }

  /// Writes the curves' points of the last step, unless they are written.
  private func writeCurves(
    of networks: TrainedNetworksView, to file: EventFile
  ) throws(SpecGANError) {
    guard let entry = unwritten else { return }
    var summary = Summary()
    let tags = made.step == entry.step ? made.tags : []
    missed = summary.append(curves.filter { !tags.contains($0.tag) }, at: entry)
    for (name, weights) in [("critic", networks.critic), ("generator", networks.generator)] {
      summary.append(
        "\(name)/weight_norm", scalar: weights.norm(on: engine),
        description: "Euclidean norm of the \(name)'s weights after the step")
    }
    try file.append(summary, step: entry.step)
    unwritten = nil
  }

  /// Writes the points of missed curves that have a value in `entry`.
  private func writeMissedCurves(
    _ entry: RunLog.Entry, to file: EventFile
  ) throws(SpecGANError) {
    var summary = Summary()
    let left = summary.append(missed, at: entry)
    guard left.count < missed.count else { return }
    made = (entry.step, Set(missed.map(\.tag)).subtracting(left.map(\.tag)))
    missed = left
    try file.append(summary, step: entry.step)
  }

  private func clips(of preview: Preview) -> Summary {
    var summary = Summary()
    summary.append(preview.clips, of: "preview")
    summary.append("picture/\(SoundWriter.overviewStem)", png: preview.overview)
    if let distance = preview.distance {
      summary.append(
        "generator/spectral_distance", scalar: distance,
        description: "Spectral distance of generated clips from the cache's in dB; lower is better")
    }
    for (name, clips) in [("generated", preview.clips), ("real", preview.realClips)] {
      summary.append(
        "audio/rms_\(name)", scalar: Self.level(of: clips),
        description: "Root mean square of the \(name) clips of the preview")
    }
    return summary
  }

  private func histograms(of preview: Preview, _ networks: TrainedNetworksView) -> Summary {
    let weights = networks.generator.slices + networks.critic.slices
    let histograms = engine.workers.map(weights.count + 1) { index, _ in
      index < weights.count
        ? weights[index].slice.withSpan { Histogram(of: $0) }
        : preview.samples.withSpan { Histogram(of: $0) }
    }
    var summary = Summary()
    let tags = weights.map { "weights/\($0.name)" } + ["generator/output"]
    for (tag, histogram) in zip(tags, histograms) {
      if let histogram { summary.append(tag, histogram) }
    }
    return summary
  }

  /// Returns the root mean square of all samples.
  private static func level(of clips: [PicturedClip]) -> Float {
    var (squares, count) = (0.0, 0)
    for clip in clips {
      let samples = clip.rendered.waveform.samples
      for sample in samples { squares += Double(sample) * Double(sample) }
      count += samples.count
    }
    return count == 0 ? 0 : Float((squares / Double(count)).squareRoot())
  }
}

extension Summary {
  /// Adds the pictures and clips of the set `name`.
  fileprivate mutating func append(_ clips: [PicturedClip], of name: String) {
    let count = Preview.clipCountInEvents(ofSize: clips.first?.wav.count ?? 0)
    for (index, clip) in clips.prefix(count).enumerated() {
      let (stem, waveform) = (Preview.stem(index), clip.rendered.waveform)
      append("picture/\(name)/\(stem)", png: clip.png)
      append(
        "sound/\(name)/\(stem)", wav: clip.wav, sampleRate: waveform.sampleRate,
        channels: waveform.channels, frames: waveform.frameCount)
    }
  }
}

extension Summary {
  /// Appends the points of `curves` at `entry`, and returns the curves that have no value there.
  fileprivate mutating func append(_ curves: [Curve], at entry: RunLog.Entry) -> [Curve] {
    curves.filter { curve in
      guard let value = curve.value(entry) else { return true }
      append(curve.tag, scalar: value, description: curve.description)
      return false
    }
  }
}
