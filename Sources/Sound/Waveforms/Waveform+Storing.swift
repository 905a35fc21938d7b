extension Waveform {
  /// The sound that reading gives back after ``AudioFile/write(_:to:format:)``, bit by bit.
  ///
  /// - Precondition: all samples are finite.
  package func stored(as format: SampleFormat) -> Waveform {
    guard format == .pcm16 else { return self }
    var stored = self
    for index in samples.indices {
      stored.samples[index] = Float(AudioFile.quantized(samples[index])) * 0x1p-15
    }
    return stored
  }
}
