extension MutableSpan {
  /// Makes the first elements those of `source` and the others `filler`.
  mutating func replacePrefix(with source: Span<Element>, fillingWith filler: Element) {
    precondition(source.count <= count, "\(source.count) elements do not fit into \(count)")
    for index in 0..<source.count { unsafe self[unchecked: index] = source[unchecked: index] }
    for index in source.count..<count { unsafe self[unchecked: index] = filler }
  }

  /// Makes all the elements the first `count` of `source`.
  mutating func replaceAll(with source: Span<Element>, count wanted: Int) {
    precondition(
      wanted == count && wanted <= source.count,
      "\(wanted) of \(source.count) elements do not fill \(count)")
    for index in 0..<count { unsafe self[unchecked: index] = source[unchecked: index] }
  }
}
