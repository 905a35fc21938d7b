package import Safetensors
package import SpecGANErrors
package import Spectra

// The tensors of moments: `mean` and `deviation` in the file of a cache, `moments/mean` and
// `moments/deviation` in a checkpoint; likewise the largest magnitudes, which older files lack. All
// are `[bins]`, and `frame_peak` is `[1]`; for two channels they are `[2, bins]` and `[2]`.

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

  /// Reads moments.
  ///
  /// - Parameters:
  ///   - folder: the beginning of the tensors' names.
  ///   - binCount: the number of bins.
  ///   - channels: the number of channels; nil for that of the file, 1 or 2.
  /// - Returns: the moments of each channel.
  /// - Throws: ``SpecGANError`` if a tensor is missing or has another shape, or its values are not
  ///   valid moments.
  package func moments(
    in folder: String = "", binCount: Int, channels: Int? = nil
  ) throws(SpecGANError) -> [Moments] {
    let names = MomentNames(in: folder)
    let isStereo = entry(names.mean)?.shape.count == 2
    let channels = channels ?? (isStereo ? PictureCodec.largestChannelCount : 1)
    let shape = channels == 1 ? [binCount] : [channels, binCount]
    let mean = try floats(names.mean, shape: shape)
    let deviation = try floats(names.deviation, shape: shape)
    var (peaks, framePeaks): ([Float], [Float]) = ([], [])
    if entry(names.peak) != nil || entry(names.framePeak) != nil {
      peaks = try floats(names.peak, shape: shape)
      framePeaks = try floats(names.framePeak, shape: [channels])
    }
    return try (0..<channels).map { (channel) throws(SpecGANError) in
      let bins = channel * binCount..<(channel + 1) * binCount
      return try Moments(
        mean: Array(mean[bins]), deviation: Array(deviation[bins]),
        peaks: peaks.isEmpty ? nil : Peaks(bins: Array(peaks[bins]), frame: framePeaks[channel]))
    }
  }
}

extension SafetensorsContents {
  /// Appends the `moments` of each channel with names that begin with `folder`.
  ///
  /// - Precondition: there are one or two, with the same number of bins.
  package mutating func append(_ moments: [Moments], in folder: String = "") {
    let names = MomentNames(in: folder)
    let bins = moments[0].mean.count
    let shape = moments.count == 1 ? [bins] : [moments.count, bins]
    append(names.mean, shape: shape, moments.flatMap(\.mean))
    append(names.deviation, shape: shape, moments.flatMap(\.deviation))
    let peaks = moments.compactMap(\.peaks)
    guard peaks.count == moments.count else { return }
    append(names.peak, shape: shape, peaks.flatMap(\.bins))
    append(names.framePeak, shape: [moments.count], peaks.map(\.frame))
  }
}
