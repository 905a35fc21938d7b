public import SpecGANErrors

extension Waveform {
  /// Returns the waveform with another number of channels.
  ///
  /// Several channels are averaged to one, as in librosa's `to_mono`; one channel is copied. The
  /// mean is computed in double precision: its error is half an ulp.
  ///
  /// - Parameter channels: the wanted number of channels: 1, that of the waveform, or any positive
  ///   number if the waveform has one.
  /// - Returns: the waveform of `channels` channels.
  /// - Throws: ``SpecGANError`` of kind `badData` for another number.
  public func mixed(to channels: Int) throws(SpecGANError) -> Waveform {
    if channels == self.channels { return self }
    if channels == 1 { return Waveform(samples: means(), channels: 1, sampleRate: sampleRate) }
    guard self.channels == 1, channels > 0 else {
      throw .unmixable(channels: self.channels, wanted: channels)
    }
    let copies = samples.flatMap { repeatElement($0, count: channels) }
    return Waveform(samples: copies, channels: channels, sampleRate: sampleRate)
  }

  /// Returns the waveform scaled to a peak of 1; silence stays silence.
  public func peakNormalized() -> Waveform {
    let peak = samples.reduce(0) { max($0, abs($1)) }
    guard peak > 0 else { return self }
    var scaled = self
    // Division, because a product with 1 / peak would not give exactly 1, and 1 / peak overflows
    // for the smallest peaks.
    for index in scaled.samples.indices { scaled.samples[index] /= peak }
    return scaled
  }

  /// Returns the mean of the channels, `[frames]`.
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
