package import Safetensors
package import SpecGANErrors
package import Spectra

// The tensors of moments: `mean` and `deviation` in the file of a cache, `moments/mean` and
// `moments/deviation` in a checkpoint.

/// Returns the names of the two tensors, which begin with `folder`.
private func momentNames(in folder: String) -> (mean: String, deviation: String) {
  (folder + "mean", folder + "deviation")
}

extension SafetensorsFile {
  /// Returns whether the file has moments whose names begin with `folder`.
  package func hasMoments(in folder: String = "") -> Bool {
    let names = momentNames(in: folder)
    return entry(names.mean) != nil && entry(names.deviation) != nil
  }

  /// Reads the moments of `binCount` bins whose names begin with `folder`.
  ///
  /// - Throws: ``SpecGANError`` if a tensor is missing or has another shape, or its values are not
  ///   valid moments.
  package func moments(in folder: String = "", binCount: Int) throws(SpecGANError) -> Moments {
    let names = momentNames(in: folder)
    return try Moments(
      mean: try floats(names.mean, shape: [binCount]),
      deviation: try floats(names.deviation, shape: [binCount]))
  }
}

extension SafetensorsContents {
  /// Appends `moments` with names that begin with `folder`.
  package mutating func append(_ moments: Moments, in folder: String = "") {
    let names = momentNames(in: folder)
    append(names.mean, shape: [moments.mean.count], moments.mean)
    append(names.deviation, shape: [moments.deviation.count], moments.deviation)
  }
}
