internal import Foundation
package import SpecGANErrors
internal import SpecGANFiles
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
    /// See ``StepLosses/gradientPenalty``.
    package var gradientPenalty: Float
    /// See ``StepLosses/generatorLoss``.
    package var generatorLoss: Float
    /// See ``StepLosses/criticGradientNorm``.
    package var criticGradientNorm: Float
    /// See ``StepLosses/generatorGradientNorm``.
    package var generatorGradientNorm: Float
    /// The duration of the step, in s.
    package var secondsPerStep: Double
    /// See ``Preview/distance``; nil if the step has no preview on schedule.
    package var spectralDistance: Float?
    /// See ``TrainingConfiguration/plannedSteps``; nil without a plan.
    package var plannedSteps: Int?

    /// Creates the entry for `losses`, measured in `step`.
    package init(
      step: Int, wallSeconds: Double, losses: StepLosses, secondsPerStep: Double,
      plannedSteps: Int? = nil
    ) {
      self.step = step
      self.plannedSteps = plannedSteps
      self.wallSeconds = wallSeconds
      criticLoss = losses.criticLoss
      wasserstein = losses.wasserstein
      gradientPenalty = losses.gradientPenalty
      generatorLoss = losses.generatorLoss
      criticGradientNorm = losses.criticGradientNorm
      generatorGradientNorm = losses.generatorGradientNorm
      self.secondsPerStep = secondsPerStep
    }

    fileprivate enum CodingKeys: String, CodingKey {
      case step
      case wallSeconds = "wall_seconds"
      case criticLoss = "critic_loss"
      case wasserstein
      case gradientPenalty = "gradient_penalty"
      case generatorLoss = "generator_loss"
      case criticGradientNorm = "critic_gradient_norm"
      case generatorGradientNorm = "generator_gradient_norm"
      case secondsPerStep = "seconds_per_step"
      case spectralDistance = "spectral_distance"
      case plannedSteps = "planned_steps"
    }
  }

  /// Returns the entries of the log at `path`; a last line that a crash truncated is ignored.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read or a line is not a log entry.
  package static func entries(path: String) throws(SpecGANError) -> [Entry] {
    try lines(of: try MappedFile(path: path).contents, path: path).map(\.entry)
  }

  /// Truncates the log at `path` after `lastStep` and returns the entries that remain.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read or written, or a line is not a log entry.
  @discardableResult
  package static func cut(path: String, after lastStep: Int) throws(SpecGANError) -> [Entry] {
    guard Folder.exists(path) else { return [] }
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
      let gradientPenalty = finite(.gradientPenalty), let generatorLoss = finite(.generatorLoss),
      let criticGradientNorm = finite(.criticGradientNorm),
      let generatorGradientNorm = finite(.generatorGradientNorm)
    else { return nil }
    let spectralDistance = finite(.spectralDistance)
    guard spectralDistance != nil || number(.spectralDistance) == nil else { return nil }
    plannedSteps = number(.plannedSteps).flatMap { Int(exactly: $0) }
    (self.step, self.wallSeconds, self.secondsPerStep) = (step, wallSeconds, secondsPerStep)
    (self.criticLoss, self.wasserstein) = (criticLoss, wasserstein)
    (self.gradientPenalty, self.generatorLoss) = (gradientPenalty, generatorLoss)
    self.criticGradientNorm = criticGradientNorm
    self.generatorGradientNorm = generatorGradientNorm
    self.spectralDistance = spectralDistance
  }
}
