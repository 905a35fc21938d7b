extension ContinuousClock.Instant {
  /// Seconds from this instant to now.
  package var secondsPassed: Double { (ContinuousClock.now - self) / .seconds(1) }
}
