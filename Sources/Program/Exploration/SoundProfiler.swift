internal import RealModule
package import Spectra

/// Computes the descriptors of clips from their magnitudes.
///
/// Only frames within 40 dB of the loudest one count, so that silence around a clip changes
/// nothing.
package struct SoundProfiler: Sendable {
  /// The settings of the magnitudes.
  private let configuration: SpectrogramConfiguration
  /// The sample rate in Hz.
  private let sampleRate: Double
  /// The energy of a frame with a sine at full scale.
  private let sineEnergy: Double
  /// One period of a cosine, in as many values as a frame has samples.
  private let cosine: [Double]
  /// The autocorrelation of the window at each lag up to half a frame; 1 at lag 0.
  private let windowCorrelation: [Double]

  /// The level of the loudest frame, in dB, below which a clip is silent.
  private static let silence = -70.0
  /// The level below the loudest frame, in dB, from which on frames do not count.
  private static let range = 40.0
  /// The level below the loudest frame, in dB, that ends the decay.
  private static let decayed = 20.0
  /// The highest frequency of boom, in Hz.
  private static let boomLimit = 150.0
  /// The highest fundamental frequency, in Hz.
  private static let highestPitch = 2_000.0
  /// The least correlation of the loud frames with themselves one period later.
  private static let leastPeriodicity = 0.6

  /// Creates a profiler of magnitudes with the settings `configuration`, at `sampleRate` in Hz.
  package init(_ configuration: SpectrogramConfiguration, sampleRate: Int) {
    self.configuration = configuration
    self.sampleRate = Double(sampleRate)
    let length = configuration.frameLength
    let window = configuration.window.values(length: length).map(Double.init)
    let energy = window.reduce(0) { $0 + $1 * $1 }
    // Parseval's theorem, for the bins up to Nyquist.
    sineEnergy = Double(length) / 4 * energy
    cosine = (0..<length).map { .cos(2 * .pi * Double($0) / Double(length)) }
    // Circular, as that of the frames.
    windowCorrelation = (0...length / 2).map { lag in
      (0..<length).reduce(0) { $0 + window[$1] * window[($1 + lag) % length] } / energy
    }
  }

  /// Returns the descriptors that the clip with `magnitudes` has; nil if it is silent.
  ///
  /// Silent means that no frame reaches the energy of a sine of −70 dBFS.
  package func profile(of magnitudes: MagnitudeSpectrogram) -> [SoundDescriptor: Double]? {
    let bins = magnitudes.binCount
    let powers = magnitudes.values.map { Double($0) * Double($0) }
    let energies = (0..<magnitudes.frameCount).map { frame in
      powers[frame * bins..<(frame + 1) * bins].reduce(0, +)
    }
    guard let loudest = energies.indices.max(by: { energies[$0] < energies[$1] }) else {
      return nil
    }
    let level = 10 * Double.log10(energies[loudest] / sineEnergy)
    guard level > Self.silence else { return nil }
    func frames(within decibels: Double) -> [Int] {
      let least = energies[loudest] * .pow(10, -decibels / 10)
      return energies.indices.filter { energies[$0] >= least }
    }
    let heard = frames(within: Self.range)
    var spectrum = [Double](repeating: 0, count: bins)
    for frame in heard {
      for bin in 0..<bins { spectrum[bin] += powers[frame * bins + bin] }
    }
    let width = sampleRate / Double(configuration.frameLength)
    let step = Double(configuration.frameStep) / sampleRate
    let rise = loudest - (heard.first ?? loudest)
    let fall = (frames(within: Self.decayed).last ?? loudest) - loudest
    var values: [SoundDescriptor: Double] = [
      .loudness: level,
      .brightness: .log2(Self.centroid(of: spectrum) * width),
      .boom: Self.share(of: spectrum, below: Self.boomLimit / width),
      .noisiness: Self.flatness(of: spectrum),
      .attack: .log2(Double(rise + 1) * step),
      .decay: .log2(Double(fall + 1) * step),
    ]
    values[.pitch] = period(of: spectrum).map { .log2(sampleRate / $0) }
    return values
  }

  /// Returns the mean bin, weighted by energy; at least half a bin.
  private static func centroid(of spectrum: [Double]) -> Double {
    var (sum, moment) = (0.0, 0.0)
    for (bin, energy) in spectrum.enumerated() {
      sum += energy
      moment += Double(bin) * energy
    }
    return max(moment / sum, 0.5)
  }

  /// Returns the share of energy below `limit`, in bins, in dB, and at least −60 dB. A bin counts
  /// by the part of it that is below the limit.
  private static func share(of spectrum: [Double], below limit: Double) -> Double {
    var below = 0.0
    for (bin, energy) in spectrum.enumerated() {
      below += energy * min(max(limit + 0.5 - Double(bin), 0), 1)
    }
    return 10 * .log10(max(below / spectrum.reduce(0, +), 1e-6))
  }

  /// Returns the ratio of the geometric to the arithmetic mean, in dB, of the bins between zero
  /// frequency and Nyquist. A bin more than 60 dB below the mean counts as 60 dB.
  private static func flatness(of spectrum: [Double]) -> Double {
    let inner = spectrum.dropFirst().dropLast()
    let mean = inner.reduce(0, +) / Double(inner.count)
    guard mean > 0 else { return -60 }
    let sum = inner.reduce(0) { $0 + Double.log10(max($1 / mean, 1e-6)) }
    return 10 * sum / Double(inner.count)
  }

  /// Returns the period in samples: the lag of the highest peak of the autocorrelation, relative to
  /// that of the window; nil if no peak is high enough.
  private func period(of spectrum: [Double]) -> Double? {
    let length = configuration.frameLength
    let shortest = max(3, Int((sampleRate / Self.highestPitch).rounded(.up)))
    // Beyond, little of the window overlaps.
    let longest = length * 2 / 5
    guard shortest < longest else { return nil }
    let total = correlation(of: spectrum, lag: 0)
    let correlations = (0...longest + 1).map {
      correlation(of: spectrum, lag: $0) / total / windowCorrelation[$0]
    }
    // The first peak that is nearly as high as the highest one: later ones are multiples.
    let peaks = (shortest...longest).filter { lag in
      let (left, top, right) = (correlations[lag - 1], correlations[lag], correlations[lag + 1])
      return top >= left && top >= right && top >= Self.leastPeriodicity
    }
    guard let highest = peaks.map({ correlations[$0] }).max(),
      let first = peaks.first(where: { correlations[$0] >= 0.9 * highest })
    else { return nil }
    // The vertex of the parabola through three points.
    let (left, top, right) = (correlations[first - 1], correlations[first], correlations[first + 1])
    let curvature = left - 2 * top + right
    return Double(first) + (curvature < 0 ? 0.5 * (left - right) / curvature : 0)
  }

  /// Returns the circular autocorrelation of frames with the energies `spectrum` at `lag`.
  private func correlation(of spectrum: [Double], lag: Int) -> Double {
    var sum = 0.0
    for (bin, energy) in spectrum.enumerated() {
      // Every bin between zero frequency and Nyquist stands for two.
      let weight = bin == 0 || bin == spectrum.count - 1 ? 0.5 : 1
      sum += weight * energy * cosine[bin * lag % cosine.count]
    }
    return sum
  }
}
