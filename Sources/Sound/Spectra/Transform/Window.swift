internal import RealModule

extension SpectrogramConfiguration.Window {
  /// The window's `length` values, each rounded once from double precision.
  ///
  /// Periodic, not symmetric: the value after the last would be the first again, so that Hann
  /// windows half their length apart add up to one. The largest value, 1, is at `length / 2`.
  package func values(length: Int) -> [Float] {
    (0..<length).map { Float(value(at: Double($0) / Double(length) - 0.5)) }
  }

  /// The value at a `place` in `-½ ..< ½` of the window's length.
  private func value(at place: Double) -> Double {
    switch self {
    case .hann: 0.5 + 0.5 * .cos(2 * .pi * place)
    case .hamming: 0.54 + 0.46 * .cos(2 * .pi * place)
    case .gaussian: .exp(-0.5 * (6 * place) * (6 * place))
    }
  }

  /// γ over the window's squared length, where `e^(−πn²/γ)` is the Gaussian most like the window.
  ///
  /// What ties the phase's gradient to the magnitude's, see ``InversionMethod/pghi``. Source:
  /// Průša, Balazs and Søndergaard 2017, for Hann and Hamming; least squares within the window's
  /// support would give 0.2583 and 0.3036. The Gaussian's own is `2πσ²`.
  package var gaussianRatio: Double {
    switch self {
    case .hann: 0.25645
    case .hamming: 0.29794
    case .gaussian: 2 * .pi / 36
    }
  }
}
