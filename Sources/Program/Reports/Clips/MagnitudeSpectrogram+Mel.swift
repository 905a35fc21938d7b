internal import RealModule
internal import Spectra

extension MagnitudeSpectrogram {
  /// Returns the magnitudes at `count` frequencies that are evenly spaced on the mel scale, so that
  /// low drums have as much of a picture as cymbals.
  ///
  /// A magnitude is interpolated between bins, or the maximum of the bins that are closest to it.
  /// Source of the scale: O'Shaughnessy, "Speech Communication", 1987: 2595 lg(1 + f/700).
  func onMelScale(_ count: Int, sampleRate: Int) -> MagnitudeSpectrogram {
    let highest = Double(sampleRate) / 2
    let last = 2595 * Double.log10(1 + highest / 700)
    /// Returns the bin of row `row`, which may lie between two.
    func bin(_ row: Double) -> Double {
      let mel = last * min(max(row / Double(count - 1), 0), 1)
      return 700 * (Double.pow(10, mel / 2595) - 1) / highest * Double(binCount - 1)
    }
    let rows = (0..<count).map { row in
      let (low, middle) = (bin(Double(row) - 0.5), bin(Double(row)))
      let first = min(Int(middle), binCount - 2)
      return (
        first: first, share: Float(middle - Double(first)),
        covered: Int(
          low.rounded(.up))...max(
            Int(low.rounded(.up)), Int(bin(Double(row) + 0.5)))
      )
    }
    var result: [Float] = []
    result.reserveCapacity(frameCount * count)
    for frame in 0..<frameCount {
      let values = values[frame * binCount..<(frame + 1) * binCount]
      for row in rows {
        let (below, above) = (
          values[values.startIndex + row.first], values[values.startIndex + row.first + 1]
        )
        var value = below + row.share * (above - below)
        for bin in row.covered where row.covered.count > 1 {
          value = max(value, values[values.startIndex + bin])
        }
        result.append(value)
      }
    }
    return MagnitudeSpectrogram(
      frameCount: frameCount, binCount: count, values: result, framing: framing)
  }
}
