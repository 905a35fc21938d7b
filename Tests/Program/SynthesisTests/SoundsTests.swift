import Foundation
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import SpecGANWorkers
import Spectra
import Testing
import Waveforms

/// Generation of samples from latents, and of clips from samples.
@Suite struct SoundsTests {
  @Test(arguments: ModelKind.allCases)
  func soundsDependOnTheSeedAndTheirNumberAlone(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(kind, folder)
      let all = try sounds(checkpoint, 0..<20, seed: 3, threads: 2)
      #expect(Set(all).count == 20, "no two sounds are the same")
      // Another count, other batches, and one alone.
      #expect(try sounds(checkpoint, 0..<3, seed: 3, threads: 1) == Array(all[0..<3]))
      #expect(try sounds(checkpoint, 13..<20, seed: 3, threads: 3) == Array(all[13..<20]))
      #expect(try sounds(checkpoint, 17..<18, seed: 3, threads: 2) == [all[17]])
      #expect(try sounds(checkpoint, 0..<1, seed: 4, threads: 2) != [all[0]])
    }
  }

  /// Larger networks cut a batch into other pieces; one sample alone has the same bits.
  @Test(.slow, arguments: ModelKind.allCases, [16, 64])
  func aSampleDoesNotDependOnItsBatch(_ kind: ModelKind, _ dimension: Int) throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(kind, dimension: dimension, in: folder)
      try small.train(to: 0)
      let checkpoint = try Checkpoint(path: small.run().checkpointPath(step: 0))
      let generator = SampleGenerator(checkpoint, engine: Engine(threads: 2))
      let latents = generator.latents(0..<17, seed: 3)
      let all = generator.samples(latents)
      for sample in [0, 6, 16] {
        let alone = generator.samples(Tensor(joining: [latents.examples(sample..<sample + 1)]))
        #expect(alone.values == all.examples(sample..<sample + 1).values)
      }
    }
  }

  private func sounds(
    _ checkpoint: Checkpoint, _ numbers: Range<Int>, seed: UInt64, threads: Int
  ) throws -> [[Float]] {
    let engine = Engine(threads: threads)
    let generator = SampleGenerator(checkpoint, engine: engine)
    let samples = generator.samples(generator.latents(numbers, seed: seed))
    #expect(samples.shape == [numbers.count] + checkpoint.gan.sampleShape)
    var inversion = InversionConfiguration()
    inversion.iterations = 2
    let codec = try SampleCodec(checkpoint, inversion: inversion, seed: seed)
    return try codec.clips(of: samples, numbers: Array(numbers), on: engine.workers).map {
      $0.waveform.samples
    }
  }

  @Test func latentsAreUniformAndDependOnTheirNumber() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(.wavegan, folder)
      let generator = SampleGenerator(checkpoint, engine: Engine(threads: 1))
      let all = generator.latents(0..<1000, seed: 9)
      #expect(all.shape == [1000, 7])
      #expect(all.values.allSatisfy { (-1..<1).contains($0) })
      let mean = all.values.reduce(0.0) { $0 + Double($1) } / 7000
      // Six standard deviations, 1/√3 each, of a mean of 7000.
      #expect(abs(mean) < 6 / (3.0 * 7000).squareRoot())
      #expect(
        generator.latents(400..<410, seed: 9).values == Array(all.values[2800..<2870]))
    }
  }

  @Test(arguments: ModelKind.allCases)
  func aBatchOfAnySizeGivesTheSameSamples(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(kind, folder)
      let generator = SampleGenerator(checkpoint, engine: Engine(threads: 2))
      let latents = generator.latents(0..<35, seed: 1)
      let all = generator.samples(latents)
      for count in [1, 15, 16, 17, 32] {
        let part = Tensor(shape: [count, 7], Array(latents.values.prefix(7 * count)))
        #expect(generator.samples(part).values == Array(all.values.prefix(count * all.stride)))
      }
      #expect(all.values.allSatisfy { abs($0) <= 1 })
    }
  }

  @Test func waveGANsSamplesAreTheSound() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(.wavegan, folder)
      let engine = Engine(threads: 1)
      let generator = SampleGenerator(checkpoint, engine: engine)
      let samples = generator.samples(generator.latents(0..<2, seed: 1))
      let codec = try SampleCodec(checkpoint, seed: 1)
      let sounds = try codec.clips(of: samples, numbers: [0, 1], on: engine.workers)
      #expect(!codec.isInverted && codec.sampleShape == [16_384, 1])
      #expect(codec.silenceBetweenClips == 8_000, "half a second")
      #expect(sounds.flatMap(\.waveform.samples) == samples.values)
      #expect(sounds.allSatisfy { $0.waveform.sampleRate == 16_000 && $0.wanted.isEmpty })
    }
  }

  /// The magnitudes of SpecGAN are its samples, decoded with the checkpoint's moments.
  @Test func specGANsSoundsAreTheInversesOfWhatItsSamplesStandFor() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(.specgan, folder)
      let moments = try #require(checkpoint.moments?.first)
      let engine = Engine(threads: 1)
      let generator = SampleGenerator(checkpoint, engine: engine)
      let samples = generator.samples(generator.latents(4..<5, seed: 1))
      let codec = try SampleCodec(checkpoint, seed: 6)
      #expect(codec.isInverted && codec.sampleShape == [128, 128, 1])
      #expect(codec.silenceBetweenClips == 8_192, "half a slice")
      let sound = try #require(
        try codec.clips(of: samples, numbers: [4], on: engine.workers).first)
      let wanted = try #require(sound.wanted.first)
      for (frame, bin) in [(0, 0), (127, 127), (3, 77)] {
        let value = samples.values[128 * frame + bin]
        let log = Double(value) * 3 * Double(moments.deviation[bin]) + Double(moments.mean[bin])
        expectClose([wanted.values[129 * frame + bin]], [Float(exp(log))], terms: 30)
      }
      #expect(sound.waveform.frameCount == 16_384)
      let inverter = try Inverter(spectrogram: .init(), inversion: .init(), seed: 6)
      #expect(try inverter.invert(wanted, clip: 4) == sound.waveform.samples)
    }
  }

  private func checkpoint(_ kind: ModelKind, _ folder: TemporaryFolder) throws -> Checkpoint {
    let small = try SmallRun(kind, in: folder)
    try small.train(to: 1)
    return try Checkpoint(path: small.run().checkpointPath(step: 1))
  }
}
