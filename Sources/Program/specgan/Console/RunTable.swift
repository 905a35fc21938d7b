import SpecGANErrors
import SpecGANFiles
import SpecGANModels
import SpecGANRuns
import SpecGANSettings

/// A table of several runs: the settings in which they differ, and how far each one is.
struct RunTable: Encodable {
  /// A run: a column of the table.
  struct Column: Encodable {
    let run: String
    /// The value of each setting, as YAML.
    let settings: [String: String]
    let logged_steps: Int
    let seconds_trained: Double
    /// The best score in the log, in dB, and its step; nil without scores.
    let best_score: Float?
    let best_step: Int?

    fileprivate let names: [String]

    /// Reads the configuration and the log of the run at `path`.
    ///
    /// - Throws: ``SpecGANError`` if it is not a run, or one of both cannot be read.
    init(_ path: String) throws(SpecGANError) {
      let folder = RunFolder(path: path)
      guard try Folder.exists(path) else { throw .notFound(path: path) }
      guard try folder.isStarted else { throw .notARun(path: path) }
      run = path
      let configuration = try Configuration(path: folder.configurationPath)
      names = configuration.namedValues.map(\.name)
      settings = configuration.valuesByName
      let entries =
        try Folder.exists(folder.logPath) ? RunLog.entries(path: folder.logPath) : []
      (logged_steps, seconds_trained) = (entries.count, entries.last?.wallSeconds ?? 0)
      let best = try ScoreHistory(of: folder).best
      (best_score, best_step) = (best?.value, best?.step)
    }

    private enum CodingKeys: String, CodingKey {
      case run, settings, logged_steps, seconds_trained, best_score, best_step
    }
  }

  let runs: [Column]

  /// Reads the runs at `paths`.
  ///
  /// - Throws: ``SpecGANError`` if one of them is not a run, or cannot be read.
  init(_ paths: [String]) throws(SpecGANError) {
    runs = try paths.map { (path) throws(SpecGANError) in try Column(path) }
  }

  var text: String {
    let differing = (runs.first?.names ?? []).filter { name in
      !name.hasPrefix("paths.") && Set(runs.map { $0.settings[name] }).count > 1
    }
    func row(_ name: String, _ value: (Column) -> String) -> [String] { [name] + runs.map(value) }
    var rows = differing.map { name in row(name) { $0.settings[name] ?? "–" } }
    rows.append(row("logged steps") { String($0.logged_steps) })
    rows.append(row("time trained") { $0.seconds_trained.duration })
    rows.append(row("best score, dB") { $0.best_score.map { Double($0).rounded(to: 2) } ?? "–" })
    rows.append(row("best step") { $0.best_step.map { String($0) } ?? "–" })
    return TextTable(header: ["run"] + runs.map(\.run), rows: rows).text
  }
}
