internal import SpecGANRuns

extension Settings {
  /// The version of this package, and those of the C libraries that it runs with, one a line.
  public static var versions: String { Versions.description }
}
