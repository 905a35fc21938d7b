internal import Foundation
internal import SpecGANErrors
internal import SpecGANRandomness
package import SpecGANTensors

/// Waveforms with white noise, so that a critic cannot recognize real ones by digital silence.
///
/// The noise is a function of the seed and of the random number of the example.
package struct NoisyExamples: Examples {
  private let base: any Examples
  private let seed: UInt64
  /// The largest sample of the uniform noise.
  private let amplitude: Float

  /// Adds noise of `level` dB to the examples of `base`: root mean square, relative to full scale.
  package init(_ base: any Examples, level: Float, seed: UInt64) {
    (self.base, self.seed) = (base, seed)
    // The variance of a uniform distribution in ±a is a²/3.
    amplitude = powf(10, level / 20) * sqrtf(3)
  }

  /// The number of examples.
  package var count: Int { base.count }
  /// The shape of an example.
  package var shape: [Int] { base.shape }

  /// Copies example `index` with noise to index `position` of `batch`.
  package func copy(_ index: Int, chance: Double, to position: Int, of batch: TensorView) {
    base.copy(index, chance: chance, to: position, of: batch)
    let stream = RandomStream(
      seed: seed, purpose: .realNoise, row: UInt32(min(chance * 0x1p32, Double(UInt32.max))))
    batch.examples(position..<position + 1).withMutableSpan { example in
      for sample in example.indices {
        example[sample] += amplitude * (2 * stream.uniform(at: UInt64(sample)) - 1)
      }
    }
  }
}
