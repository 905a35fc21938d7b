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

  /// γ over the window's squared length, where `e^(−πn²/γ)` is the Gaussian most like the window.
  ///
  /// What ties the phase's gradient to the magnitude's, see ``InversionMethod/pghi``. Source: Průša, Balazs
  /// and Søndergaard 2017, for Hann; least squares would give 0.2583.
  var gaussianRatio: Double {
    switch self {
    case .hann: 0.25645
    }
  }
}
