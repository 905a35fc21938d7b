internal import Foundation
package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANModels
internal import SpecGANSettings
package import SpecGANTraining

/// The log of a run: one JSON object per line, one line per step.
package struct RunLog: Sendable {
  /// One line of the log.
  package struct Entry: Equatable, Sendable, Codable {
    /// The step, from 1.
    package var step: Int
    /// The time spent in training since the run began, in s.
    package var wallSeconds: Double
    /// See ``StepLosses/criticLoss``.
    package var criticLoss: Float
    /// See ``StepLosses/wasserstein``.
    package var wasserstein: Float
    /// See ``StepLosses/realMean``; nil in logs of 0.2.
    package var realMean: Float?
    /// See ``StepLosses/generatedMean``; nil in logs of 0.2.
    package var generatedMean: Float?
    /// See ``StepLosses/gradientPenalty``.
    package var gradientPenalty: Float?
    /// See ``StepLosses/generatorLoss``.
    package var generatorLoss: Float
    /// See ``StepLosses/criticGradientNorm``.
    package var criticGradientNorm: Float
    /// See ``StepLosses/generatorGradientNorm``.
    package var generatorGradientNorm: Float
    /// The critic's learning rate in the step; nil in logs of 0.2.
    package var criticLearningRate: Float?
    /// The generator's learning rate in the step; nil in logs of 0.2.
    package var generatorLearningRate: Float?
    /// The duration of the step, in s.
    package var secondsPerStep: Double
    /// See ``Preview/distance``; nil if the step has no preview on schedule.
    package var spectralDistance: Float?
    /// See ``Preview/distance``: that of the preview with which a session ended, if none is on
    /// schedule after the step.
    package var stopSpectralDistance: Float?
    /// See ``TrainingConfiguration/plannedSteps``; nil without a plan.
    package var plannedSteps: Int?
    /// See ``GrowthStage/level``; nil if the networks do not grow.
    package var level: Int?
    /// See ``GrowthStage/blend``.
    package var blend: Float?
    /// The probability of each augmentation at the beginning of the step; nil without augmentation.
    package var augmentationProbability: Float?

    /// Creates the entry for `losses`, measured in `step` with the learning rates `rates`.
    package init(
      step: Int, wallSeconds: Double, losses: StepLosses,
      rates: (generator: Float, critic: Float)? = nil, secondsPerStep: Double,
      plannedSteps: Int? = nil, stage: GrowthStage? = nil, augmentationProbability: Float? = nil
    ) {
      self.step = step
      (self.plannedSteps, self.augmentationProbability) = (plannedSteps, augmentationProbability)
      (level, blend) = (stage?.level, stage?.blend)
      self.wallSeconds = wallSeconds
      criticLoss = losses.criticLoss
      wasserstein = losses.wasserstein
      realMean = losses.realMean
      generatedMean = losses.generatedMean
      gradientPenalty = losses.gradientPenalty
      generatorLoss = losses.generatorLoss
      criticGradientNorm = losses.criticGradientNorm
      generatorGradientNorm = losses.generatorGradientNorm
      criticLearningRate = rates?.critic
      generatorLearningRate = rates?.generator
      self.secondsPerStep = secondsPerStep
    }

    fileprivate enum CodingKeys: String, CodingKey, CaseIterable {
      case step
      case wallSeconds = "wall_seconds"
      case criticLoss = "critic_loss"
      case wasserstein
      case realMean = "real_mean"
      case generatedMean = "generated_mean"
      case gradientPenalty = "gradient_penalty"
      case generatorLoss = "generator_loss"
      case criticGradientNorm = "critic_gradient_norm"
      case generatorGradientNorm = "generator_gradient_norm"
      case criticLearningRate = "critic_learning_rate"
      case generatorLearningRate = "generator_learning_rate"
      case secondsPerStep = "seconds_per_step"
      case spectralDistance = "spectral_distance"
      case stopSpectralDistance = "stop_spectral_distance"
      case plannedSteps = "planned_steps"
      case level, blend
      case augmentationProbability = "augmentation_probability"
    }
  }

  /// Returns the entries of the log at `path`; a last line that a crash truncated is ignored.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read or a line is not a log entry.
  package static func entries(path: String) throws(SpecGANError) -> [Entry] {
    try lines(of: try MappedFile(path: path).contents, path: path).map(\.entry)
  }

  /// Returns `entries` as CSV: a header with the keys of the log, and a line per step; a value that
  /// a step does not have is empty.
  package static func csv(_ entries: [Entry]) -> String {
    let header = Entry.CodingKeys.allCases.map(\.rawValue).joined(separator: ",")
    let lines = entries.map { entry in
      Entry.CodingKeys.allCases.map(entry.text).joined(separator: ",")
    }
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  /// Truncates the log at `path` after `lastStep` and returns the entries that remain.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read or written, or a line is not a log entry.
  @discardableResult
  package static func cut(path: String, after lastStep: Int) throws(SpecGANError) -> [Entry] {
    guard try Folder.exists(path) else { return [] }
    let text = try MappedFile(path: path).contents
    let kept = try lines(of: text, path: path).prefix { $0.entry.step <= lastStep }
    let end = kept.last?.end ?? 0
    if end < text.count { try AppendOnlyFile(path: path).truncate(to: end) }
    return kept.map(\.entry)
  }

  /// Returns every entry, and the offset of the end of its line.
  private static func lines(
    of text: [UInt8], path: String
  ) throws(SpecGANError) -> [(entry: Entry, end: Int)] {
    var reader = LogReader()
    var lines: [(entry: Entry, end: Int)] = []
    for line in LogReader.lines(of: text) {
      guard let entry = Entry(text, line, by: &reader) else {
        throw .logLine(path: path, line: lines.count + 1)
      }
      lines.append((entry, line.upperBound + 1))
    }
    return lines
  }

  /// Returns `entry` as a line of JSON.
  ///
  /// - Precondition: its values are finite.
  package static func line(_ entry: Entry) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(entry) else {
      trap("a log entry has values that are not finite: \(entry)")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

extension RunLog.Entry {
  /// Returns the value of `key` in the shortest form that is read back as the same value; empty if
  /// there is none.
  fileprivate func text(_ key: CodingKeys) -> String {
    func text(_ value: Float?) -> String { value.map { "\($0)" } ?? "" }
    return switch key {
    case .step: "\(step)"
    case .wallSeconds: "\(wallSeconds)"
    case .criticLoss: text(criticLoss)
    case .wasserstein: text(wasserstein)
    case .realMean: text(realMean)
    case .generatedMean: text(generatedMean)
    case .gradientPenalty: text(gradientPenalty)
    case .generatorLoss: text(generatorLoss)
    case .criticGradientNorm: text(criticGradientNorm)
    case .generatorGradientNorm: text(generatorGradientNorm)
    case .criticLearningRate: text(criticLearningRate)
    case .generatorLearningRate: text(generatorLearningRate)
    case .secondsPerStep: "\(secondsPerStep)"
    case .spectralDistance: text(spectralDistance)
    case .stopSpectralDistance: text(stopSpectralDistance)
    case .plannedSteps: plannedSteps.map { "\($0)" } ?? ""
    case .level: level.map { "\($0)" } ?? ""
    case .blend: text(blend)
    case .augmentationProbability: text(augmentationProbability)
    }
  }

  /// Reads `line` of `text`; nil if it is not a log entry.
  fileprivate init?(_ text: [UInt8], _ line: Range<Int>, by reader: inout LogReader) {
    if reader.readPlain(text, line), let entry = Self(reader) {
      self = entry
    } else if let entry = try? JSONDecoder().decode(Self.self, from: Data(text[line])) {
      self = entry
    } else {
      return nil
    }
  }

  /// Creates the entry of the line that `reader` has read; nil if a number is missing or out of
  /// range.
  private init?(_ reader: LogReader) {
    func number(_ key: CodingKeys) -> Double? {
      reader.numbers.first { reader.keys[$0.key].elementsEqual(key.rawValue.utf8) }?.value
    }
    func finite(_ key: CodingKeys) -> Float? {
      number(key).map { Float($0) }.flatMap { $0.isFinite ? $0 : nil }
    }
    guard let step = number(.step).flatMap({ Int(exactly: $0) }),
      let wallSeconds = number(.wallSeconds), wallSeconds.isFinite,
      let secondsPerStep = number(.secondsPerStep), secondsPerStep.isFinite,
      let criticLoss = finite(.criticLoss), let wasserstein = finite(.wasserstein),
      let generatorLoss = finite(.generatorLoss),
      let criticGradientNorm = finite(.criticGradientNorm),
      let generatorGradientNorm = finite(.generatorGradientNorm)
    else { return nil }
    let optional: [CodingKeys] = [
      .spectralDistance, .stopSpectralDistance, .realMean, .generatedMean, .criticLearningRate,
      .generatorLearningRate, .gradientPenalty, .blend, .augmentationProbability,
    ]
    guard optional.allSatisfy({ finite($0) != nil || number($0) == nil }) else { return nil }
    plannedSteps = number(.plannedSteps).flatMap { Int(exactly: $0) }
    (level, blend) = (number(.level).flatMap { Int(exactly: $0) }, finite(.blend))
    (self.step, self.wallSeconds, self.secondsPerStep) = (step, wallSeconds, secondsPerStep)
    (self.criticLoss, self.wasserstein) = (criticLoss, wasserstein)
    (gradientPenalty, self.generatorLoss) = (finite(.gradientPenalty), generatorLoss)
    self.criticGradientNorm = criticGradientNorm
    self.generatorGradientNorm = generatorGradientNorm
    (realMean, generatedMean) = (finite(.realMean), finite(.generatedMean))
    criticLearningRate = finite(.criticLearningRate)
    generatorLearningRate = finite(.generatorLearningRate)
    augmentationProbability = finite(.augmentationProbability)
    spectralDistance = finite(.spectralDistance)
    stopSpectralDistance = finite(.stopSpectralDistance)
  }
}
