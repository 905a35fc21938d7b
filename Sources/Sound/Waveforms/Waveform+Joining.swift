internal import SpecGANErrors

extension Waveform {
  /// Joins `waveforms` one after the other, with `silence` frames of zeros between them.
  ///
  /// - Precondition: `waveforms` is not empty, all have the same number of channels and the same
  ///   sample rate, and `silence` is not negative.
  package init(joining waveforms: [Waveform], silence: Int) {
    require(!waveforms.isEmpty, "waveforms must not be empty")
    require(silence >= 0, "silence (=\(silence)) must not be negative")
    let first = waveforms[0]
    require(
      waveforms.allSatisfy { $0.channels == first.channels && $0.sampleRate == first.sampleRate },
      "waveforms must have the same number of channels and the same sample rate")
    let pause = silence * first.channels
    var samples: [Float] = []
    samples.reserveCapacity(
      waveforms.reduce(pause * (waveforms.count - 1)) { $0 + $1.samples.count })
    for waveform in waveforms {
      if !samples.isEmpty { samples.append(contentsOf: repeatElement(0, count: pause)) }
      samples += waveform.samples
    }
    self.init(samples: samples, channels: first.channels, sampleRate: first.sampleRate)
  }
}
