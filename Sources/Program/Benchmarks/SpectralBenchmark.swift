internal import Foundation
package import SpecGANErrors
internal import SpecGANRandomness
internal import SpecGANSettings
internal import SpecGANTensors
internal import Spectra

/// A benchmark of spectrograms and their inversion on one thread of this machine.
package enum SpectralBenchmark {
  /// The CPU seconds of one slice of 16,384 samples, each a median.
  package struct Report: Equatable, Sendable {
    /// The time of the normalized spectrogram: transform, logarithm and normalization.
    package var transform: Double
    /// The time of the inversion by each of these methods, with their default numbers of
    /// projections.
    package var pghi, fast, best: Double
  }

  /// The number of samples in a slice.
  package static let sliceLength = 16_384

  /// Measures each of `slices` in turn, so that with many slices none is still in the CPU cache. It
  /// uses the default transform, and moments over all slices.
  ///
  /// - Parameter slices: slices of ``sliceLength`` samples each; by default decaying noise, like a
  ///   drum.
  /// - Returns: the CPU seconds per slice.
  /// - Throws: ``SpecGANError`` if a slice cannot be transformed.
  package static func run(on slices: [[Float]] = [decayingNoise()]) throws(SpecGANError) -> Report {
    require(
      !slices.isEmpty && slices.allSatisfy { $0.count == sliceLength },
      "\(slices.map(\.count)) samples are not slices of \(sliceLength)")
    return try measure(slices)
  }

  private static func measure(_ slices: [[Float]]) throws(SpecGANError) -> Report {
    var stft = try STFT()
    var accumulator = MomentsAccumulator(binCount: stft.binCount)
    for slice in slices {
      accumulator.add(logMagnitudes: stft.logMagnitudes(of: slice.span).span)
    }
    let (configuration, moments) = (stft.configuration, try accumulator.moments)
    let codec = try SpectrogramCodec(configuration: configuration, moments: moments)
    let count = sliceLength / configuration.frameStep * codec.normalizedBinCount
    func normalized(_ slice: [Float]) -> [Float] {
      var values = [Float](repeating: 0, count: count)
      var result = values.mutableSpan
      codec.normalize(logMagnitudes: stft.logMagnitudes(of: slice.span).span, into: &result)
      return values
    }
    let transform = median(of: 200, on: slices) { _ = normalized(slices[$0]) }
    let magnitudes = slices.map { slice in
      let values = normalized(slice)
      return codec.magnitudes(of: values.span)
    }
    func inversion(_ method: InversionMethod, _ count: Int) throws(SpecGANError) -> Double {
      var inversion = InversionConfiguration()
      inversion.method = method
      let codec = try SpectrogramCodec(
        configuration: configuration, moments: moments, inversion: inversion)
      _ = try codec.samples(of: magnitudes[0])
      return try median(of: count, on: magnitudes) { index throws(SpecGANError) in
        _ = try codec.samples(of: magnitudes[index])
      }
    }
    return Report(
      transform: transform, pghi: try inversion(.pghi, 50), fast: try inversion(.fast, 50),
      best: try inversion(.best, 10))
  }

  /// Returns the median, over rounds, of the CPU seconds of `body` per item; about `count` calls in
  /// total, and at least three rounds.
  private static func median<Failure: Error>(
    of count: Int, on items: [some Any], _ body: (_ index: Int) throws(Failure) -> Void
  ) throws(Failure) -> Double {
    var seconds: [Double] = []
    for _ in 0..<max(count / items.count, 3) {
      let start = PassTimer.processorSeconds
      for index in items.indices { try body(index) }
      seconds.append((PassTimer.processorSeconds - start) / Double(items.count))
    }
    return seconds.sorted()[seconds.count / 2]
  }

  /// Returns ``sliceLength`` samples of decaying noise, like a drum.
  package static func decayingNoise() -> [Float] {
    var samples = [Float](repeating: 0, count: sliceLength)
    var span = samples.mutableSpan
    RandomStream(seed: 0, purpose: .generation).fill(&span, from: 0, lowest: -1, width: 2)
    return samples.indices.map { samples[$0] * Float(exp(-Double($0) / 4096)) }
  }
}
