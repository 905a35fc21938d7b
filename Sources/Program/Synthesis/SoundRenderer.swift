package import SpecGANErrors
internal import SpecGANModels
package import SpecGANRuns
internal import SpecGANSettings
package import SpecGANTensors
package import SpecGANWorkers
package import Spectra
package import Waveforms

/// Makes sounds of what a network gives: WaveGAN's samples are sound, SpecGAN's are inverted.
package struct SoundRenderer: Sendable {
  /// A sound, and the spectrogram it was made from, where it was made from one.
  package struct Sound: Sendable {
    /// What is heard.
    package let waveform: Waveform
    /// What SpecGAN asked for; the sound's own differs by what inversion costs.
    package let wanted: MagnitudeSpectrogram?

    package init(waveform: Waveform, wanted: MagnitudeSpectrogram?) {
      self.waveform = waveform
      self.wanted = wanted
    }
  }

  private let configuration: Configuration
  private let spectral: (normalizer: SpectrogramNormalizer, inverter: Inverter)?

  /// A renderer for the model of `checkpoint`.
  ///
  /// - Parameters:
  ///   - checkpoint: where the model and the moments come from.
  ///   - inversion: how spectrograms become sounds.
  ///   - seed: what the inversion's random phases depend on, besides the sound's number.
  /// - Throws: ``SpecGANError`` where a setting is out of range.
  package init(
    _ checkpoint: Checkpoint, inversion: InversionConfiguration, seed: UInt64
  ) throws(SpecGANError) {
    configuration = checkpoint.configuration
    guard checkpoint.gan.kind == .specgan else {
      spectral = nil
      return
    }
    guard let moments = checkpoint.moments else {
      preconditionFailure("a checkpoint of SpecGAN was read without moments")
    }
    spectral = (
      try SpectrogramNormalizer(configuration: configuration.spectrogram, moments: moments),
      try Inverter(spectrogram: configuration.spectrogram, inversion: inversion, seed: seed)
    )
  }

  /// The sounds of `samples`, `[count] + sampleShape`, whose numbers are `numbers`.
  ///
  /// - Throws: ``SpecGANError`` where a spectrogram cannot be inverted.
  package func sounds(
    of samples: Tensor, numbers: [Int], on workers: Workers
  ) throws(SpecGANError) -> [Sound] {
    let results = workers.map(samples.shape[0]) { index, _ in
      Result { () throws(SpecGANError) in try sound(of: samples, index, number: numbers[index]) }
    }
    var sounds: [Sound] = []
    for result in results { sounds.append(try result.get()) }
    return sounds
  }

  private func sound(
    of samples: Tensor, _ index: Int, number: Int
  ) throws(SpecGANError) -> Sound {
    let audio = configuration.audio
    guard let spectral else {
      let values = samples.examples(index..<index + 1).withSpan { span in
        unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
      }
      let waveform = Waveform(
        samples: values, channels: audio.channels, sampleRate: audio.sampleRate)
      return Sound(waveform: waveform, wanted: nil)
    }
    let wanted = samples.examples(index..<index + 1).withSpan {
      spectral.normalizer.magnitudes(of: $0)
    }
    let values = try spectral.inverter.invert(wanted, clip: UInt32(truncatingIfNeeded: number))
    return Sound(
      waveform: Waveform(samples: values, channels: 1, sampleRate: audio.sampleRate),
      wanted: wanted)
  }
}
