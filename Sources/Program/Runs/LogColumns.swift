package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANSettings

/// A run's log by columns, for curves: the steps and values of every key with numbers.
///
/// A key that only some lines have is a shorter column. A line that is not a log entry is skipped.
/// 200,000 lines take about a third of a second.
package struct LogColumns: Equatable, Sendable {
  /// The values of one key.
  package struct Column: Equatable, Sendable {
    /// The steps that have a value, rising.
    package var steps: [Double] = []
    /// The value at each step.
    package var values: [Double] = []
  }

  private var keys: [[UInt8]] = []
  private var columns: [Column] = []

  /// Reads the log at `path`; a missing one is empty.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read.
  package init(path: String) throws(SpecGANError) {
    self.init(text: try Folder.exists(path) ? MappedFile(path: path).contents : [])
  }

  /// Reads `text`, one JSON object per line; a last line without a newline is ignored.
  package init(text: [UInt8]) {
    var reader = LogReader()
    for line in LogReader.lines(of: text) {
      reader.read(text, line)
      add(reader.numbers, keyCount: reader.keys.count)
    }
    keys = reader.keys
  }

  /// The column of `key`; empty if no line has it.
  package subscript(key: String) -> Column {
    guard let index = keys.firstIndex(of: Array(key.utf8)), index < columns.count else {
      return Column()
    }
    return columns[index]
  }

  /// The spectral distances of all previews, those of stops among them.
  package var spectralDistances: Column {
    let (scheduled, stops) = (self["spectral_distance"], self["stop_spectral_distance"])
    let points = [scheduled, stops].flatMap { Array(zip($0.steps, $0.values)) }
      .sorted { $0.0 < $1.0 }
    return Column(steps: points.map { $0.0 }, values: points.map { $0.1 })
  }

  /// The step with the best score; see ``ScoreHistory/best``.
  package var bestStep: Int? {
    let distances = spectralDistances
    return zip(distances.values, distances.steps).min { $0.0 < $1.0 }.map { Int($0.1) }
  }

  /// The last step; 0 before the first.
  package var lastStep: Int { Int(self["step"].values.last ?? 0) }

  /// Adds a line, unless its step is not larger than the one before.
  private mutating func add(_ numbers: [LogReader.Number], keyCount: Int) {
    while columns.count < keyCount { columns.append(Column()) }
    guard let step = numbers.first(where: { $0.key == LogReader.stepKey })?.value,
      step > columns[LogReader.stepKey].values.last ?? 0, step < 1e15
    else { return }
    for (key, value) in numbers {
      columns[key].steps.append(step)
      columns[key].values.append(value)
    }
  }
}
