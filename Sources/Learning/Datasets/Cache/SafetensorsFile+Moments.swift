package import Safetensors
package import SpecGANErrors
package import Spectra

// The tensors of moments: `mean` and `deviation` in the file of a cache, `moments/mean` and
// `moments/deviation` in a checkpoint; likewise the largest magnitudes, which older files lack.

/// The names of the tensors of moments, which begin with `folder`.
private struct MomentNames {
  let (mean, deviation, peak, framePeak): (String, String, String, String)

  init(in folder: String) {
    (mean, deviation) = (folder + "mean", folder + "deviation")
    (peak, framePeak) = (folder + "peak", folder + "frame_peak")
  }
}

extension SafetensorsFile {
  /// Returns whether the file has moments whose names begin with `folder`.
  package func hasMoments(in folder: String = "") -> Bool {
    let names = MomentNames(in: folder)
    return entry(names.mean) != nil && entry(names.deviation) != nil
  }

  /// Reads the moments of `binCount` bins whose names begin with `folder`.
  ///
  /// - Throws: ``SpecGANError`` if a tensor is missing or has another shape, or its values are not
  ///   valid moments.
  package func moments(in folder: String = "", binCount: Int) throws(SpecGANError) -> Moments {
    let names = MomentNames(in: folder)
    var peaks: Peaks?
    if entry(names.peak) != nil || entry(names.framePeak) != nil {
      peaks = Peaks(
        bins: try floats(names.peak, shape: [binCount]),
        frame: try floats(names.framePeak, shape: [1])[0])
    }
    return try Moments(
      mean: try floats(names.mean, shape: [binCount]),
      deviation: try floats(names.deviation, shape: [binCount]), peaks: peaks)
  }
}

extension SafetensorsContents {
  /// Appends `moments` with names that begin with `folder`.
  package mutating func append(_ moments: Moments, in folder: String = "") {
    let names = MomentNames(in: folder)
    append(names.mean, shape: [moments.mean.count], moments.mean)
    append(names.deviation, shape: [moments.deviation.count], moments.deviation)
    guard let peaks = moments.peaks else { return }
    append(names.peak, shape: [peaks.bins.count], peaks.bins)
    append(names.framePeak, shape: [1], [peaks.frame])
  }
}
