import Foundation
import SpecGANDatasets
import SpecGANErrors
import SpecGANTensors
import SpecGANTestSupport
import SpecGANWorkers
import Spectra
import Testing
import Waveforms

/// Random crops, compared with those of a reference program and with the audio.
@Suite struct CropTests {
  /// A ramp: every sample is its own index, so that a crop shows its start.
  private static func ramp(_ count: Int) -> [Float] { (0..<count).map { Float($0) * 0x1p-15 } }

  @Test(arguments: 0..<11) func cropsStartWhereTheReferencePutsThem(_ index: Int) throws {
    let golden = try Golden("crops")
    let settings = try golden.integers("sound_\(index)/settings").map { Int($0) }
    let (frames, length) = (settings[0], settings[1])
    try withTemporaryFolder { folder in
      // The audio of the neighboring files must not be in a crop.
      try folder.sound("in/a.wav", [Float](repeating: 2, count: 2500))
      try folder.sound("in/b.wav", Self.ramp(frames))
      try folder.sound("in/c.wav", [Float](repeating: 2, count: 2500))
      var audio = AudioConfiguration()
      audio.sliceLength = length
      audio.overlap = 1 - Double(settings[2]) / Double(length)
      audio.padEnd = settings[3] == 1
      try preprocess([folder.path("in")], to: folder.path("cache"), audio: audio)
      let cache = try Cache(path: folder.path("cache"))
      let rows = try cache.sources()
      #expect(golden.shape("sound_\(index)/starts") == [rows[1].slices, 5])
      let starts = try golden.integers("sound_\(index)/starts").map { Int($0) }
      let chances = try golden.words("words").map { Double($0) * 0x1p-32 }
      let crops = try cache.croppedSlices()
      for (place, start) in starts.enumerated() {
        let slice = rows[0].slices + place / chances.count
        let found = values(of: crops, slice, chances[place % chances.count])
        let expected = Waveform(samples: Self.ramp(frames), channels: 1, sampleRate: 16_000)
          .slice(at: start, length: length)
        #expect(found == expected, "slice \(slice), chance \(place % chances.count)")
      }
    }
  }

  /// All starts have the same probability: evenly spaced chances select each equally often.
  @Test(arguments: [(1_300, 0.0), (2_777, 0.0), (1_150, 0.75)])
  func everyStartIsAsLikely(_ frames: Int, _ overlap: Double) throws {
    try withTemporaryFolder { folder in
      let cache = try cache(of: Self.ramp(frames), overlap: overlap, in: folder)
      let crops = try cache.croppedSlices()
      let starts = frames - 1_000 + 1
      var found = [Int](repeating: 0, count: starts)
      for slice in 0..<crops.count {
        for place in 0..<starts {
          let chance = (Double(place) + 0.5) / Double(starts)
          found[Int(values(of: crops, slice, chance)[0] * 0x1p15)] += 1
        }
      }
      #expect(found.allSatisfy { $0 == crops.count })
    }
  }

  /// No crop has padding, except that of a file shorter than a slice.
  @Test func paddingIsLeftOut() throws {
    try withTemporaryFolder { folder in
      let cache = try cache(of: [Float](repeating: 1, count: 2_001), in: folder)
      #expect(cache.count == 3, "the last slice is one frame and padding")
      let crops = try cache.croppedSlices()
      for slice in 0..<3 {
        for chance in [0, 0.3, 0.7, 1 - 0x1p-32] {
          #expect(values(of: crops, slice, chance).allSatisfy { $0 == 1 })
        }
      }
    }
  }

  /// A crop with the start of a cached slice equals that slice bit for bit, and so does its
  /// spectrogram.
  @Test(arguments: [0.0, 0.5], [1, 2])
  func aCropAtASlicesStartIsThatSlice(_ overlap: Double, _ channels: Int) throws {
    try withTemporaryFolder { folder in
      let frames = 3 * 16_384
      try folder.noise("in/a.wav", seed: 1, frames: frames, channels: channels)
      try folder.noise("in/b.wav", seed: 2, frames: 5_000, channels: channels)
      var audio = AudioConfiguration()
      audio.overlap = overlap
      audio.channels = channels
      try preprocess([folder.path("in")], to: folder.path("cache"), audio: audio)
      let cache = try Cache(path: folder.path("cache"))
      let count = try cache.sources()[0].slices
      let (crops, pictures) = (try cache.croppedSlices(), try cache.croppedSpectrograms())
      let (slices, spectrograms) = (try cache.slices(), try cache.spectrograms())
      #expect(pictures.shape == spectrograms.shape && crops.shape == slices.shape)
      #expect(pictures.count == spectrograms.count && crops.count == slices.count)
      let starts = frames - 16_384 + 1
      for number in 0..<count {
        // The middle of the range of chances that give this start, in the slice that has it.
        let position = (Double(number * audio.hop) + 0.5) * Double(count) / Double(starts)
        let (slice, chance) = (Int(position), position - position.rounded(.down))
        #expect(values(of: crops, slice, chance) == slices.values(number))
        #expect(values(of: pictures, slice, chance) == spectrograms.values(number))
      }
      for chance in [0, 0.999] {
        #expect(values(of: crops, count, chance) == slices.values(count), "the short sound")
        #expect(values(of: pictures, count, chance) == spectrograms.values(count))
      }
    }
  }

  /// The spectrogram of a crop between slices agrees with the definition in double precision.
  @Test func theSpectrogramIsThatOfTheCrop() throws {
    try withTemporaryFolder { folder in
      let samples = try folder.noise("in/a.wav", seed: 1, frames: 40_000)
      try preprocess([folder.path("in")], to: folder.path("cache"))
      let cache = try Cache(path: folder.path("cache"))
      let found = values(of: try cache.croppedSpectrograms(), 1, 0.25)
      let crop = values(of: try cache.croppedSlices(), 1, 0.25)
      let start = Int(1.25 * Double(40_000 - 16_384 + 1) / 3)
      #expect(crop == Array(samples[start..<start + 16_384]))
      let slices = try Waveform(samples: samples, channels: 1, sampleRate: 16_000).slices(.init())
      // The moments are those of the cache's slices; the transformed audio is the crop.
      var stft = try STFT()
      let codec = try SpectrogramCodec(configuration: .init(), moments: cache.moments[0])
      var expected = [Float](repeating: 0, count: found.count)
      var span = expected.mutableSpan
      codec.normalize(logMagnitudes: stft.logMagnitudes(of: crop.span).span, into: &span)
      #expect(found == expected)
      #expect(slices.count == 3 && Set(found).count > 1_000)
    }
  }

  /// Law 1: the result does not depend on the thread.
  @Test func threadsDoNotMatter() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/a.wav", seed: 1, frames: 60_000)
      try preprocess([folder.path("in")], to: folder.path("cache"))
      let crops = try Cache(path: folder.path("cache")).croppedSpectrograms()
      let one = crops
      let batches = [1, 4].map { threads in
        let batch = Tensor(shape: [64] + one.shape)
        Workers(count: threads).run(tasks: 64) { place, _ in
          crops.copy(place % 4, chance: Double(place) / 64, to: place, of: batch.view)
        }
        return batch.values
      }
      #expect(batches[0] == batches[1])
    }
  }

  // MARK: - Bad caches

  @Test func whereThereIsNothingToChooseItIsRefused() throws {
    try withTemporaryFolder { folder in
      let samples = Self.ramp(1_000)
      let cache = try cache(of: samples, in: folder)
      for make in [{ _ = try cache.croppedSlices() }, { _ = try cache.croppedSpectrograms() }] {
        #expect(throws: SpecGANError.noCrops(path: cache.path)) { try make() }
      }
      let first = try self.cache(of: Self.ramp(5_000), firstSliceOnly: true, in: folder)
      #expect(throws: SpecGANError.noCrops(path: first.path)) { try first.croppedSlices() }
    }
  }

  @Test func rowsThatDoNotAddUpAreDamage() throws {
    try withTemporaryFolder { folder in
      let cache = try cache(of: Self.ramp(5_000), in: folder)
      let text = String(decoding: try folder.bytes(of: "cache/sources.jsonl"), as: UTF8.self)
      for (old, new) in [("\"slices\":5", "\"slices\":4"), ("\"slices\":5", "\"slices\":6")] {
        let changed = text.replacingOccurrences(of: old, with: new)
        #expect(changed != text)
        try folder.write(Array(changed.utf8), as: "cache/sources.jsonl")
        #expect(throws: SpecGANError.self) { try cache.croppedSlices() }
      }
      // Impossible lengths: only the audio in the cache counts.
      for frames in ["0", "-1", "\(Int.max)"] {
        let changed = text.replacingOccurrences(of: "\"frames\":5000", with: "\"frames\":\(frames)")
        try folder.write(Array(changed.utf8), as: "cache/sources.jsonl")
        guard let crops = try? cache.croppedSlices() else { continue }
        #expect(values(of: crops, 4, 0.999).count == 1_000)
      }
    }
  }

  private func cache(
    of samples: [Float], overlap: Double = 0, firstSliceOnly: Bool = false,
    in folder: TemporaryFolder
  ) throws -> Cache {
    try folder.sound("in/a.wav", samples)
    var audio = AudioConfiguration()
    (audio.sliceLength, audio.overlap) = (1_000, overlap)
    audio.firstSliceOnly = firstSliceOnly
    try preprocess([folder.path("in")], to: folder.path("cache"), audio: audio)
    return try Cache(path: folder.path("cache"))
  }

  private func values(of examples: some Examples, _ index: Int, _ chance: Double) -> [Float] {
    let batch = Tensor(shape: [2] + examples.shape)
    batch.fill(.nan)
    examples.copy(index, chance: chance, to: 1, of: batch.view)
    return Array(batch.values.dropFirst(batch.stride))
  }
}
