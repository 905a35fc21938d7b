internal import Foundation
package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANSettings
internal import Waveforms

/// The record of a run's last session: its machine, versions, dataset and outcome.
///
/// The file is `session.json` in the run's folder.
package struct SessionRecord: Codable, Equatable, Sendable {
  /// The machine.
  package var machine: Machine
  /// The program's version.
  package var program: String
  /// The Git commit of the program; nil if it was built outside a clone.
  package var commit: String?
  /// The libraries' versions, each with its name.
  package var libraries: [String]
  /// The number of threads.
  package var threads: Int
  /// The dataset that it trained on.
  package var dataset: DatasetSummary
  /// See ``Checkpoint/origin``.
  package var from: String?
  /// The ``SessionOutcome``; nil while the session runs, and if it crashed or was killed.
  package var outcome: String?

  /// Reads the record of `run`; nil if it is missing or unreadable.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package init?(of run: RunFolder) throws(SpecGANError) {
    let decoder = JSONDecoder()
    // Keys without underscores stay as they are: those of 0.2 were `sampleRate` and `sliceLength`.
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let text = try ifUsable { () throws(SpecGANError) in
      try MappedFile(path: run.sessionPath).contents
    }
    guard let text, let record = try? decoder.decode(Self.self, from: Data(text)) else {
      return nil
    }
    self = record
  }

  /// Creates the record of a session that begins now on this machine.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package init(from cache: Cache, threads: Int) throws(SpecGANError) {
    machine = Machine.this
    program = Versions.program
    commit = Versions.commit
    libraries = Versions.libraries
    self.threads = threads
    dataset = try DatasetSummary(of: cache)
  }

  /// Writes the record into the folder of `run`.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be written.
  package func write(to run: RunFolder) throws(SpecGANError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    guard let data = try? encoder.encode(self) else {
      trap("a session record is text and finite numbers: \(self)")
    }
    try AtomicFile.replace(run.sessionPath, with: String(decoding: data, as: UTF8.self) + "\n")
  }
}

/// The reason for a session's end.
package enum SessionOutcome: String, Sendable {
  /// The run has the requested number of steps.
  case reachedSteps = "reached_steps"
  /// The session took the requested time.
  case reachedTime = "reached_time"
  /// The user or the caller asked to stop.
  case interrupted
  /// The score has not improved for `training.patience` steps.
  case stoppedImproving = "stopped_improving"
}

/// A summary of a cache.
package struct DatasetSummary: Codable, Equatable, Sendable {
  /// A label and the number of slices with it.
  package struct Label: Codable, Equatable, Sendable {
    package var name: String
    package var slices: Int
  }

  /// The path of the cache.
  package var path: String
  /// The fingerprint, by which checkpoints identify the cache.
  package var fingerprint: String
  /// The number of used files.
  package var sounds: Int
  /// The number of skipped files.
  package var skipped: Int
  /// The number of slices.
  package var slices: Int
  /// The duration of the used files, in s.
  package var seconds: Double
  /// The sample rate, in Hz.
  package var sampleRate: Int
  /// The length of a slice, in frames.
  package var sliceLength: Int
  /// The number of channels.
  package var channels: Int
  /// The labels; slices without a label are not counted.
  package var labels: [Label]

  /// Summarizes `cache`.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package init(of cache: Cache) throws(SpecGANError) {
    path = cache.path
    fingerprint = cache.fingerprint
    (sounds, skipped) = (cache.files.used, cache.files.skipped)
    slices = cache.count
    seconds = cache.secondsOfAudio
    sampleRate = cache.audio.sampleRate
    (sliceLength, channels) = (cache.audio.sliceLength, cache.audio.channels)
    var counts = [Int](repeating: 0, count: cache.labels.count)
    let numbers = try ifUsable { () throws(SpecGANError) in try cache.labelNumbers() }
    for number in numbers ?? [] where counts.indices.contains(Int(number)) {
      counts[Int(number)] += 1
    }
    labels = zip(cache.labels, counts).map { Label(name: $0, slices: $1) }
  }
}

/// A computer, as described by Linux.
package struct Machine: Codable, Equatable, Sendable {
  /// The processor's model.
  package var processor: String
  /// The number of processors that the program may use.
  package var cores: Int
  /// The physical memory, in bytes.
  package var memory: UInt64
  /// The kernel's name and release.
  package var kernel: String

  /// The current machine.
  static var this: Machine {
    let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = facts.split(separator: "\n").first { $0.hasPrefix("model name") }
    let release = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    return Machine(
      processor: model?.split(separator: ":").dropFirst().joined(separator: ":")
        .trimmingCharacters(in: .whitespaces) ?? "unknown",
      cores: ProcessInfo.processInfo.activeProcessorCount,
      memory: ProcessInfo.processInfo.physicalMemory,
      kernel: "Linux "
        + (release ?? "of unknown release").trimmingCharacters(in: .whitespacesAndNewlines))
  }
}

extension RunFolder {
  /// The file of the last session's record; see ``SessionRecord``.
  package var sessionPath: String { path + "/session.json" }
  /// The HTML page that shows the run.
  package var reportPath: String { path + "/report.html" }
}
