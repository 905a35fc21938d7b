package import Foundation
internal import Safetensors
package import SpecGANDatasets
package import SpecGANModels
package import SpecGANRuns
package import SpecGANSessions
package import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTensors
package import SpecGANTestSupport
internal import SpecGANTraining
internal import SpecGANWorkers
internal import Testing

/// A cache of eight spoken digits in a folder, and tiny networks to train on it.
package struct SmallRun {
  package let folder: TemporaryFolder
  package var configuration: Configuration
  package let cache: Cache

  /// Creates a cache of the digits or, if given, of `inputs`.
  package init(
    _ kind: ModelKind, dimension: Int = 2, inputs: [String]? = nil, in folder: TemporaryFolder
  ) throws {
    self.folder = folder
    configuration = Configuration()
    configuration.model = kind
    configuration.network.latent = 7
    configuration.network.dimension = dimension
    configuration.training.batchSize = 3
    configuration.training.criticUpdates = 2
    configuration.training.seed = 5
    configuration.monitoring.previewCount = 0
    configuration.monitoring.tensorboard = false
    configuration.monitoring.report = false
    configuration.paths.cache = folder.path("cache")
    let digits = ["zero", "one", "two", "three"].map { Fixtures.path("audio/digits/\($0)") }
    _ = try Preprocessor(
      inputs: inputs ?? digits, output: configuration.paths.cache, audio: configuration.audio,
      spectrogram: configuration.spectrogram, workers: Workers(count: 2)
    ).run()
    cache = try Cache(path: configuration.paths.cache)
  }

  /// Creates a cache of `inputs` at `paths.cache` of `configuration`.
  package init(
    _ configuration: Configuration, inputs: [String], in folder: TemporaryFolder
  ) throws {
    (self.folder, self.configuration) = (folder, configuration)
    _ = try Preprocessor(
      inputs: inputs, output: configuration.paths.cache, audio: configuration.audio,
      spectrogram: configuration.spectrogram, workers: Workers(count: 2)
    ).run()
    cache = try Cache(path: configuration.paths.cache)
  }

  /// The configuration as a run stores it.
  package var resolved: Configuration {
    var resolved = configuration
    resolved.training = resolved.training.resolved
    return resolved
  }

  package func run(_ name: String = "run") -> RunFolder { RunFolder(path: folder.path(name)) }

  /// Opens the run `name`.
  package func session(
    _ name: String = "run", resuming: Bool = false, changesPlan: Bool = true, threads: Int = 2
  ) throws -> TrainingSession {
    let (run, engine) = (run(name), Engine(threads: threads))
    return try TrainingSession(
      configuration, run: run, cache: cache, resuming: resuming,
      monitors: Monitors.standard(for: configuration, run: run, engine: engine),
      changesPlan: changesPlan, engine: engine)
  }

  /// Opens the run `name` and trains it to `steps`, in one session.
  @discardableResult
  package func train(
    _ name: String = "run", to steps: Int, resuming: Bool = false, threads: Int = 2
  ) throws -> TrainingSession {
    let session = try session(name, resuming: resuming, threads: threads)
    #expect(try session.train(until: .steps(steps)) == .reachedSteps)
    return session
  }

  /// Returns the bytes of a checkpoint.
  package func bytes(_ name: String = "run", step: Int) throws -> Data {
    try Data(contentsOf: URL(filePath: run(name).checkpointPath(step: step)))
  }

  /// Returns the values of the log that do not depend on the clock.
  package func losses(_ name: String = "run") throws -> [[Float]] {
    try RunLog.entries(path: run(name).logPath).map {
      [Float($0.step), $0.criticLoss, $0.wasserstein, $0.gradientPenalty ?? 0, $0.generatorLoss]
    }
  }
}

extension TrainingSession.Limits {
  package static func steps(_ steps: Int) -> Self {
    var limits = Self()
    limits.steps = steps
    return limits
  }
}

/// The contents of a checkpoint file, to be changed and written again.
package struct CheckpointParts {
  package var metadata: [String: String]
  package var tensors: [(name: String, shape: [Int], values: [Float])]

  package init(_ path: String) throws {
    let file = try SafetensorsFile(path: path)
    metadata = file.metadata
    tensors = try file.names.map { ($0, file.entry($0)?.shape ?? [], try file.floats($0)) }
  }

  /// Returns the parts as another program would write them.
  package func withoutChecksums() -> CheckpointParts {
    var parts = self
    parts.metadata = metadata.filter { !$0.key.hasPrefix("checksum/") }
    return parts
  }

  /// Writes the parts to the file `name` of `folder`, and returns that file's path.
  package func write(to folder: TemporaryFolder, as name: String = "parts.safetensors") throws
    -> String
  {
    var contents = SafetensorsContents(metadata: metadata)
    for (name, shape, values) in tensors { contents.append(name, shape: shape, values) }
    try contents.write(to: folder.path(name))
    return folder.path(name)
  }
}
