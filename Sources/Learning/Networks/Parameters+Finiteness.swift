internal import SpecGANTensors

extension Parameters {
  /// The name of the first that holds a number that is not finite.
  package var firstNotFinite: String? {
    slices.first { $0.slice.withSpan { !$0.isFinite } }?.name
  }
}
