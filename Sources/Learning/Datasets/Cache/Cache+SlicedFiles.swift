package import SpecGANErrors

/// A file that gave slices, and which of a cache's they are.
package struct SlicedFile: Equatable, Sendable {
  /// The path below its INPUT.
  package let path: String
  /// The number of its label; nil where it has none.
  package let label: Int?
  /// Its slices' numbers.
  package let slices: Range<Int>

  /// A file at `path` whose slices are those numbered `slices`.
  package init(path: String, label: Int?, slices: Range<Int>) {
    (self.path, self.label, self.slices) = (path, label, slices)
  }
}

extension Cache {
  /// The files that gave slices, in the order of those.
  ///
  /// - Throws: ``SpecGANError``, also where the rows of files and the slices contradict each other.
  package func slicedFiles() throws(SpecGANError) -> [SlicedFile] {
    let numbers = try labelNumbers()
    var files: [SlicedFile] = []
    var first = 0
    for row in try sources() where row.slices > 0 {
      guard row.slices <= count - first else { throw contradiction }
      let slices = first..<first + row.slices
      let label = numbers[first]
      guard numbers[slices].allSatisfy({ $0 == label }) else { throw contradiction }
      files.append(
        SlicedFile(path: row.path, label: label < 0 ? nil : Int(label), slices: slices))
      first = slices.upperBound
    }
    guard first == count else { throw contradiction }
    return files
  }

  private var contradiction: SpecGANError {
    .damaged(
      path: "\(path)/\(CacheLayout.sources)",
      reason: "its rows do not add up to the slices of the cache and their labels")
  }
}
