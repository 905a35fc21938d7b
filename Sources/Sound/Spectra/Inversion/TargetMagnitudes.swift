internal import ComplexModule
internal import CSpecGANKernels
internal import RealModule
internal import SpecGANErrors

/// The projection onto coefficients with the target magnitudes, `P_A(c) = S · c / |c|`, and the
/// steps of the algorithms that use it.
///
/// Frames added before the first one of the spectrogram have no target magnitude and keep their
/// own, at most that of the first frame. Without this bound, momentum raises the first samples,
/// which are only under the edges of windows, to eight times the peak of the audio. With a bound on
/// magnitudes, `P_A` is still a projection.
struct TargetMagnitudes {
  /// The target magnitudes or, before `firstKnown`, the bounds; `[frames, bins]`.
  let values: [Float]
  /// The index of the first coefficient with a target magnitude.
  let firstKnown: Int

  /// Creates the magnitudes of a grid with `addedFrames` before those of the spectrogram.
  init(_ spectrogram: MagnitudeSpectrogram, addedFrames: Int) {
    firstKnown = addedFrames * spectrogram.binCount
    guard addedFrames > 0 else {
      values = spectrogram.values
      return
    }
    let bounds = repeatElement(spectrogram.values.prefix(spectrogram.binCount), count: addedFrames)
    values = bounds.flatMap(\.self) + spectrogram.values
  }

  /// Performs a Griffin-Lim step on the coefficients from `first` on:
  /// `P_A(t + momentum · (t − previous))` of `t = consistent`, which becomes `previous`.
  func takeGriffinLimStep(
    _ consistent: Span<Complex<Float>>, from first: Int, momentum: Float,
    _ previous: inout MutableSpan<Complex<Float>>,
    _ coefficients: inout MutableSpan<Complex<Float>>
  ) {
    let range = checked(first..<first + consistent.count, of: coefficients.count)
    unsafe previous.withNumbers(from: first) { previous in
      unsafe coefficients.withNumbers(from: first) { numbers in
        unsafe consistent.withNumbers { consistent in
          unsafe withParts(of: range) { offset, count, magnitudes, isBounded in
            unsafe specgan_griffin_lim(
              consistent + offset, magnitudes, momentum, count, isBounded, previous + offset,
              numbers + offset)
          }
        }
      }
    }
  }

  /// Performs an ADMM step on the coefficients from `first` on, which hold its only state
  /// `Y = X + U`: `P_A(2Z − Y) + Y − Z` of `Z = (ρY + consistent) / (1 + ρ)`.
  func takeADMMStep(
    _ consistent: Span<Complex<Float>>, from first: Int, penalty: Float,
    _ coefficients: inout MutableSpan<Complex<Float>>
  ) {
    let range = checked(first..<first + consistent.count, of: coefficients.count)
    unsafe coefficients.withNumbers(from: first) { sums in
      unsafe consistent.withNumbers { consistent in
        unsafe withParts(of: range) { offset, count, magnitudes, isBounded in
          unsafe specgan_alternating_directions(
            consistent + offset, magnitudes, 1 / (1 + penalty), count, isBounded, sums + offset)
        }
      }
    }
  }

  /// Performs the last ADMM step: `P_A(Z)` in place of the next `Y`.
  func takeLastADMMStep(
    _ consistent: Span<Complex<Float>>, from first: Int, penalty: Float,
    _ coefficients: inout MutableSpan<Complex<Float>>
  ) {
    let range = checked(first..<first + consistent.count, of: coefficients.count)
    unsafe coefficients.withNumbers(from: first) { numbers in
      unsafe consistent.withNumbers { consistent in
        unsafe specgan_interpolate(
          UnsafeMutableRawPointer(numbers).assumingMemoryBound(to: Float.self),
          UnsafeRawPointer(consistent).assumingMemoryBound(to: Float.self),
          1 / (1 + penalty), 2 * range.count)
      }
      unsafe withParts(of: range) { offset, count, magnitudes, isBounded in
        unsafe specgan_impose(numbers + offset, magnitudes, count, isBounded)
      }
    }
  }

  /// Sets `coefficients` to the magnitudes with the phases `turns`, `[known frames, bins]`, and to
  /// zero in frames without a magnitude.
  func setPhases(_ turns: [Float], _ coefficients: inout [Complex<Float>]) {
    require(
      coefficients.count == values.count && turns.count == values.count - firstKnown,
      "\(turns.count) phases do not fit \(values.count) magnitudes, \(firstKnown) of them unknown")
    var coefficients = coefficients.mutableSpan
    coefficients.fill(0..<firstKnown, with: 0)
    let known = values.span.extracting(droppingFirst: firstKnown)
    unsafe coefficients.withNumbers(from: firstKnown) { numbers in
      unsafe known.withAddress { known in
        unsafe turns.span.withAddress { unsafe specgan_polar(known, $0, turns.count, numbers) }
      }
    }
  }

  private func checked(_ range: Range<Int>, of count: Int) -> Range<Int> {
    require(
      count == values.count && range.lowerBound >= 0 && range.upperBound <= count,
      "\(range) of \(count) coefficients are not among \(values.count)")
    return range
  }

  /// Calls `body` for the parts of `range` without and with a known magnitude.
  private func withParts(
    of range: Range<Int>,
    _ body: (_ offset: Int, _ count: Int, _ magnitudes: UnsafePointer<Float>, _ isBounded: Bool) ->
      Void
  ) {
    unsafe values.span.withAddress { magnitudes in
      for (part, isBounded) in [
        (range.clamped(to: 0..<firstKnown), true),
        (range.clamped(to: firstKnown..<values.count), false),
      ] where !part.isEmpty {
        unsafe body(
          part.lowerBound - range.lowerBound, part.count, magnitudes + part.lowerBound, isBounded)
      }
    }
  }
}
