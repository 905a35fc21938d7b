import ArgumentParser
internal import SpecGANErrors
import SpecGANFiles
import SpecGANReports
import SpecGANRuns

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the report of a run: its curves, and its previews beside real clips.",
    discussion: """
      The report is one HTML file that needs no network. Training keeps report.html in the run's \
      folder up to date; this command writes it again.

      Example: specgan report run
      """)

  @Argument(help: ArgumentHelp("A run.", valueName: "run"))
  var folder: String

  @Option(help: "The file to write. (default: report.html in the run's folder)")
  var output: String?

  @Option(help: "Also write the log to this file as CSV, one line per step.")
  var csv: String?

  @OptionGroup var replacement: ReplaceFileOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    for (name, path) in [("output", output), ("csv", csv)] where path == "" {
      throw ValidationError("--\(name) is empty; give the path of a file.")
    }
  }

  func run() throws {
    let run = RunFolder(path: folder)
    let path = output ?? run.reportPath
    // The report of the run itself is written again and again.
    if try !Folder.areSame(path, run.reportPath) {
      try OutputFolder.check(file: path, replacing: replacement.replace)
    }
    if let csv {
      try OutputFolder.check(file: csv, replacing: replacement.replace)
      if try csv == path || Folder.areSame(csv, path) { throw SpecGANError.writtenTwice(path: csv) }
    }
    for path in [path, csv].compactMap(\.self) { try RunFolder.checkIsNoPart(path) }
    let report = try RunReport(reading: run)
    try report.write(to: path)
    if let csv { try AtomicFile.replace(csv, with: RunLog.csv(RunLog.entries(path: run.logPath))) }
    if results.json { try Console.json(Result(report: path, step: report.lastStep)) }
    Console.message("\(path) shows \(folder) up to step \(report.lastStep); open it in a browser.")
  }

  private struct Result: Encodable {
    let report: String
    let step: Int
  }
}
