internal import ComplexModule
internal import RealModule
package import SpecGANErrors
package import Spectra

/// A differentiable distance of a generator's samples from a given one, in dB².
///
/// It is the mean squared difference of log-magnitudes, over several resolutions in time and
/// frequency (for waveforms: Yamamoto, Song and Kim, "Parallel WaveGAN", ICASSP 2020, equation 6,
/// here with squares and with a floor). The floor lies 76 dB below a sine at full scale, or is that
/// of the spectrograms if it is higher.
package protocol ClipDistance: Sendable {
  /// Returns the distance of `sample`, and writes its gradient to `gradient`.
  func differentiate(
    _ sample: Span<Float>, into gradient: inout MutableSpan<Float>
  ) -> Double
}

/// The factor from natural logarithms to dB.
private let decibels: Float = 20 / .log(10)

extension SpectrogramConfiguration {
  /// The magnitude below which differences do not count: 76 dB below a sine at full scale, or
  /// ``logFloor`` if that is larger.
  package var audibleFloor: Float {
    let sum = window.values(length: frameLength).reduce(0, +)
    return max(logFloor, 1.6e-4 * sum / 2)
  }
}

// MARK: - Pictures

/// The distance of normalized spectrograms, the mean over their channels of the distance from their
/// mean levels in squares of 1, 2, 4 and 8 frames and bins.
package struct PictureDistance: ClipDistance {
  private let channels: [ChannelDistance]

  /// Creates the distance from `picture`, `[frames, bins, channels]`, which `codec` decodes.
  package init(from picture: [Float], _ codec: PictureCodec) {
    let count = codec.channels.count
    channels = codec.channels.enumerated().map { index, codec in
      ChannelDistance(from: picture.span.channel(index, of: count), codec)
    }
  }

  package func differentiate(
    _ sample: Span<Float>, into gradient: inout MutableSpan<Float>
  ) -> Double {
    let count = channels.count
    if count == 1 { return channels[0].differentiate(sample, into: &gradient) }
    var sum = 0.0
    var own = [Float](repeating: 0, count: sample.count / count)
    for (index, distance) in channels.enumerated() {
      let channel = sample.channel(index, of: count)
      var slopes = own.mutableSpan
      sum += distance.differentiate(channel.span, into: &slopes)
      for place in own.indices { gradient[place * count + index] = own[place] / Float(count) }
    }
    return sum / Double(count)
  }
}

/// The distance of one channel of normalized spectrograms.
private struct ChannelDistance {
  private let frames: Int
  private let bins: Int
  private let means: [Float]
  private let ranges: [Float]
  /// The floor that is subtracted from decoded magnitudes, or 0.
  private let subtracted: Float
  private let floor: Float
  /// The levels of the target, averaged over squares of each size.
  private let target: [[Float]]

  private static let sizes = [1, 2, 4, 8]

  /// Creates the distance from `picture`, `[frames, bins]`, which `codec` decodes.
  init(from picture: [Float], _ codec: SpectrogramCodec) {
    let configuration = codec.configuration
    bins = codec.normalizedBinCount
    frames = picture.count / bins
    means = Array(codec.moments.mean.prefix(bins))
    ranges = codec.moments.deviation.prefix(bins).map { $0 * configuration.clipDeviations }
    floor = configuration.audibleFloor
    subtracted = configuration.subtractsFloor ? configuration.logFloor : 0
    var levels = [Float](repeating: 0, count: picture.count)
    var target: [[Float]] = []
    for index in picture.indices {
      levels[index] =
        Self.level(
          means[index % bins] + ranges[index % bins] * picture[index], subtracted, floor
        ).value
    }
    for size in Self.sizes {
      target.append(Self.pooled(levels, frames: frames, bins: bins, size: size))
    }
    self.target = target
  }

  /// Returns the level in dB of a log-magnitude, and its derivative.
  private static func level(
    _ logarithm: Float, _ subtracted: Float, _ floor: Float
  ) -> (value: Float, slope: Float) {
    let magnitude = Float.exp(logarithm)
    let rest = max(magnitude - subtracted, 0) + floor
    return (decibels * .log(rest), magnitude > subtracted ? decibels * magnitude / rest : 0)
  }

  /// Returns the means over squares of `size` frames and bins.
  private static func pooled(_ levels: [Float], frames: Int, bins: Int, size: Int) -> [Float] {
    if size == 1 { return levels }
    let (rows, columns) = (frames / size, bins / size)
    var means = [Float](repeating: 0, count: rows * columns)
    for frame in 0..<rows * size {
      for bin in 0..<columns * size {
        means[frame / size * columns + bin / size] += levels[frame * bins + bin]
      }
    }
    let factor = 1 / Float(size * size)
    return means.map { $0 * factor }
  }

  /// Returns the distance of `sample`, and writes its gradient to `gradient`.
  func differentiate(
    _ sample: Span<Float>, into gradient: inout MutableSpan<Float>
  ) -> Double {
    var (levels, slopes) = ([Float](repeating: 0, count: sample.count), [Float]())
    slopes.reserveCapacity(sample.count)
    for index in sample.indices {
      let bin = index % bins
      let (value, slope) = Self.level(
        means[bin] + ranges[bin] * sample[index], subtracted, floor)
      levels[index] = value
      slopes.append(slope * ranges[bin])
      gradient[index] = 0
    }
    var sum = 0.0
    for (size, target) in zip(Self.sizes, target) {
      let own = Self.pooled(levels, frames: frames, bins: bins, size: size)
      let share = 1 / Float(target.count * Self.sizes.count)
      let columns = bins / size
      for (mean, wanted) in zip(own, target) {
        sum += Double(share) * Double(mean - wanted) * Double(mean - wanted)
      }
      let factor = 2 * share / Float(size * size)
      for frame in 0..<frames / size * size {
        for bin in 0..<columns * size {
          let square = frame / size * columns + bin / size
          gradient[frame * bins + bin] += factor * (own[square] - target[square])
        }
      }
    }
    for index in sample.indices { gradient[index] *= slopes[index] }
    return sum
  }
}

// MARK: - Waveforms

/// The distance of waveforms, from their transforms with Hann windows of several lengths, each a
/// quarter of the window after the last. Channels are mixed.
package struct WaveformDistance: ClipDistance {
  private let length: Int
  private let channels: Int
  private let resolutions: [Resolution]

  private struct Resolution {
    let window: [Float]
    let floor: Float
    /// The levels of the target, `[frames, bins]`.
    var target: [Float] = []

    init(_ length: Int) {
      var configuration = SpectrogramConfiguration()
      configuration.frameLength = length
      window = configuration.window.values(length: length)
      floor = configuration.audibleFloor
    }
  }

  private static let lengths = [256, 1_024, 2_048]

  /// Creates the distance from `waveform`, `[length, channels]`.
  ///
  /// - Throws: ``SpecGANError`` if a transform cannot be planned.
  package init(from waveform: [Float], channels: Int) throws(SpecGANError) {
    length = waveform.count / channels
    self.channels = channels
    let mono = Self.mixed(waveform.span, channels)
    var resolutions: [Resolution] = []
    for length in Self.lengths where length <= self.length {
      // Planning fails here or never.
      _ = try RealFFT(length: length)
      var resolution = Resolution(length)
      Self.forEachFrame(of: mono, resolution) { _, spectrum in
        for bin in spectrum.indices {
          resolution.target.append(
            decibels * .log(spectrum[bin].length + resolution.floor))
        }
      }
      resolutions.append(resolution)
    }
    self.resolutions = resolutions
  }

  private static func mixed(_ waveform: Span<Float>, _ channels: Int) -> [Float] {
    (0..<waveform.count / channels).map { frame in
      var sum: Float = 0
      for channel in 0..<channels { sum += waveform[frame * channels + channel] }
      return sum / Float(channels)
    }
  }

  /// Calls `body` with the first sample and the transform of each frame.
  private static func forEachFrame(
    of mono: [Float], _ resolution: Resolution,
    _ body: (_ start: Int, _ spectrum: inout MutableSpan<Complex<Float>>) -> Void
  ) {
    let size = resolution.window.count
    guard var transform = try? RealFFT(length: size) else {
      trap("a transform of \(size) samples was planned before")
    }
    var frame = [Float](repeating: 0, count: size)
    var bins = [Complex<Float>](repeating: .zero, count: size / 2 + 1)
    for start in stride(from: 0, to: mono.count - size + 1, by: size / 4) {
      for index in 0..<size { frame[index] = mono[start + index] * resolution.window[index] }
      var spectrum = bins.mutableSpan
      transform.forward(frame.span, into: &spectrum)
      body(start, &spectrum)
    }
  }

  package func differentiate(
    _ sample: Span<Float>, into gradient: inout MutableSpan<Float>
  ) -> Double {
    let mono = Self.mixed(sample, channels)
    var slopes = [Float](repeating: 0, count: mono.count)
    var sum = 0.0
    for resolution in resolutions {
      let size = resolution.window.count
      guard var inverse = try? RealFFT(length: size) else {
        trap("a transform of \(size) samples was planned before")
      }
      let share = 1 / Float(resolution.target.count * resolutions.count)
      var (place, frame) = (0, [Float](repeating: 0, count: size))
      Self.forEachFrame(of: mono, resolution) { start, spectrum in
        for bin in spectrum.indices {
          let magnitude = spectrum[bin].length
          let rest = magnitude + resolution.floor
          let difference = decibels * .log(rest) - resolution.target[place]
          place += 1
          sum += Double(share) * Double(difference) * Double(difference)
          // The real transform back adds every inner bin twice.
          let isInner = bin > 0 && bin < spectrum.count - 1
          let slope = 2 * share * difference * decibels / rest * (isInner ? 0.5 : 1)
          spectrum[bin] = magnitude > 0 ? spectrum[bin] * Complex(slope / magnitude) : .zero
        }
        var samples = frame.mutableSpan
        inverse.inverse(spectrum.span, into: &samples)
        for index in 0..<size { slopes[start + index] += frame[index] * resolution.window[index] }
      }
    }
    for frame in slopes.indices {
      for channel in 0..<channels {
        gradient[frame * channels + channel] = slopes[frame] / Float(channels)
      }
    }
    return sum
  }
}
