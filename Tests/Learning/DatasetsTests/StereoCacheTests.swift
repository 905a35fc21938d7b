import Foundation
import SpecGANDatasets
import SpecGANTensors
import SpecGANTestSupport
import Spectra
import Testing
import Waveforms

/// Caches of stereo audio, compared with those of its channels as mono files.
@Suite struct StereoCacheTests {
  private static var stereo: AudioConfiguration {
    var audio = AudioConfiguration()
    audio.channels = 2
    return audio
  }

  /// Writes noise of three lengths, the right channel quieter, to `in`; and each channel as a mono
  /// file to `left` and `right`, the mean to `mean`.
  private func makeSounds(_ folder: TemporaryFolder) throws {
    for (name, frames) in [("a", 40_000), ("b", 16_384), ("c", 5_000)] {
      let noise = randomNumbers(2 * frames, seed: UInt64(frames))
      let samples = noise.enumerated().map { $0.offset % 2 == 0 ? $0.element : 0.3 * $0.element }
      try folder.sound("in/\(name).wav", samples, channels: 2)
      let channels = (0..<2).map { samples.span.channel($0, of: 2) }
      try folder.sound("left/\(name).wav", channels[0])
      try folder.sound("right/\(name).wav", channels[1])
      let mean = zip(channels[0], channels[1]).map { Float((Double($0) + Double($1)) / 2) }
      try folder.sound("mean/\(name).wav", mean)
    }
  }

  private func cache(
    _ name: String, _ folder: TemporaryFolder, audio: AudioConfiguration = .init(),
    _ spectrogram: SpectrogramConfiguration = .init(), workers: Int = 2
  ) throws -> Cache {
    try preprocess(
      [folder.path(name)], to: folder.path("\(name).cache"), audio: audio, spectrogram: spectrogram,
      workers: workers)
    return try Cache(path: folder.path("\(name).cache"))
  }

  @Test(arguments: [SpectrogramConfiguration.Normalization.moments, .range])
  func channelsAreThoseOfMonoFiles(
    _ normalization: SpectrogramConfiguration.Normalization
  ) throws {
    try withTemporaryFolder { folder in
      try makeSounds(folder)
      var spectrogram = SpectrogramConfiguration(logFloor: 1e-2)
      spectrogram.normalization = normalization
      let both = try cache("in", folder, audio: Self.stereo, spectrogram)
      let one = try ["left", "right"].map { try cache($0, folder, spectrogram) }
      try both.verify()
      #expect(both.count == 5 && both.moments == one.flatMap(\.moments))
      #expect(both.moments[0] != both.moments[1] && both.moments[1].peaks != nil)
      let pictures = try both.spectrograms()
      let ones = try one.map { try $0.spectrograms() }
      let crops = try both.croppedSpectrograms()
      let oneCrops = try one.map { try $0.croppedSpectrograms() }
      #expect(pictures.shape == [128, 128, 2] && crops.shape == pictures.shape)
      for index in 0..<both.count {
        #expect(pictures.values(index) == ones.map { $0.values(index) }.interleaved)
        let crop = [crop(crops, index)] + oneCrops.map { self.crop($0, index) }
        #expect(crop[0] == Array(crop[1...]).interleaved)
      }
      let codec = try both.codec()
      let slice = try both.slices().values(1)
      #expect(try codec.encode(slice.span) == pictures.values(1))
    }
  }

  private func crop(_ crops: CroppedSpectrograms, _ index: Int) -> [Float] {
    let batch = Tensor(shape: [1] + crops.shape)
    crops.copy(index, chance: 0.4, to: 0, of: batch.view)
    return batch.values
  }

  /// Law 1, and files that are added: the same bytes as without an earlier cache.
  @Test func bytesDependOnTheFilesAlone() throws {
    try withTemporaryFolder { folder in
      try makeSounds(folder)
      _ = try cache("in", folder, audio: Self.stereo, workers: 1)
      try folder.noise("in/d.wav", seed: 9, frames: 20_000, channels: 2)
      let summary = try preprocess(
        [folder.path("in")], to: folder.path("in.cache"), audio: Self.stereo)
      #expect(summary.decodedCount == 1 && summary.reusedCount == 3)
      try preprocess(
        [folder.path("in")], to: folder.path("fresh"), audio: Self.stereo, workers: 3)
      #expect(try folder.contents(of: "in.cache") == folder.contents(of: "fresh"))
    }
  }

  /// A cache of version 0.2 has spectrograms of the mean of both channels. It is read, and replaced
  /// without decoding.
  @Test func aCacheWithMixedSpectrogramsIsReadAndReplaced() throws {
    try withTemporaryFolder { folder in
      try makeSounds(folder)
      let new = try cache("in", folder, audio: Self.stereo)
      let mean = try cache("mean", folder)
      let good = try folder.contents(of: "in.cache")
      for name in ["spectrograms-00000.safetensors", "moments.safetensors"] {
        try folder.write(folder.bytes(of: "mean.cache/\(name)"), as: "in.cache/\(name)")
      }
      try resealCache(at: folder.path("in.cache"))
      let old = try Cache(path: folder.path("in.cache"))
      try old.verify()
      #expect(old.moments == mean.moments && old.fingerprint == new.fingerprint)
      #expect(try old.spectrograms().shape == [128, 128, 1])
      #expect(try old.spectrograms().values(0) == mean.spectrograms().values(0))
      let summary = try preprocess(
        [folder.path("in")], to: folder.path("in.cache"), audio: Self.stereo)
      #expect(summary.decodedCount == 0 && summary.reusedCount == 3)
      #expect(try folder.contents(of: "in.cache") == good)
    }
  }
}
