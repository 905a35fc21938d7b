internal import SpecGANErrors

/// The merging of neighboring high bins into bands, and the way back.
///
/// A band has the root mean square of its bins' magnitudes. Spreading gives each of its bins that
/// magnitude, so the energy of a frame is preserved. Lower bins and the Nyquist bin are bands of
/// their own.
///
/// Auditory filters widen with frequency (Glasberg and Moore, "Derivation of Auditory Filter Shapes
/// from Notched-Noise Data", 1990: 618 Hz at 5.5 kHz), but the bins of a Fourier transform do not.
/// At high frequencies bins are therefore much narrower than the ear resolves.
package struct BinMerging: Sendable {
  /// The number of bins of a frame.
  let binCount: Int
  /// The number of bands of a frame.
  let bandCount: Int
  /// The first bin that is merged.
  private let first: Int
  /// The number of bins of a band from ``first`` on.
  private let width: Int

  /// Returns nil if the settings merge no bins.
  package init?(_ configuration: SpectrogramConfiguration) {
    guard configuration.mergedBins > 1 else { return nil }
    (binCount, bandCount) = (configuration.binCount, configuration.bandCount)
    (first, width) = (configuration.firstMergedBin, configuration.mergedBins)
  }

  /// The band of each bin, `[bins]`.
  package var bandOfBin: [Int] {
    let merged = (first..<bandCount - 1).flatMap { repeatElement($0, count: width) }
    return Array(0..<first) + merged + [bandCount - 1]
  }

  /// Writes the bands of `bins`, magnitudes `[frames, bins]`, to `bands`, `[frames, bands]`, from
  /// frame `frame` on.
  func merge(_ bins: Span<Float>, into bands: inout MutableSpan<Float>, from frame: Int) {
    let frames = bins.count / binCount
    require(
      bins.count == frames * binCount && (frame + frames) * bandCount <= bands.count,
      "\(bins.count) magnitudes do not fit into \(bands.count) bands from frame \(frame) on")
    for row in 0..<frames {
      let (source, target) = (row * binCount, (frame + row) * bandCount)
      for bin in 0..<first { bands[target + bin] = bins[source + bin] }
      for band in first..<bandCount - 1 {
        // In double precision, where the square of no magnitude overflows.
        var sum = 0.0
        let start = source + first + (band - first) * width
        for bin in start..<start + width { sum += Double(bins[bin]) * Double(bins[bin]) }
        bands[target + band] = Float((sum / Double(width)).squareRoot())
      }
      bands[target + bandCount - 1] = bins[source + binCount - 1]
    }
  }

  /// Returns the magnitudes of the bins, `[frames, bins]`, of `bands`, `[frames, bands]`.
  func spread(_ bands: [Float]) -> [Float] {
    let frames = bands.count / bandCount
    require(bands.count == frames * bandCount, "\(bands.count) elements are not whole frames")
    let bandOfBin = bandOfBin
    var bins: [Float] = []
    bins.reserveCapacity(frames * binCount)
    for start in stride(from: 0, to: bands.count, by: bandCount) {
      for band in bandOfBin { bins.append(bands[start + band]) }
    }
    return bins
  }
}

extension MagnitudeSpectrogram {
  /// Returns the spectrogram after bins are merged and spread again: the most detail that a picture
  /// with these settings has. It is unchanged if the settings merge no bins.
  ///
  /// - Precondition: the bins are those of the configuration.
  package func merged(_ configuration: SpectrogramConfiguration) -> MagnitudeSpectrogram {
    guard let merging = BinMerging(configuration) else { return self }
    require(
      binCount == merging.binCount, "\(binCount) bins are not those of \(merging.binCount)")
    var bands = [Float](repeating: 0, count: frameCount * merging.bandCount)
    var target = bands.mutableSpan
    let values = values
    merging.merge(values.span, into: &target, from: 0)
    return MagnitudeSpectrogram(
      frameCount: frameCount, binCount: binCount, values: merging.spread(bands), framing: framing)
  }
}
