public import SpecGANErrors

/// The settings of inversion: the `inversion` section of a configuration.
public struct InversionConfiguration: Equatable, Sendable {
  /// The algorithm.
  public var method = InversionMethod.best
  /// The number of iterations, each one inverse and one transform, 0 to 100000; nil for the default
  /// of the method.
  public var iterations: Int?

  /// The allowed values of ``iterations``; a method may allow fewer.
  package static let iterationCounts = 0...100_000

  /// Creates a configuration.
  public init(method: InversionMethod = .best, iterations: Int? = nil) {
    (self.method, self.iterations) = (method, iterations)
  }

  /// The number of iterations: ``iterations``, or that of the method.
  public var projections: Int { iterations ?? method.defaultIterations }

  /// Checks the number of iterations.
  ///
  /// - Throws: ``SpecGANError`` of kind `badSetting` if it is out of range, or above 0 for
  ///   ``InversionMethod/pghi``, which has no iterations.
  public func check() throws(SpecGANError) {
    guard !method.iterationCounts.contains(projections) else { return }
    throw method == .pghi
      ? .noIterations(found: projections) : .iterations(found: projections)
  }
}
