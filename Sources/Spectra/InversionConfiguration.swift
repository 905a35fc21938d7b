/// How spectrograms become waveforms: the `inversion` section of a configuration.
public struct InversionConfiguration: Equatable, Sendable {
  /// The algorithm.
  public var method = InversionMethod.best
  /// How many projections it makes, each one inverse and one transform; nil for as many as suit the
  /// method.
  public var iterations: Int?

  /// What ``iterations`` may be.
  public static let iterationCounts = 0...100_000

  /// The project's choices.
  public init() {}

  /// How many projections are made: ``iterations``, or the method's own count.
  public var projections: Int { iterations ?? method.defaultIterations }

  /// Refuses counts that cannot be.
  ///
  /// - Throws: ``SpectraError/iterations(found:)``, or ``SpectraError/noIterations(found:)`` where the
  ///   method makes none.
  public func check() throws(SpectraError) {
    guard Self.iterationCounts.contains(projections) else {
      throw .iterations(found: projections)
    }
    guard method != .pghi || projections == 0 else { throw .noIterations(found: projections) }
  }
}
