public import SpecGANErrors

extension Waveform {
  /// The sound with `channels` channels.
  ///
  /// The same count leaves it as it is; many become one by their mean, as in librosa's `to_mono`; one
  /// becomes many by copies. The mean is taken in double precision: its error is half an ulp.
  /// - Precondition: `channels` is positive.
  /// - Throws: ``SpecGANError`` for any other pair.
  public func mixed(to channels: Int) throws(SpecGANError) -> Waveform {
    precondition(channels > 0, "channels (=\(channels)) must be positive")
    if channels == self.channels { return self }
    if channels == 1 { return Waveform(samples: means(), channels: 1, sampleRate: sampleRate) }
    guard self.channels == 1 else {
      throw .unmixable(channels: self.channels, wanted: channels)
    }
    let copies = samples.flatMap { repeatElement($0, count: channels) }
    return Waveform(samples: copies, channels: channels, sampleRate: sampleRate)
  }

  /// The sound scaled so that its largest magnitude is one; silence stays silence.
  public func peakNormalized() -> Waveform {
    let peak = samples.reduce(0) { max($0, abs($1)) }
    guard peak > 0 else { return self }
    var scaled = self
    // Dividing, where a product with 1 / peak would not reach one, and overflow for the smallest peaks.
    for index in scaled.samples.indices { scaled.samples[index] /= peak }
    return scaled
  }

  /// Shape `[frames]`.
  private func means() -> [Float] {
    let divisor = Double(channels)
    var means: [Float] = []
    means.reserveCapacity(frameCount)
    for start in stride(from: 0, to: samples.count, by: channels) {
      var sum = 0.0
      for index in start..<start + channels { sum += Double(samples[index]) }
      means.append(Float(sum / divisor))
    }
    return means
  }
}
