internal import Foundation
package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANSettings
internal import Waveforms

/// What the last session at a run worked on and with, and how it ended: `session.json` in the run's
/// folder.
package struct SessionRecord: Codable, Equatable, Sendable {
  /// The machine.
  package var machine: Machine
  /// The program's version, and the libraries'.
  package var program: String
  /// The Git commit of the program; nil if it was built outside a clone.
  package var commit: String?
  package var libraries: [String]
  /// Threads it computed on.
  package var threads: Int
  /// What it trained from.
  package var dataset: DatasetSummary
  /// Why it ended, a ``SessionOutcome``; nil while it trains, and where it was cut off.
  package var outcome: String?

  /// The record of the run `run`; nil where there is none that can be read.
  package init?(of run: RunFolder) {
    guard let data = FileManager.default.contents(atPath: run.sessionPath),
      let record = try? JSONDecoder().decode(Self.self, from: data)
    else { return nil }
    self = record
  }

  /// The record of a session that begins here.
  package init(from cache: Cache, threads: Int) {
    machine = Machine.this
    program = Versions.program
    commit = Versions.commit
    libraries = Versions.libraries
    self.threads = threads
    dataset = DatasetSummary(of: cache)
  }

  /// Writes the record into the folder of `run`.
  ///
  /// - Throws: ``SpecGANError`` where it cannot be written.
  package func write(to run: RunFolder) throws(SpecGANError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("a session record is text and finite numbers: \(self)")
    }
    try AtomicFile.replace(run.sessionPath, with: String(decoding: data, as: UTF8.self) + "\n")
  }
}

/// Why a session ended.
package enum SessionOutcome: String, Sendable {
  /// The run has as many steps as asked for.
  case reachedSteps = "reached_steps"
  /// The session took as long as asked for.
  case reachedTime = "reached_time"
  /// Somebody asked to stop.
  case interrupted
  /// The score has not improved for as many steps as the run has patience for.
  case stoppedImproving = "stopped_improving"
}

/// What a cache holds, in figures.
package struct DatasetSummary: Codable, Equatable, Sendable {
  /// A label and how many slices have it.
  package struct Label: Codable, Equatable, Sendable {
    package var name: String
    package var slices: Int
  }

  /// Where it was.
  package var path: String
  /// What checkpoints know it by.
  package var fingerprint: String
  /// Files used, and files that could not be.
  package var sounds: Int
  package var skipped: Int
  package var slices: Int
  /// Seconds of audio in the used files.
  package var seconds: Double
  /// Hertz.
  package var sampleRate: Int
  /// Samples of a slice, and its channels.
  package var sliceLength: Int
  package var channels: Int
  /// Labels with slices; what has none is not counted.
  package var labels: [Label]

  /// What `cache` holds.
  package init(of cache: Cache) {
    path = cache.path
    fingerprint = cache.fingerprint
    (sounds, skipped) = (cache.files.used, cache.files.skipped)
    slices = cache.count
    seconds = cache.secondsOfAudio
    sampleRate = cache.audio.sampleRate
    (sliceLength, channels) = (cache.audio.sliceLength, cache.audio.channels)
    var counts = [Int](repeating: 0, count: cache.labels.count)
    for number in (try? cache.labelNumbers()) ?? [] where counts.indices.contains(Int(number)) {
      counts[Int(number)] += 1
    }
    labels = zip(cache.labels, counts).map { Label(name: $0, slices: $1) }
  }
}

/// A computer, as Linux describes it.
package struct Machine: Codable, Equatable, Sendable {
  /// The processor's model.
  package var processor: String
  /// Processors that the program may use.
  package var cores: Int
  /// Bytes.
  package var memory: UInt64
  /// The kernel's name and release.
  package var kernel: String

  /// The one this runs on.
  static var this: Machine {
    let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = facts.split(separator: "\n").first { $0.hasPrefix("model name") }
    let release = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    return Machine(
      processor: model?.split(separator: ":").dropFirst().joined(separator: ":")
        .trimmingCharacters(in: .whitespaces) ?? "not said",
      cores: ProcessInfo.processInfo.activeProcessorCount,
      memory: ProcessInfo.processInfo.physicalMemory,
      kernel: "Linux "
        + (release ?? "of unknown release").trimmingCharacters(in: .whitespacesAndNewlines))
  }
}

extension RunFolder {
  /// What the last session worked with; see ``SessionRecord``.
  package var sessionPath: String { path + "/session.json" }
  /// The page that shows the run.
  package var reportPath: String { path + "/report.html" }
}
