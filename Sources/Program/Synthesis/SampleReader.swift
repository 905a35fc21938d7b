internal import Safetensors
package import SpecGANErrors
internal import SpecGANModels
package import SpecGANRuns
internal import SpecGANSettings
package import SpecGANTensors
internal import Waveforms

/// Reads what a checkpoint's critic takes: sounds, or samples that a generator made.
package struct SampleReader: Sendable {
  private let checkpoint: Checkpoint

  /// A reader for the model of `checkpoint`.
  package init(_ checkpoint: Checkpoint) { self.checkpoint = checkpoint }

  /// The samples in `path`, `[count] + sampleShape`: those of a safetensors file, or the first
  /// slice of a sound, padded as training would.
  ///
  /// - Throws: ``SpecGANError`` where it is neither.
  package func samples(_ path: String) throws(SpecGANError) -> Tensor {
    if path.hasSuffix(".safetensors") { return try storedSamples(path) }
    var audio = checkpoint.configuration.audio
    audio.firstSliceOnly = true
    let waveform: Waveform
    waveform = try Waveform.decoded(path: path, as: audio).waveform
    let samples = Tensor(shape: [1] + checkpoint.gan.sampleShape)
    let slice = try waveform.slices(audio).first ?? []
    let values = try SampleCodec(checkpoint).encode(slice)
    samples.withMutableSpan { span in
      for index in 0..<span.count { span[index] = values[index] }
    }
    return samples
  }

  /// The labels beside the `count` samples in `path`, as numbers; nil where none stand there, or
  /// the critic knows of none.
  ///
  /// - Throws: ``SpecGANError`` where they are not as many, or of other networks.
  package func labels(_ path: String, count: Int) throws(SpecGANError) -> [Int]? {
    let known = checkpoint.gan.labelCount
    guard known > 0, path.hasSuffix(".safetensors") else { return nil }
    let found: [Int32]?
    found = try SafetensorsFile(path: path).integers("labels", asMany: [count])
    if let odd = found?.first(where: { !(0..<known).contains(Int($0)) }) {
      throw .labelNumber(path: path, found: Int(odd), count: known)
    }
    return found?.map { Int($0) }
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
