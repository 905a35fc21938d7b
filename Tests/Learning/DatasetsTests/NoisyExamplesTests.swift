import SpecGANDatasets
import SpecGANTensors
import Testing

@Suite struct NoisyExamplesTests {
  private func noise(_ chance: Double, seed: UInt64 = 3) -> [Float] {
    let silence = StoredExamples(Tensor(shape: [1, 16_384, 1]))
    let batch = Tensor(shape: [1, 16_384, 1])
    NoisyExamples(silence, level: -40, seed: seed)
      .copy(0, chance: chance, to: 0, of: batch.view)
    return batch.values
  }

  /// −40 dB is 0.01. Of 16,384 squares of uniform noise the mean has a deviation of 0.7 %; ten
  /// times that is 3.5 % of the root.
  @Test func theNoiseHasItsLevel() {
    let noise = noise(0.5)
    let level = (noise.reduce(0) { $0 + $1 * $1 } / 16_384).squareRoot()
    #expect(abs(level / 0.01 - 1) < 0.035, "\(level)")
    #expect(abs(noise.reduce(0, +) / 16_384) < 0.001)
  }

  @Test func theNoiseDependsOnSeedAndChanceAlone() {
    #expect(noise(0.5) == noise(0.5))
    #expect(noise(0.5) != noise(0.25) && noise(0.5) != noise(0.5, seed: 4))
  }
}
