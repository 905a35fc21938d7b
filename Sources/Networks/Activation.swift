internal import Foundation

/// A function of one number that a layer applies to each of its outputs.
///
/// Each gives its derivative from its own result, so nothing else has to be remembered.
public protocol Activation: Sendable {
  /// `values[r, c] = φ(values[r, c] + bias[c])`, for as many rows as there are.
  static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>)
  /// `numbers[i] *= φ′`, with `φ′` taken where the result was `results[i]`.
  static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
}

/// An activation whose derivative is constant between its kinks.
public protocol PiecewiseLinearActivation: Activation {}

/// `φ(x) = x`.
public enum Identity: PiecewiseLinearActivation {
  /// `values += bias`.
  public static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>) {
    elementwise(&values, bias) { $0 }
  }

  /// Leaves `numbers` alone.
  public static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
  {}
}

/// `φ(x) = max(x, 0)`, the generator's.
public enum ReLU: PiecewiseLinearActivation {
  /// `values = φ(values + bias)`.
  public static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>) {
    // Written so that what is no number stays none, and is noticed.
    elementwise(&values, bias) { $0 < 0 ? 0 : $0 }
  }

  /// Drops the `numbers` whose result was zero.
  public static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
  {
    scale(&numbers, results) { $0 > 0 ? 1 : 0 }
  }
}

/// `φ(x) = max(x, 0.2 x)`, the critic's.
public enum LeakyReLU: PiecewiseLinearActivation {
  /// `values = φ(values + bias)`.
  public static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>) {
    elementwise(&values, bias) { $0 > 0 ? $0 : 0.2 * $0 }
  }

  /// Multiplies by 0.2 where the result was negative.
  public static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
  {
    scale(&numbers, results) { $0 > 0 ? 1 : 0.2 }
  }
}

/// `φ(x) = tanh x`, the generator's last; its derivative is `1 − φ(x)²`.
public enum HyperbolicTangent: Activation {
  /// `values = tanh(values + bias)`.
  public static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>) {
    elementwise(&values, bias) { tanh($0) }
  }

  /// Multiplies by `1 − result²`.
  public static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
  {
    scale(&numbers, results) { 1 - $0 * $0 }
  }
}

/// `values[r, c] = function(values[r, c] + bias[c])`; raw pointers, so that the loop becomes vectors.
@inline(__always)
private func elementwise(
  _ values: inout MutableSpan<Float>, _ bias: Span<Float>, _ function: (Float) -> Float
) {
  let channels = bias.count
  precondition(
    values.count % channels == 0, "\(values.count) values are not rows of \(channels) channels")
  unsafe values.withUnsafeMutableBufferPointer { values in
    unsafe bias.withUnsafeBufferPointer { bias in
      guard let first = values.baseAddress, let bias = bias.baseAddress else { return }
      for row in 0..<values.count / channels {
        let row = unsafe first + row * channels
        for channel in 0..<channels {
          unsafe row[channel] = function(row[channel] + bias[channel])
        }
      }
    }
  }
}

/// `numbers[i] *= slope(results[i])`.
@inline(__always)
private func scale(
  _ numbers: inout MutableSpan<Float>, _ results: Span<Float>, _ slope: (Float) -> Float
) {
  precondition(numbers.count == results.count, "\(numbers.count) numbers, \(results.count) results")
  unsafe numbers.withUnsafeMutableBufferPointer { numbers in
    unsafe results.withUnsafeBufferPointer { results in
      guard let number = numbers.baseAddress, let result = results.baseAddress else { return }
      for index in 0..<numbers.count { unsafe number[index] *= slope(result[index]) }
    }
  }
}
