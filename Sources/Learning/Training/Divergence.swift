/// A loss or gradient that diverged, found before the weights were updated with it.
package enum Divergence: Error, Equatable, Sendable, CustomStringConvertible {
  /// A quantity is NaN or infinite.
  case notFinite(String)
  /// The magnitude of a quantity exceeds the limit.
  case tooLarge(String, Float, limit: Float)

  /// The quantity, such as `the critic's loss`.
  package var quantity: String {
    switch self {
    case .notFinite(let quantity), .tooLarge(let quantity, _, _): quantity
    }
  }

  /// The value that exceeds the limit; nil if it is not finite.
  package var value: Float? {
    if case .tooLarge(_, let value, _) = self { value } else { nil }
  }

  /// A clause with the quantity and its value.
  package var description: String {
    switch self {
    case .notFinite(let quantity): "\(quantity) is not a finite number"
    case .tooLarge(let quantity, let value, let limit):
      "\(quantity) is \(value), beyond recovery.largest_loss (=\(limit))"
    }
  }

  /// Checks that the magnitude of `value` is finite and at most `limit`.
  ///
  /// - Throws: ``Divergence`` if it is not.
  static func check(_ quantity: String, _ value: Float, limit: Float) throws(Divergence) {
    guard value.isFinite else { throw .notFinite(quantity) }
    guard abs(value) <= limit else { throw .tooLarge(quantity, value, limit: limit) }
  }
}
