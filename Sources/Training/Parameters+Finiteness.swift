internal import Networks
internal import Tensors

extension Parameters {
  /// The name of the first that holds a number that is not finite.
  var firstNotFinite: String? {
    slices.first { $0.slice.withSpan { !isFinite($0) } }?.name
  }
}

/// Whether all `values` are finite numbers.
func isFinite(_ values: Span<Float>) -> Bool {
  for index in values.indices where !values[index].isFinite { return false }
  return true
}
