internal import RealModule

extension SpectrogramConfiguration.Window {
  /// The window's `length` values, each rounded once from double precision.
  ///
  /// Periodic, not symmetric: the first value is 0 and the one after the last would be 0 again, so
  /// that windows half their length apart add up to one.
  public func values(length: Int) -> [Float] {
    switch self {
    case .hann:
      (0..<length).map { Float(0.5 - 0.5 * .cos(2 * .pi * Double($0) / Double(length))) }
    }
  }
}
