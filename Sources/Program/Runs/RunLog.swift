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

    private enum CodingKeys: String, CodingKey {
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

  /// The lines of the log at `path`.
  ///
  /// A last line that a crash cut short is left out.
  /// - Throws: ``SpecGANError`` where it cannot be read or a line is none of a log.
  package static func entries(path: String) throws(SpecGANError) -> [Entry] {
    try lines(path: path).map(\.entry)
  }

  /// Cuts the log at `path` off after `lastStep`, byte for byte, and returns the entries that stay.
  ///
  /// - Throws: ``SpecGANError`` where it cannot be read or written, or a line is none of a log.
  @discardableResult
  package static func cut(path: String, after lastStep: Int) throws(SpecGANError) -> [Entry] {
    guard Folder.exists(path) else { return [] }
    let kept = try lines(path: path).prefix { $0.entry.step <= lastStep }
    let bytes = try contents(path)
    let end = kept.last?.end ?? 0
    if end < bytes.count {
      try AppendedFile(path: path).truncate(to: end)
    }
    return kept.map(\.entry)
  }

  /// Every whole line, and the offset after it.
  private static func lines(path: String) throws(SpecGANError) -> [(entry: Entry, end: Int)] {
    let bytes = try contents(path)
    let decoder = JSONDecoder()
    var lines: [(entry: Entry, end: Int)] = []
    var start = 0
    while let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      guard let entry = try? decoder.decode(Entry.self, from: bytes[start..<newline]) else {
        throw .logLine(path: path, line: lines.count + 1)
      }
      start = newline + 1
      lines.append((entry, start))
    }
    return lines
  }

  private static func contents(_ path: String) throws(SpecGANError) -> Data {
    return Data(try MappedFile(path: path).contents)
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
