extension ContinuousClock.Instant {
  /// Seconds from this instant to now.
  var secondsPassed: Double { (ContinuousClock.now - self) / .seconds(1) }
}
