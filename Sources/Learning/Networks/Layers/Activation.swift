internal import CSpecGANKernels
internal import SpecGANConvolutions
internal import SpecGANErrors
internal import SpecGANTensors

/// A function of one number that a layer applies to each of its outputs.
///
/// Each gives its derivative from its own result, so nothing else has to be remembered.
public protocol Activation: Sendable {
  /// `values[r, c] = φ(values[r, c] + bias[c])`, for as many rows as there are.
  static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>)
  /// `numbers[i] *= φ′`, with `φ′` taken where the result was `results[i]`.
  static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
}

extension Activation {
  /// Multiplies `examples` of `numbers` by `φ′`, taken where the results were those of `y`.
  static func multiply(_ numbers: TensorView, bySlopesAt y: TensorView, _ examples: Range<Int>) {
    numbers.examples(examples).withMutableSpan { numbers in
      y.examples(examples).withSpan { multiply(&numbers, bySlopesAt: $0) }
    }
  }
}

/// An activation whose derivative is constant between its kinks.
public protocol PiecewiseLinearActivation: Activation {}

/// `φ(x) = x`.
public enum Identity: PiecewiseLinearActivation {
  /// `values += bias`.
  public static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>) {
    unsafe withRows(of: &values, bias) { unsafe specgan_add_bias($0, $1, $2, $3) }
  }

  /// Leaves `numbers` alone.
  public static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
  {}
}

/// `φ(x) = max(x, 0)`, the generator's.
public enum ReLU: PiecewiseLinearActivation {
  /// `values = φ(values + bias)`.
  public static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>) {
    unsafe withRows(of: &values, bias) { unsafe specgan_relu($0, $1, $2, $3) }
  }

  /// Drops the `numbers` whose result was zero.
  public static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
  {
    unsafe withPairs(&numbers, results) {
      unsafe specgan_multiply_by_leaky_relu_slopes($0, $1, $2, 0)
    }
  }
}

/// `φ(x) = max(x, 0.2 x)`, the critic's.
public enum LeakyReLU: PiecewiseLinearActivation {
  private static let slope: Float = 0.2

  /// `values = φ(values + bias)`.
  public static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>) {
    unsafe withRows(of: &values, bias) { unsafe specgan_leaky_relu($0, $1, $2, $3, slope) }
  }

  /// Multiplies by 0.2 where the result was not above zero.
  public static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
  {
    unsafe withPairs(&numbers, results) {
      unsafe specgan_multiply_by_leaky_relu_slopes($0, $1, $2, slope)
    }
  }
}

/// `φ(x) = tanh x`, the generator's last; its derivative is `1 − φ(x)²`.
public enum HyperbolicTangent: Activation {
  /// `values = tanh(values + bias)`.
  public static func apply(to values: inout MutableSpan<Float>, bias: Span<Float>) {
    unsafe withRows(of: &values, bias) { unsafe specgan_tanh($0, $1, $2, $3) }
  }

  /// Multiplies by `1 − result²`.
  public static func multiply(_ numbers: inout MutableSpan<Float>, bySlopesAt results: Span<Float>)
  {
    unsafe withPairs(&numbers, results) { unsafe specgan_multiply_by_tanh_slopes($0, $1, $2) }
  }
}

private typealias Numbers = UnsafeMutablePointer<Float>

/// Calls `body` with `values` as rows of as many columns as there are biases.
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

/// Calls `body` with `numbers` and as many `results`.
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
