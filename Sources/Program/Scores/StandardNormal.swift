/// The standard normal distribution.
package enum StandardNormal {
  /// The magnitude that is exceeded with a probability of 0.05.
  package static let twentieth = 1.959963984540054
}
