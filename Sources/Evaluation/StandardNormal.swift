/// The normal distribution of zero mean and a deviation of one.
enum StandardNormal {
  /// What its size exceeds once in twenty times.
  static let twentieth = 1.959963984540054
}
