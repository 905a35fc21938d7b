/// What blew up, found before it reached the weights.
package enum Divergence: Error, Equatable, Sendable, CustomStringConvertible {
  /// A quantity is no finite number.
  case notFinite(String)
  /// A quantity is beyond the limit that is set.
  case tooLarge(String, Float, limit: Float)

  /// The quantity, such as `the critic's loss`.
  package var quantity: String {
    switch self {
    case .notFinite(let quantity), .tooLarge(let quantity, _, _): quantity
    }
  }

  /// The value beyond the limit; nil if it is not finite.
  package var value: Float? {
    if case .tooLarge(_, let value, _) = self { value } else { nil }
  }

  /// A part of a sentence: which quantity, and what became of it.
  package var description: String {
    switch self {
    case .notFinite(let quantity): "\(quantity) is not a finite number"
    case .tooLarge(let quantity, let value, let limit):
      "\(quantity) is \(value), beyond recovery.largest_loss (=\(limit))"
    }
  }

  /// Checks that `value` is a number of at most `limit`, whatever its sign.
  static func check(_ quantity: String, _ value: Float, limit: Float) throws(Divergence) {
    guard value.isFinite else { throw .notFinite(quantity) }
    guard abs(value) <= limit else { throw .tooLarge(quantity, value, limit: limit) }
  }
}
