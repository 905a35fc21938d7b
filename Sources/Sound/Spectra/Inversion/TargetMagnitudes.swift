internal import ComplexModule
internal import CSpecGANKernels
internal import RealModule
internal import SpecGANErrors

/// The projection of coefficients onto those with the wanted magnitudes, `P_A(c) = S · c / |c|`,
/// and the steps of the algorithms around it.
///
/// Frames put before the spectrogram's first have no wanted magnitude and keep their own, but are
/// never louder than that first frame. Without that bound momentum drives the first samples, which
/// hardly any window sees, to eight times the sound's peak; a bound on magnitudes leaves `P_A` a
/// projection.
struct TargetMagnitudes {
  /// What is wanted or, before `firstKnown`, the bound; `[frames, bins]`.
  let values: [Float]
  /// The first coefficient whose magnitude is known.
  let firstKnown: Int

  /// The magnitudes of a grid whose first `addedFrames` are not the spectrogram's.
  init(_ spectrogram: MagnitudeSpectrogram, addedFrames: Int) {
    firstKnown = addedFrames * spectrogram.binCount
    guard addedFrames > 0 else {
      values = spectrogram.values
      return
    }
    let bounds = repeatElement(spectrogram.values.prefix(spectrogram.binCount), count: addedFrames)
    values = bounds.flatMap(\.self) + spectrogram.values
  }

  /// Griffin and Lim's step on the coefficients from `first` on:
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

  /// ADMM's step on the coefficients from `first` on, which hold its one state `Y = X + U`:
  /// `P_A(2Z − Y) + Y − Z` of `Z = (ρY + consistent) / (1 + ρ)`.
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

  /// ADMM's last step: `P_A(Z)` in place of the next `Y`.
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

  /// Makes `coefficients` the magnitudes with the phases `turns`, `[known frames, bins]`; frames
  /// without a magnitude are silent.
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
