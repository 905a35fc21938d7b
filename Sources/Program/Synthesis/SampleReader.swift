internal import Safetensors
package import SpecGANErrors
package import SpecGANModels
package import SpecGANRuns
internal import SpecGANSettings
package import SpecGANTensors
internal import Waveforms

/// A reader of a critic's input: audio files, or stored samples of a generator.
package struct SampleReader: Sendable {
  private let checkpoint: Checkpoint

  /// Creates a reader for the model of `checkpoint`.
  package init(_ checkpoint: Checkpoint) { self.checkpoint = checkpoint }

  /// Returns the samples in `path`, `[count] + sampleShape`: those of a safetensors file, or the
  /// first slice of an audio file, padded as in training. Also returns the remarks on an audio
  /// file; see ``DecodedSound/remarks``.
  ///
  /// - Throws: ``SpecGANError`` if the file cannot be read, or its samples do not match the model.
  package func samples(
    _ path: String
  ) throws(SpecGANError) -> (samples: Tensor, remarks: [String]) {
    if path.hasSuffix(".safetensors") { return (try storedSamples(path), []) }
    var audio = checkpoint.configuration.audio
    audio.firstSliceOnly = true
    let sound = try Waveform.decoded(path: path, as: audio)
    let samples = Tensor(shape: [1] + checkpoint.gan.sampleShape)
    let slice = try sound.waveform.slices(audio).first ?? []
    let values = try SampleCodec(checkpoint).encode(slice)
    samples.withMutableSpan { span in
      for index in 0..<span.count { span[index] = values[index] }
    }
    return (samples, sound.remarks)
  }

  /// Returns the labels of the `count` samples in `path`; nil if the file has none or the critic is
  /// not conditional.
  ///
  /// - Throws: ``SpecGANError`` if the file cannot be read, or its labels are not those of `count`
  ///   samples of the model.
  package func labels(_ path: String, count: Int) throws(SpecGANError) -> [LabelMix]? {
    let known = checkpoint.gan.labelCount
    guard known > 0, path.hasSuffix(".safetensors") else { return nil }
    return try SafetensorsFile(path: path).labelMixes(count: count, of: known, path: path)
  }

  private func storedSamples(_ path: String) throws(SpecGANError) -> Tensor {
    let (shape, values): ([Int], [Float])
    let file = try SafetensorsFile(path: path)
    values = try file.floats("samples")
    shape = file.entry("samples")?.shape ?? []
    let expected = checkpoint.gan.sampleShape
    guard let count = shape.first, count > 0, Array(shape.dropFirst()) == expected else {
      throw .sampleShape(path: path, found: shape, expected: expected)
    }
    guard values.span.isFinite else { throw .notFinite(path: path, name: "samples") }
    return Tensor(shape: shape, values)
  }
}
