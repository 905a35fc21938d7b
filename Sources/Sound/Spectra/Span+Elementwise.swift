// Loops that need no C kernels. Bounds are checked once per loop, not once per element: only then
// does the compiler use vector instructions.
internal import SpecGANErrors

extension MutableSpan {
  /// Fills the elements in `range` with `filler`.
  mutating func fill(_ range: Range<Int>, with filler: Element) {
    require(range.upperBound <= count && range.lowerBound >= 0, "\(range) is beyond \(count)")
    for index in range { unsafe self[unchecked: index] = filler }
  }

  /// Replaces the first elements by those of `source`, and fills the others with `filler`.
  mutating func replacePrefix(with source: Span<Element>, fillingWith filler: Element) {
    require(source.count <= count, "\(source.count) elements do not fit into \(count)")
    for index in 0..<source.count { unsafe self[unchecked: index] = source[unchecked: index] }
    fill(source.count..<count, with: filler)
  }

  /// Replaces all elements by the first ones of `source`.
  mutating func replaceAll(with source: Span<Element>) {
    require(count <= source.count, "\(source.count) elements do not fill \(count)")
    for index in 0..<count { unsafe self[unchecked: index] = source[unchecked: index] }
  }
}

extension MutableSpan<Float> {
  /// Multiplies each element by the corresponding one of `factors`.
  mutating func scale(by factors: Span<Float>) {
    require(factors.count == count, "\(factors.count) factors for \(count) elements")
    for index in 0..<count { unsafe self[unchecked: index] *= factors[unchecked: index] }
  }
}
