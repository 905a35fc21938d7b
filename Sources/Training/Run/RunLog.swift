public import Files
internal import Foundation

/// The log of a run: a JSON object a line, a line a step.
public struct RunLog: Sendable {
  /// One line.
  public struct Entry: Equatable, Sendable, Codable {
    /// The step, the first being 1.
    public var step: Int
    /// Seconds of training since the run began, stops left out.
    public var wallSeconds: Double
    /// See ``Losses/criticLoss``.
    public var criticLoss: Float
    /// See ``Losses/wasserstein``.
    public var wasserstein: Float
    /// See ``Losses/gradientPenalty``.
    public var gradientPenalty: Float
    /// See ``Losses/generatorLoss``.
    public var generatorLoss: Float
    /// How long the step took.
    public var secondsPerStep: Double

    /// The line for `losses`, measured in `step`.
    public init(step: Int, wallSeconds: Double, losses: Losses, secondsPerStep: Double) {
      self.step = step
      self.wallSeconds = wallSeconds
      criticLoss = losses.criticLoss
      wasserstein = losses.wasserstein
      gradientPenalty = losses.gradientPenalty
      generatorLoss = losses.generatorLoss
      self.secondsPerStep = secondsPerStep
    }

    private enum CodingKeys: String, CodingKey {
      case step
      case wallSeconds = "wall_seconds"
      case criticLoss = "critic_loss"
      case wasserstein
      case gradientPenalty = "gradient_penalty"
      case generatorLoss = "generator_loss"
      case secondsPerStep = "seconds_per_step"
    }
  }

  /// The lines of the log at `path`, up to and including `lastStep`.
  ///
  /// A last line that a crash cut short is left out.
  /// - Throws: ``FileError`` where it cannot be read.
  public static func entries(
    path: String, lastStep: Int = .max
  ) throws(FileError) -> [Entry] {
    let bytes = try MappedFile(path: path).withBytes { bytes in
      unsafe bytes.withUnsafeBytes { unsafe Data($0) }
    }
    let decoder = JSONDecoder()
    return bytes.split(separator: UInt8(ascii: "\n"))
      .compactMap { try? decoder.decode(Entry.self, from: $0) }
      .filter { $0.step <= lastStep }
  }

  /// `entry` as a line of JSON.
  ///
  /// - Precondition: its numbers are finite.
  static func line(_ entry: Entry) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(entry) else {
      preconditionFailure("a log entry holds numbers that are not finite: \(entry)")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// Writes the log anew with `entries` alone.
  ///
  /// - Throws: ``FileError`` where it cannot be written.
  static func rewrite(path: String, entries: [Entry]) throws(FileError) {
    try AtomicFile.replace(path, with: entries.map { line($0) + "\n" }.joined())
  }
}
