/// The normal distribution of zero mean and a deviation of one.
package enum StandardNormal {
  /// What its size exceeds once in twenty times.
  package static let twentieth = 1.959963984540054
}
