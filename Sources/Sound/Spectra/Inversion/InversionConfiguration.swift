public import SpecGANErrors

/// How spectrograms become waveforms: the `inversion` section of a configuration.
public struct InversionConfiguration: Equatable, Sendable {
  /// The algorithm.
  public var method = InversionMethod.best
  /// How many projections it makes, each one inverse and one transform, of
  /// ``InversionMethod/iterationCounts``; nil for as many as suit the method.
  public var iterations: Int?

  /// What ``iterations`` may be, whatever the method.
  package static let iterationCounts = 0...100_000

  /// A configuration; without `iterations` the number suits the method.
  public init(method: InversionMethod = .best, iterations: Int? = nil) {
    (self.method, self.iterations) = (method, iterations)
  }

  /// How many projections are made: ``iterations``, or the method's own count.
  public var projections: Int { iterations ?? method.defaultIterations }

  /// Refuses counts that cannot be.
  ///
  /// - Throws: ``SpecGANError``, or ``SpecGANError`` where
  ///   the method makes none.
  public func check() throws(SpecGANError) {
    guard !method.iterationCounts.contains(projections) else { return }
    throw method == .pghi
      ? .noIterations(found: projections) : .iterations(found: projections)
  }
}
