extension Span<Float> {
  /// Whether all are finite numbers.
  package var isFinite: Bool {
    for index in indices where !self[index].isFinite { return false }
    return true
  }
}
