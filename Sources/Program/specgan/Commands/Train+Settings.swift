import SpecGANErrors
import SpecGANFiles
import SpecGANRuns
import SpecGANSettings
import SpecGANTraining

extension Train {
  /// The settings of a run, and the places of the run and its cache.
  struct Request {
    /// The settings, with the paths that the run stores.
    var configuration: Configuration
    let run: RunFolder
    let cachePath: String
    /// Whether this command has chosen the settings.
    var areChosen = false
  }

  /// Returns the request that follows from the options and from `config`, a configuration file or
  /// the folder of a run.
  func request(of config: String) throws -> Request {
    let path = try configurationPath(of: config)
    var configuration = try Configuration(path: path)
    let own = try RunFolder.holding(configuration: path)
    let typed = configuration.paths
    try settings.apply(to: &configuration)
    configuration.model = model ?? configuration.model
    configuration.training.seed = seed ?? configuration.training.seed
    configuration.paths.cache = cache ?? configuration.paths.cache
    configuration.paths.run = runFolder ?? configuration.paths.run
    let isOwn = own != nil && runFolder == nil && configuration.paths.run == typed.run
    let run = RunFolder(path: isOwn ? own ?? "" : configuration.paths.run)
    let isOwnCache = own != nil && cache == nil && configuration.paths.cache == typed.cache
    let cachePath =
      isOwnCache
      ? try RunFolder(path: own ?? "").cachePath(of: typed) : configuration.paths.cache
    configuration.paths = run.stored(configuration.paths, cache: cachePath)
    try configuration.validatedForTraining()
    return Request(configuration: configuration, run: run, cachePath: cachePath)
  }

  /// Returns the path of the configuration file, which is in the run if `config` is one.
  private func configurationPath(of config: String) throws -> String {
    guard try Folder.isFolder(config) else { return config }
    let run = RunFolder(path: config)
    guard try run.isStarted else {
      throw SpecGANError.unknownInput(
        path: config, expected: "a configuration file, or the folder of a run")
    }
    return run.configurationPath
  }

  /// Refuses a run that exists, unless it is resumed.
  func check(_ run: RunFolder) throws {
    guard try run.isStarted else { return }
    if !resume { throw SpecGANError.runExists(path: run.path) }
    if from != nil { throw SpecGANError.hasBegun(run: run.path) }
  }
}
