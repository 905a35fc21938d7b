package import SpecGANErrors

/// A file with slices, and their indices in the cache.
package struct SlicedFile: Equatable, Sendable {
  /// The path relative to its input.
  package let path: String
  /// The index of its label; nil if it has none.
  package let label: Int?
  /// The indices of its slices.
  package let slices: Range<Int>

  /// Creates a file at `path` with the indices `slices`.
  package init(path: String, label: Int?, slices: Range<Int>) {
    (self.path, self.label, self.slices) = (path, label, slices)
  }
}

extension Cache {
  /// Reads the files that have slices, in the order of the slices.
  ///
  /// - Throws: ``SpecGANError`` if the cache is damaged or was replaced, or its rows do not match
  ///   its slices and labels.
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
      reason: "its rows do not match the slices of the cache and their labels")
  }
}
