internal import SpecGANErrors

extension Waveform {
  /// The sounds one after the other, with `silence` frames of zeros between them.
  ///
  /// - Precondition: there is at least one, all have the same channels and the same rate, and
  ///   `silence` is not negative.
  package init(joining waveforms: [Waveform], silence: Int) {
    require(!waveforms.isEmpty, "no sounds have no channels and no rate")
    require(silence >= 0, "silence (=\(silence)) must not be negative")
    let first = waveforms[0]
    require(
      waveforms.allSatisfy { $0.channels == first.channels && $0.sampleRate == first.sampleRate },
      "sounds of other channels or rates do not join")
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
