// Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training", NeurIPS 2020; Karras
// et al., "Training Generative Adversarial Networks with Limited Data", NeurIPS 2020, for the
// probability and its adaptation.

internal import Foundation
internal import SpecGANErrors
package import Spectra
package import SpecGANTensors

/// The choice of the probability of augmentations.
package enum AugmentationSchedule: String, CaseIterable, Sendable {
  /// No augmentation.
  case none
  /// The probability of the settings; in a run with a planned end it rises to it, along half a
  /// cosine, over the first fifth of the plan.
  case fixed
  /// A probability that rises while the critic overfits, up to that of the settings; see
  /// ``AugmentationState``.
  case adaptive

  /// Returns the probability in step `step` of a run of `planned` steps, for ``fixed``.
  package func probability(_ largest: Float, step: Int, planned: Int?) -> Float {
    guard let planned else { return largest }
    let progress = min(Double(step) / max(Double(planned) / 5, 1), 1)
    return largest * Float((1 - cos(.pi * progress)) / 2)
  }
}

/// The state of adaptive augmentation.
///
/// The measure of overfitting is the mean sign `r_t`, ``StepLosses/separation``; for the
/// Wasserstein losses it is `r_v`, ``StepLosses/overfitting(validationMean:)``. Source: Karras et
/// al. 2020, section 3.1.
package struct AugmentationState: Equatable, Sendable, Codable {
  /// The probability of each augmentation.
  package private(set) var probability: Float
  /// The sum of the measures since the last change of the probability.
  package private(set) var sum: Float
  /// Their number.
  package private(set) var count: Int

  /// The mean measure above which the critic overfits the real examples: that of the paper for
  /// `r_t`.
  private static let target: Float = 0.6
  /// The number of critic updates from one change to the next.
  private static let interval = 4
  /// The number of real examples in which the probability can rise from 0 to 1.
  private static let examplesToOne: Float = 20_000

  /// Creates a state, by default that before the first step.
  package init(probability: Float = 0, sum: Float = 0, count: Int = 0) {
    (self.probability, self.sum, self.count) = (probability, sum, count)
  }

  /// Adds the measure of an update of `examples` real examples.
  package mutating func adapt(to measure: Float, examples: Int, largest: Float) {
    sum += measure
    count += 1
    guard count == Self.interval else { return }
    let step = Float(Self.interval * examples) / Self.examplesToOne
    let change = sum / Float(count) > Self.target ? step : -step
    self = AugmentationState(probability: min(max(probability + change, 0), largest))
  }
}

/// The random numbers of one example's augmentation.
package struct AugmentationDraw: Sendable {
  /// The number of uniform random numbers of an example. A change would change every run.
  package static let count = 16

  private let numbers: SIMD16<Float>
  private let probability: Float

  /// Creates a draw from ``count`` numbers in `[0, 1)`, with the probability of each operation.
  package init(_ numbers: SIMD16<Float>, probability: Float) {
    (self.numbers, self.probability) = (numbers, probability)
  }

  /// Returns a position in `-1 ..< 1` if operation `index` is applied; nil otherwise.
  func position(_ index: Int) -> Float? {
    numbers[index] < probability ? 2 * numbers[6 + index] - 1 : nil
  }

  /// Returns a range of up to an eighth of `length` if operation `index`, 4 or 5, is applied.
  func part(_ index: Int, of length: Int) -> Range<Int> {
    guard numbers[index] < probability else { return 0..<0 }
    let width = Int(numbers[6 + index] * Float(length) / 8) + 1
    let start = min(Int(numbers[8 + index] * Float(length - width + 1)), length - width)
    return start..<start + width
  }
}

/// Random transformations of a critic's examples, the same for real and generated ones.
///
/// A transformation maps each element of its output from at most one element of its input, with a
/// known slope. So the way back to a generator needs no other state than the draw and the input.
package protocol Augmenter: Sendable {
  /// Writes the transformed `example` to `result`; both have the elements of one sample.
  func apply(_ draw: AugmentationDraw, to example: TensorView, into result: TensorView)

  /// Writes the cotangent of `example` to `result`, from the cotangent of its transformation.
  func pullBack(
    _ draw: AugmentationDraw, of example: TensorView, cotangent: TensorView,
    into result: TensorView)
}

// MARK: - Spectrograms

/// Transformations of normalized spectrograms, `[frames, bins, channels]`: shifts by up to an
/// eighth of the frames and by two bins, gain and tilt of up to 6 dB, and masks of up to an eighth
/// of the frames and of the bins. All channels of an example get the same transformation. Merged
/// bins count as one.
///
/// In normalized pictures a shift by bins is affine, because bins have different moments; a gain
/// acts on the magnitude above the floor. What is shifted in or masked is silence.
package struct PictureAugmenter: Augmenter {
  private let (frames, bins, channels): (Int, Int, Int)
  /// The mean of each bin and channel, `[bins, channels]`.
  private let mean: [Float]
  /// The difference from the mean that becomes ±1.
  private let range: [Float]
  private let logFloor: Float
  /// The value of silence in each bin and channel.
  private let silence: [Float]

  private static let largestBinShift: Float = 2
  private static let largestGain = 6 * Float(log(10.0)) / 20

  /// Creates an augmenter of pictures of `frames` frames that were normalized by `codec`.
  package init(frames: Int, _ codec: PictureCodec) {
    let (bins, clip) = (codec.normalizedBinCount, codec.configuration.clipDeviations)
    (self.frames, self.bins, channels) = (frames, bins, codec.channels.count)
    let mean = codec.channels.map(\.moments.mean).interleaved
    let range = codec.channels.map { $0.moments.deviation.map { $0 * clip } }.interleaved
    let lowest = logf(codec.configuration.logFloor)
    (self.mean, self.range, logFloor) = (mean, range, lowest)
    silence = (0..<bins * codec.channels.count).map {
      max((lowest - mean[$0]) / range[$0], -1)
    }
  }

  /// A draw, in frames, bins and factors.
  private struct Change {
    let frameShift, binShift: Int
    /// The factor of each bin; nil if there is none.
    let gains: [Float]?
    let maskedFrames, maskedBins: Range<Int>
  }

  private func change(_ draw: AugmentationDraw) -> Change {
    let eighth = Float(frames) / 8
    let (gain, tilt) = (draw.position(2), draw.position(3))
    return Change(
      frameShift: Int((draw.position(0) ?? 0) * eighth),
      // Rounded so that −2 … 2 are equally likely.
      binShift: Int(((draw.position(1) ?? 0) * (Self.largestBinShift + 0.5) + 0.5).rounded(.down)),
      gains: gain == nil && tilt == nil
        ? nil
        : (0..<bins).map { bin in
          let place = 2 * Float(bin) / Float(max(bins - 1, 1)) - 1
          return expf(Self.largestGain * ((gain ?? 0) + (tilt ?? 0) * place))
        }, maskedFrames: draw.part(4, of: frames), maskedBins: draw.part(5, of: bins))
  }

  /// Calls `body` with each bin of the result, and the bin of the example that it depends on; nil
  /// for silence. `result` and `source` are indices of `[frames, bins]`; `bin` is the index in the
  /// frame.
  private func forEachBin(
    _ change: Change, _ body: (_ result: Int, _ source: Int?, _ bin: Int) -> Void
  ) {
    for frame in 0..<frames {
      let sourceFrame = frame - change.frameShift
      let isSilent =
        change.maskedFrames.contains(frame) || !(0..<frames).contains(sourceFrame)
      for bin in 0..<bins {
        let sourceBin = bin - change.binShift
        let isGone =
          isSilent || change.maskedBins.contains(bin) || !(0..<bins).contains(sourceBin)
        body(frame * bins + bin, isGone ? nil : sourceFrame * bins + sourceBin, bin)
      }
    }
  }

  /// Calls `body` for each element of the result with the index of its source element, nil for
  /// silence. `bin` is its bin; `moment` and `from` are the indices of the moments of result and
  /// source.
  private func forEach(
    _ change: Change,
    _ body: (_ result: Int, _ source: Int?, _ bin: Int, _ moment: Int, _ from: Int) -> Void
  ) {
    let channels = channels
    forEachBin(change) { result, source, bin in
      for channel in 0..<channels {
        body(
          result * channels + channel, source.map { $0 * channels + channel }, bin,
          bin * channels + channel, (bin - change.binShift) * channels + channel)
      }
    }
  }

  /// Returns the result's value for the value `x`, and its derivative; `source` and `target` are
  /// the indices of their moments.
  private func mapped(
    _ x: Float, from source: Int, to target: Int, _ gain: Float?
  ) -> (value: Float, slope: Float) {
    var logMagnitude = x * range[source] + mean[source]
    var slope = range[source] / range[target]
    // Below the floor there is nothing to amplify. ln(g (m − f) + f) = ln m + ln(g + (1 − g) f / m)
    // does not overflow.
    if let gain, logMagnitude > logFloor {
      let share = gain + (1 - gain) * expf(logFloor - logMagnitude)
      slope *= gain / share
      logMagnitude += logf(share)
    }
    return ((logMagnitude - mean[target]) / range[target], slope)
  }

  package func apply(
    _ draw: AugmentationDraw, to example: TensorView, into result: TensorView
  ) {
    let change = change(draw)
    example.withSpan { example in
      result.withMutableSpan { result in
        forEach(change) { index, source, bin, moment, from in
          guard let source else { return result[index] = silence[moment] }
          let gain = change.gains?[bin]
          result[index] =
            gain == nil && change.binShift == 0
            ? example[source] : mapped(example[source], from: from, to: moment, gain).value
        }
      }
    }
  }

  package func pullBack(
    _ draw: AugmentationDraw, of example: TensorView, cotangent: TensorView,
    into result: TensorView
  ) {
    let change = change(draw)
    result.fill(0)
    example.withSpan { example in
      cotangent.withSpan { cotangent in
        result.withMutableSpan { result in
          forEach(change) { index, source, bin, moment, from in
            guard let source else { return }
            result[source] =
              cotangent[index]
              * mapped(example[source], from: from, to: moment, change.gains?[bin]).slope
          }
        }
      }
    }
  }
}

// MARK: - Waveforms

/// Transformations of waveforms, `[length, channels]`: shifts by up to an eighth, gain of up to 6
/// dB, the opposite polarity, and masks of up to an eighth. What is shifted in or masked is zero.
package struct WaveformAugmenter: Augmenter {
  private let (length, channels): (Int, Int)

  /// Creates an augmenter of waveforms of `length` frames.
  package init(length: Int, channels: Int) { (self.length, self.channels) = (length, channels) }

  private func map(_ draw: AugmentationDraw) -> (shift: Int, factor: Float, masked: Range<Int>) {
    let gain = powf(10, (draw.position(2) ?? 0) * 6 / 20)
    // One of both polarities at random, if the operation is applied.
    let polarity: Float = (draw.position(1) ?? 1) < 0 ? -1 : 1
    return (
      Int((draw.position(0) ?? 0) * Float(length) / 8), gain * polarity,
      draw.part(4, of: length)
    )
  }

  /// Writes the elements of `source` to `result`, shifted by `shift` frames and multiplied by
  /// `factor`; the frames `masked` of the transformation are zero.
  private func copy(
    _ source: TensorView, shift: Int, factor: Float, masked: Range<Int>, isBack: Bool,
    to result: TensorView
  ) {
    result.fill(0)
    source.withSpan { source in
      result.withMutableSpan { result in
        for frame in 0..<length {
          let target = frame + shift
          guard (0..<length).contains(target), !masked.contains(isBack ? frame : target) else {
            continue
          }
          for channel in 0..<channels {
            result[target * channels + channel] = factor * source[frame * channels + channel]
          }
        }
      }
    }
  }

  package func apply(
    _ draw: AugmentationDraw, to example: TensorView, into result: TensorView
  ) {
    let map = map(draw)
    copy(
      example, shift: map.shift, factor: map.factor, masked: map.masked, isBack: false, to: result)
  }

  package func pullBack(
    _ draw: AugmentationDraw, of example: TensorView, cotangent: TensorView,
    into result: TensorView
  ) {
    let map = map(draw)
    copy(
      cotangent, shift: -map.shift, factor: map.factor, masked: map.masked, isBack: true,
      to: result)
  }
}
