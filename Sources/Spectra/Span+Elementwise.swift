// The loops that the time goes into. Bounds are checked once a loop, not once an element: only then
// does the compiler use vector instructions.

extension MutableSpan {
  /// Makes the elements in `range` equal to `filler`.
  mutating func fill(_ range: Range<Int>, with filler: Element) {
    precondition(range.upperBound <= count && range.lowerBound >= 0, "\(range) is beyond \(count)")
    for index in range { unsafe self[unchecked: index] = filler }
  }

  /// Makes the first elements those of `source` and the others `filler`.
  mutating func replacePrefix(with source: Span<Element>, fillingWith filler: Element) {
    precondition(source.count <= count, "\(source.count) elements do not fit into \(count)")
    for index in 0..<source.count { unsafe self[unchecked: index] = source[unchecked: index] }
    fill(source.count..<count, with: filler)
  }

  /// Makes all the elements the first of `source`.
  mutating func replaceAll(with source: Span<Element>) {
    precondition(count <= source.count, "\(source.count) elements do not fill \(count)")
    for index in 0..<count { unsafe self[unchecked: index] = source[unchecked: index] }
  }
}

extension MutableSpan<Float> {
  /// Makes the elements from `start` on the products of `source` and `window`.
  mutating func replace(from start: Int, with source: Span<Float>, times window: Span<Float>) {
    checkProducts(start, source.count, window.count)
    for index in 0..<source.count {
      unsafe self[unchecked: start + index] = source[unchecked: index] * window[unchecked: index]
    }
  }

  /// Adds the products of `source` and `window` to the elements from `start` on.
  mutating func add(from start: Int, _ source: Span<Float>, times window: Span<Float>) {
    checkProducts(start, source.count, window.count)
    for index in 0..<source.count {
      unsafe self[unchecked: start + index] += source[unchecked: index] * window[unchecked: index]
    }
  }

  /// Multiplies each element by that of `factors`.
  mutating func scale(by factors: Span<Float>) {
    precondition(factors.count == count, "\(factors.count) factors for \(count) elements")
    for index in 0..<count { unsafe self[unchecked: index] *= factors[unchecked: index] }
  }

  private func checkProducts(_ start: Int, _ sources: Int, _ factors: Int) {
    precondition(
      sources == factors && start >= 0 && start + sources <= count,
      "\(sources) elements times \(factors) do not fit into \(count) from \(start) on")
  }
}
