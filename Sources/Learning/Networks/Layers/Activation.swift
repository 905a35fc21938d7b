internal import CSpecGANKernels
internal import SpecGANConvolutions
internal import SpecGANErrors
internal import SpecGANTensors

/// A scalar function that a layer applies to each of its outputs.
///
/// The derivative is computed from the result, so that a layer stores nothing else.
public protocol Activation: Sendable {
  /// Computes `values[r, c] = φ(values[r, c] + bias[c])` for all rows `r` and channels `c`.
  static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>)
  /// Multiplies `numbers[i]` by the derivative `φ′` at the input whose result was `results[i]`.
  static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
}

extension Activation {
  /// Multiplies `examples` of `numbers` by `φ′` at the inputs whose results are in `y`.
  static func multiply(_ numbers: TensorView, bySlopesAt y: TensorView, _ examples: Range<Int>) {
    numbers.examples(examples).withMutableSpan { numbers in
      y.examples(examples).withSpan { multiply(&numbers, bySlopesAt: $0) }
    }
  }
}

/// An activation whose derivative is constant between its kinks.
public protocol PiecewiseLinearActivation: Activation {}

/// The identity `φ(x) = x`.
public enum Identity: PiecewiseLinearActivation {
  /// Adds `bias` to `values`.
  public static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>) {
    unsafe withRows(of: &values, bias) { unsafe specgan_add_bias($0, $1, $2, $3) }
  }

  /// Does nothing, because the derivative is 1.
  public static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
  {}
}

/// The rectified linear unit `φ(x) = max(x, 0)`, the generator's activation.
public enum ReLU: PiecewiseLinearActivation {
  /// Computes `values = φ(values + bias)`.
  public static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>) {
    unsafe withRows(of: &values, bias) { unsafe specgan_relu($0, $1, $2, $3) }
  }

  /// Replaces each of `numbers` by zero if its result is zero.
  public static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
  {
    unsafe withPairs(&numbers, results) {
      unsafe specgan_multiply_by_leaky_relu_slopes($0, $1, $2, 0)
    }
  }
}

/// The leaky rectified linear unit `φ(x) = max(x, 0.2 x)`, the critic's activation.
public enum LeakyReLU: PiecewiseLinearActivation {
  /// The derivative below zero.
  package static let slope: Float = 0.2

  /// Computes `values = φ(values + bias)`.
  public static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>) {
    unsafe withRows(of: &values, bias) { unsafe specgan_leaky_relu($0, $1, $2, $3, slope) }
  }

  /// Multiplies each of `numbers` by 0.2 if its result is not above zero.
  public static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
  {
    unsafe withPairs(&numbers, results) {
      unsafe specgan_multiply_by_leaky_relu_slopes($0, $1, $2, slope)
    }
  }
}

/// The hyperbolic tangent `φ(x) = tanh x`, the activation of the generator's last layer.
///
/// Its derivative is `1 − φ(x)²`.
public enum HyperbolicTangent: Activation {
  /// Computes `values = tanh(values + bias)`.
  public static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>) {
    unsafe withRows(of: &values, bias) { unsafe specgan_tanh($0, $1, $2, $3) }
  }

  /// Multiplies `numbers` by `1 − results²`.
  public static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
  {
    unsafe withPairs(&numbers, results) { unsafe specgan_multiply_by_tanh_slopes($0, $1, $2) }
  }
}

private typealias Numbers = UnsafeMutablePointer<Float>

/// Calls `body` with `values` as rows of one value per bias.
private func withRows(
  of values: inout MutableSpan<Float>, _ bias: Span<Float>,
  _ body: (Numbers, _ rows: Int, _ bias: UnsafePointer<Float>, _ columns: Int) -> Void
) {
  let columns = bias.count
  require(
    values.count % columns == 0, "\(values.count) values are not rows of \(columns) channels")
  unsafe values.withUnsafeMutableBufferPointer { values in
    unsafe bias.withUnsafeBufferPointer { bias in
      guard let first = values.baseAddress, let bias = bias.baseAddress else { return }
      unsafe body(first, values.count / columns, bias, columns)
    }
  }
}

/// Calls `body` with `numbers` and the same number of `results`.
private func withPairs(
  _ numbers: inout MutableSpan<Float>, _ results: Span<Float>,
  _ body: (Numbers, _ results: UnsafePointer<Float>, _ count: Int) -> Void
) {
  require(numbers.count == results.count, "\(numbers.count) numbers, \(results.count) results")
  unsafe numbers.withUnsafeMutableBufferPointer { numbers in
    unsafe results.withUnsafeBufferPointer { results in
      guard let first = numbers.baseAddress, let result = results.baseAddress else { return }
      unsafe body(first, result, numbers.count)
    }
  }
}
