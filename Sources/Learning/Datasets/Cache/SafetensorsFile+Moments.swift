package import Safetensors
package import SpecGANErrors
package import Spectra

// Moments in files: a cache's own file has them as `mean` and `deviation`, a checkpoint as
// `moments/mean` and `moments/deviation`.

/// The names of the two tensors, below a folder of names.
private func momentNames(in folder: String) -> (mean: String, deviation: String) {
  (folder + "mean", folder + "deviation")
}

extension SafetensorsFile {
  /// Whether the tensors of moments are in the file, their names below `folder`.
  package func hasMoments(in folder: String = "") -> Bool {
    let names = momentNames(in: folder)
    return entry(names.mean) != nil && entry(names.deviation) != nil
  }

  /// Reads the moments of `binCount` bins, their names below `folder`.
  ///
  /// - Throws: ``SpecGANError`` if a tensor is missing, has another shape, or holds no moments.
  package func moments(in folder: String = "", binCount: Int) throws(SpecGANError) -> Moments {
    let names = momentNames(in: folder)
    return try Moments(
      mean: try floats(names.mean, shape: [binCount]),
      deviation: try floats(names.deviation, shape: [binCount]))
  }
}

extension SafetensorsContents {
  /// Adds `moments`, their names below `folder`.
  package mutating func append(_ moments: Moments, in folder: String = "") {
    let names = momentNames(in: folder)
    append(names.mean, shape: [moments.mean.count], moments.mean)
    append(names.deviation, shape: [moments.deviation.count], moments.deviation)
  }
}
