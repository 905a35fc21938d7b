internal import Scores
internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANModels
internal import SpecGANTensors
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// A multithreaded transform of slices into the input of a ``ClassifierNetwork``: log-mel
/// spectrograms `[frames, bands]`.
///
/// Channels are averaged, and slices are padded with zeros until their frames can be pooled: 16384
/// samples at 16 kHz have 128 frames without padding, 20000 have 160 with it.
final class MelPictures: Sendable {
  /// The number of frames in a picture.
  let frames: Int
  /// The workspace of each worker.
  private let benches: [Bench]
  private let workers: Workers

  /// Returns the number of frames in a slice of the format `audio`, with its padding.
  static func frameCount(of audio: AudioConfiguration, _ features: FeatureSet) -> Int {
    let step = features.definition(sampleRate: audio.sampleRate).frameStep
    let pooled = step * ClassifierNetwork.pooledLength
    return (audio.sliceLength + pooled - 1) / pooled * ClassifierNetwork.pooledLength
  }

  /// Creates a transform for slices in the format `audio`.
  ///
  /// - Throws: ``SpecGANError`` if the sample rate is too low.
  init(
    _ audio: AudioConfiguration, _ features: FeatureSet, workers: Workers
  ) throws(SpecGANError) {
    frames = Self.frameCount(of: audio, features)
    let definition = features.definition(sampleRate: audio.sampleRate)
    self.workers = workers
    var benches: [Bench] = []
    for _ in 0..<workers.count { benches.append(try Bench(audio, definition, frames: frames)) }
    self.benches = benches
  }

  /// Computes `count` pictures.
  ///
  /// - Parameters:
  ///   - count: the number of pictures.
  ///   - read: writes slice `index` to its second argument, `[1, length, channels]`; called on any
  ///     thread.
  ///   - place: returns the destination of picture `index`, `[1, frames, bands]`.
  func make(
    _ count: Int, read: @Sendable (_ index: Int, _ slice: TensorView) -> Void,
    into place: @Sendable (_ index: Int) -> TensorView
  ) {
    workers.run(tasks: count) { index, worker in
      read(index, benches[worker].slice.view)
      benches[worker].transform(into: place(index))
    }
  }

  /// The workspace of one worker.
  private final class Bench: @unchecked Sendable {  // one worker at a time
    let slice: Tensor
    private let channels: Int
    private var mono: [Float]
    private var mel: MelSpectrogram

    init(
      _ audio: AudioConfiguration, _ definition: MelDefinition, frames: Int
    ) throws(SpecGANError) {
      slice = Tensor(shape: [1, audio.sliceLength, audio.channels])
      channels = audio.channels
      mono = [Float](repeating: 0, count: frames * definition.frameStep)
      mel = try MelSpectrogram(definition, sampleRate: audio.sampleRate)
    }

    func transform(into picture: TensorView) {
      slice.withSpan { slice in
        for frame in 0..<slice.count / channels {
          var sum = 0.0
          for channel in 0..<channels { sum += Double(slice[frame * channels + channel]) }
          mono[frame] = Float(sum / Double(channels))
        }
      }
      let samples = mono
      let values = mel.logarithms(of: samples.span)
      picture.withMutableSpan { picture in
        for index in values.indices { picture[index] = values[index] }
      }
    }
  }
}
