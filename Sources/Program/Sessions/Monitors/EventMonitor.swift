internal import Networks
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTensorBoard
internal import SpecGANTensors
internal import SpecGANTraining
internal import SpecGANWorkers
internal import Waveforms

/// Writes a run's course for TensorBoard, into the run's folder.
///
/// Pictures and sounds are the bytes of the files that previews leave there. A curve's point has the
/// number of the log's line.
final class EventMonitor: Monitor {
  private let run: RunFolder
  private let scalarSteps: Int
  private let trainer: Trainer
  private let engine: Engine
  /// Opened with a session's first step, so that a session that does nothing leaves none.
  private var file: EventFile?
  /// Whether the session's file lacks the examples that previews are compared with.
  private var lacksRealSounds = false
  /// The last step, until its curves are written.
  private var unwritten: RunLog.Entry?

  init(_ configuration: Configuration, run: RunFolder, trainer: Trainer, engine: Engine) {
    self.run = run
    scalarSteps = configuration.monitoring.scalarSteps
    self.trainer = trainer
    self.engine = engine
  }

  func record(_ entry: RunLog.Entry) throws(SpecGANError) {
    unwritten = entry
    let file = try opened(firstStep: entry.step)
    if entry.step % scalarSteps == 0 { try writeCurves(to: file) }
  }

  func record(_ preview: Preview) throws(SpecGANError) {
    let file = try opened(firstStep: preview.step)
    try writeCurves(to: file)
    if lacksRealSounds {
      let real = try summary(of: preview.realSounds, "real", in: run.realExamplesFolder)
      try write { () throws(SpecGANError) in try file.append(real, step: preview.step) }
      lacksRealSounds = false
    }
    for summary in [try sounds(of: preview), histograms(of: preview)] {
      try write { () throws(SpecGANError) in try file.append(summary, step: preview.step) }
    }
  }

  func checkpointWritten() throws(SpecGANError) {
    guard let file else { return }
    try write { () throws(SpecGANError) in try file.flush() }
  }

  /// A new file begins with the next step, and voids what this one has of it and later ones.
  func rolledBack(to step: Int) {
    file = nil
    unwritten = nil
  }

  /// The session's file.
  private func opened(firstStep: Int) throws(SpecGANError) -> EventFile {
    if let file { return file }
    let path = run.path
    let file = try write { () throws(SpecGANError) in
      try EventFile(folder: path, firstStep: firstStep)
    }
    lacksRealSounds = true
    self.file = file
    return file
  }

  private func write<Result>(
    _ body: () throws(SpecGANError) -> Result
  ) throws(SpecGANError) -> Result {
    return try body()
  }
}

// MARK: - What is written

extension EventMonitor {
  /// The curves' points of the last step, where they are not written yet.
  private func writeCurves(to file: EventFile) throws(SpecGANError) {
    guard let entry = unwritten else { return }
    var summary = Summary()
    for curve in Curve.ofEveryStep(trainer.configuration.loss) {
      summary.append(curve.tag, scalar: curve.value(entry), description: curve.description)
    }
    for (network, parameters) in [("critic", trainer.critic), ("generator", trainer.generator)] {
      summary.append(
        "\(network)/weight_norm", scalar: parameters.norm(on: engine),
        description: "Euclidean norm of the \(network)'s weights after the step")
    }
    try write { () throws(SpecGANError) in try file.append(summary, step: entry.step) }
    unwritten = nil
  }

  private func sounds(of preview: Preview) throws(SpecGANError) -> Summary {
    let folder = run.previewFolder(step: preview.step)
    var summary = try summary(of: preview.sounds, "preview", in: folder)
    let overview = SoundWriter.overviewStem
    summary.append("picture/\(overview)", png: try bytes(of: "\(folder)/\(overview).png"))
    if let distance = preview.distance {
      summary.append(
        "generator/spectral_distance", scalar: distance,
        description: "How far generated sounds are from the cache's, in decibels; lower is better")
    }
    for (name, sounds) in [("generated", preview.sounds), ("real", preview.realSounds)] {
      summary.append(
        "audio/rms_\(name)", scalar: Self.level(of: sounds),
        description: "Root mean square of the \(name) sounds of the preview")
    }
    return summary
  }

  /// The files of `sounds` in `folder`, as pictures and sounds of the set `name`.
  private func summary(
    of sounds: [SoundRenderer.Sound], _ name: String, in folder: String
  ) throws(SpecGANError) -> Summary {
    var summary = Summary()
    for (index, sound) in sounds.enumerated() {
      let stem = Preview.stem(index)
      summary.append("picture/\(name)/\(stem)", png: try bytes(of: "\(folder)/\(stem).png"))
      summary.append(
        "sound/\(name)/\(stem)", wav: try bytes(of: "\(folder)/\(stem).wav"),
        sampleRate: sound.waveform.sampleRate, channels: sound.waveform.channels,
        frames: sound.waveform.frameCount)
    }
    return summary
  }

  private func histograms(of preview: Preview) -> Summary {
    let weights = (trainer.generator.slices + trainer.critic.slices).map {
      (tag: "weights/\($0.name)", values: $0.slice)
    }
    let all = weights + [("generator/output", preview.samples.view)]
    let histograms = engine.workers.map(all.count) { index, _ in
      all[index].values.withSpan { Histogram(of: $0) }
    }
    var summary = Summary()
    for (part, histogram) in zip(all, histograms) {
      if let histogram { summary.append(part.tag, histogram) }
    }
    return summary
  }

  private func bytes(of path: String) throws(SpecGANError) -> [UInt8] {
    try write { () throws(SpecGANError) in try MappedFile(path: path).contents }
  }

  /// The root mean square of all the samples.
  private static func level(of sounds: [SoundRenderer.Sound]) -> Float {
    var (squares, count) = (0.0, 0)
    for sound in sounds {
      for sample in sound.waveform.samples { squares += Double(sample) * Double(sample) }
      count += sound.waveform.samples.count
    }
    return count == 0 ? 0 : Float((squares / Double(count)).squareRoot())
  }
}
