import Scores
import SpecGANDatasets
import SpecGANEvaluation
import SpecGANTensors
import SpecGANTestSupport
import SpecGANWorkers
import Spectra
import Testing
import Waveforms

/// Random pieces of a cache, compared with all possible pieces.
@Suite struct PatchesTests {
  /// Slices of 3000 samples and pictures of 24 frames, both of two channels: no two axes are equal.
  private func withCache(_ body: (Cache) throws -> Void) throws {
    try withTemporaryFolder { folder in
      var audio = AudioConfiguration()
      (audio.sliceLength, audio.channels) = (3_000, 2)
      let stereo = folder.path("stereo.wav")
      let samples = randomNumbers(18_000, seed: 3).map { $0 * 0.9 }
      _ = try AudioFile.write(
        Waveform(samples: samples, channels: 2, sampleRate: 16_000), to: stereo, format: .float)
      _ = try Preprocessor(
        inputs: [stereo], output: folder.path("cache"), audio: audio,
        spectrogram: SpectrogramConfiguration(), workers: Workers(count: 2)
      ).run()
      try body(Cache(path: folder.path("cache")))
    }
  }

  /// The clips are noise: a slice occurs at one position only, and is found by its first sample.
  @Test func slicesAreOfOneChannelInARow() throws {
    try withCache { cache in
      let examples = try cache.slices()
      let sound = Tensor(shape: [1] + examples.shape)
      var places: [Float: (channel: [Float], at: Int)] = [:]
      for index in 0..<examples.count {
        examples.copy(index, to: 0, of: sound.view)
        for channel in 0..<2 {
          let numbers = stride(from: channel, to: 6_000, by: 2).map { sound.values[$0] }
          for (at, value) in numbers.enumerated() { places[value] = (numbers, at) }
        }
      }
      let found = try Features.slices(of: cache, length: 7, count: 500, seed: 1)
      #expect(found.count == 500 && found.dimension == 7)
      for row in 0..<found.count {
        let slice = Array(found[row])
        let place = try #require(places[slice[0]])
        #expect(Array(place.channel[place.at..<place.at + 7]) == slice)
      }
    }
  }

  /// A patch is of one channel. The first value of a patch may occur at several positions, because
  /// values are clipped; one of them must have the complete patch.
  @Test func patchesAreFramesByBins() throws {
    try withCache { cache in
      let examples = try cache.spectrograms()
      let (frames, bins) = (examples.shape[0], examples.shape[1])
      #expect(examples.shape == [24, 128, 2])
      let picture = Tensor(shape: [1] + examples.shape)
      var all: Set<[Float]> = []
      for index in 0..<examples.count {
        examples.copy(index, to: 0, of: picture.view)
        for channel in 0..<2 {
          let values = stride(from: channel, to: 24 * 128 * 2, by: 2).map { picture.values[$0] }
          for frame in 0...frames - 3 {
            for bin in 0...bins - 5 {
              var patch: [Float] = []
              for row in frame..<frame + 3 {
                let first = row * bins + bin
                patch += values[first..<first + 5]
              }
              all.insert(patch)
            }
          }
        }
      }
      let found = try Features.patches(of: cache, frames: 3, bins: 5, count: 500, seed: 1)
      #expect(found.count == 500 && found.dimension == 15)
      for row in 0..<found.count { #expect(all.contains(Array(found[row]))) }
    }
  }
}
