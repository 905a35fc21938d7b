public import Testing

/// Compares `actual` with `expected` element by element, and reports the worst one.
///
/// A float32 sum of `terms` products is off by about `√terms` roundings of half a unit in the last
/// place, 2⁻²⁴, relative to the largest partial sum, for which the largest expected element (or
/// `scale`) is used. Four times that is not exceeded by chance; a wrong index differs by orders of
/// magnitude more.
public func expectClose(
  _ actual: [Float], _ expected: [Float], terms: Int, scale: Float = 0, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let largest = max(expected.reduce(0) { max($0, abs($1)) }, scale)
  let tolerance = 4 * (Float(terms).squareRoot() + 2) * 0x1p-24 * largest
  expectWithin(tolerance, actual, expected, what, sourceLocation: sourceLocation)
}

/// Compares `actual` with `expected` element by element to `tolerance`, and reports the worst one.
public func expectWithin(
  _ tolerance: Float, _ actual: [Float], _ expected: [Float], _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record(
      "\(what): \(actual.count) elements, expected \(expected.count)",
      sourceLocation: sourceLocation)
    return
  }
  let errors = zip(actual, expected).map { $0.isFinite ? abs($0 - $1) : .infinity }
  guard let worst = errors.indices.max(by: { errors[$0] < errors[$1] }) else { return }
  #expect(
    errors[worst] <= tolerance,
    "\(what): element \(worst) is \(actual[worst]), expected \(expected[worst])",
    sourceLocation: sourceLocation)
}
