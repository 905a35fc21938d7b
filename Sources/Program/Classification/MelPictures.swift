internal import Scores
internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANModels
internal import SpecGANTensors
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// From slices to what a ``ClassifierNetwork`` reads: log-mel spectrograms `[frames, bands]`, made
/// by several threads.
///
/// Channels are averaged, and zeros follow a slice until its frames can be pooled: 16384 samples
/// have 128 frames as they are, 20000 have 160 with the zeros.
final class MelPictures: Sendable {
  /// Frames of a picture.
  let frames: Int
  /// One for each worker.
  private let benches: [Bench]
  private let workers: Workers

  /// Samples from one frame to the next.
  static let frameStep = 128
  /// Samples of a frame.
  static let frameLength = 1_024

  /// How many frames a slice of `length` samples has, with its zeros.
  static func frameCount(of length: Int) -> Int {
    let pooled = frameStep * ClassifierNetwork.pooledLength
    return (length + pooled - 1) / pooled * ClassifierNetwork.pooledLength
  }

  /// Pictures of slices that were made as `audio` says.
  ///
  /// - Throws: ``SpecGANError`` where the rate is too low.
  init(_ audio: AudioConfiguration, workers: Workers) throws(SpecGANError) {
    frames = Self.frameCount(of: audio.sliceLength)
    self.workers = workers
    var benches: [Bench] = []
    for _ in 0..<workers.count { benches.append(try Bench(audio, frames: frames)) }
    self.benches = benches
  }

  /// Makes `count` pictures.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - read: writes slice number `index` of them to its second argument, `[1, length, channels]`;
  ///     on any thread.
  ///   - place: where picture number `index` goes, `[1, frames, bands]`.
  func make(
    _ count: Int, read: @Sendable (_ index: Int, _ slice: TensorView) -> Void,
    into place: @Sendable (_ index: Int) -> TensorView
  ) {
    workers.run(tasks: count) { index, worker in
      read(index, benches[worker].slice.view)
      benches[worker].transform(into: place(index))
    }
  }

  /// What it takes to make one picture; serves one worker.
  private final class Bench: @unchecked Sendable {  // one worker at a time
    let slice: Tensor
    private let channels: Int
    private var mono: [Float]
    private var mel: MelSpectrogram

    init(_ audio: AudioConfiguration, frames: Int) throws(SpecGANError) {
      slice = Tensor(shape: [1, audio.sliceLength, audio.channels])
      channels = audio.channels
      mono = [Float](repeating: 0, count: frames * MelPictures.frameStep)
      mel = try MelSpectrogram(
        frameLength: MelPictures.frameLength, frameStep: MelPictures.frameStep,
        sampleRate: audio.sampleRate)
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
