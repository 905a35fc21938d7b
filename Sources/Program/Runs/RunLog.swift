internal import Foundation
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANSettings
package import SpecGANTraining

/// The log of a run: a JSON object a line, a line a step.
package struct RunLog: Sendable {
  /// One line.
  package struct Entry: Equatable, Sendable, Codable {
    /// The step, the first being 1.
    package var step: Int
    /// Seconds of training since the run began, stops left out.
    package var wallSeconds: Double
    /// See ``Losses/criticLoss``.
    package var criticLoss: Float
    /// See ``Losses/wasserstein``.
    package var wasserstein: Float
    /// See ``Losses/gradientPenalty``.
    package var gradientPenalty: Float
    /// See ``Losses/generatorLoss``.
    package var generatorLoss: Float
    /// See ``Losses/criticGradientNorm``.
    package var criticGradientNorm: Float
    /// See ``Losses/generatorGradientNorm``.
    package var generatorGradientNorm: Float
    /// How long the step took.
    package var secondsPerStep: Double
    /// See ``Preview/distance``; nil where the step has no preview.
    package var spectralDistance: Float?

    /// The line for `losses`, measured in `step`.
    package init(step: Int, wallSeconds: Double, losses: Losses, secondsPerStep: Double) {
      self.step = step
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
    }
  }

  /// Returns the entries of the log at `path`; a last line that a crash cut short is left out.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read or a line is none of a log.
  package static func entries(path: String) throws(SpecGANError) -> [Entry] {
    try lines(of: try MappedFile(path: path).contents, path: path).map(\.entry)
  }

  /// Cuts the log at `path` off after `lastStep`, byte for byte, and returns the entries that stay.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read or written, or a line is none of a log.
  @discardableResult
  package static func cut(path: String, after lastStep: Int) throws(SpecGANError) -> [Entry] {
    guard Folder.exists(path) else { return [] }
    let text = try MappedFile(path: path).contents
    let kept = try lines(of: text, path: path).prefix { $0.entry.step <= lastStep }
    let end = kept.last?.end ?? 0
    if end < text.count { try AppendedFile(path: path).truncate(to: end) }
    return kept.map(\.entry)
  }

  /// Every entry, and the offset behind its line.
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

  /// `entry` as a line of JSON.
  ///
  /// - Precondition: its numbers are finite.
  package static func line(_ entry: Entry) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(entry) else {
      preconditionFailure("a log entry holds numbers that are not finite: \(entry)")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

extension RunLog.Entry {
  /// Reads `line` of `text`; nil if it is none of a log.
  fileprivate init?(_ text: [UInt8], _ line: Range<Int>, by reader: inout LogReader) {
    if reader.readPlain(text, line), let entry = Self(reader) {
      self = entry
    } else if let entry = try? JSONDecoder().decode(Self.self, from: Data(text[line])) {
      self = entry
    } else {
      return nil
    }
  }

  /// The entry of the line that `reader` has read; nil if a number is missing or out of range.
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
    (self.step, self.wallSeconds, self.secondsPerStep) = (step, wallSeconds, secondsPerStep)
    (self.criticLoss, self.wasserstein) = (criticLoss, wasserstein)
    (self.gradientPenalty, self.generatorLoss) = (gradientPenalty, generatorLoss)
    self.criticGradientNorm = criticGradientNorm
    self.generatorGradientNorm = generatorGradientNorm
    self.spectralDistance = spectralDistance
  }
}
