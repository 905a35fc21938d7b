internal import RealModule

extension SpectrogramConfiguration.Window {
  /// Returns the `length` values of the window, each rounded once from double precision.
  ///
  /// The window is periodic, not symmetric: the value after the last equals the first, so that Hann
  /// windows at a distance of half their length add up to 1. The largest value, 1, is at
  /// `length / 2`.
  package func values(length: Int) -> [Float] {
    (0..<length).map { Float(value(at: Double($0) / Double(length) - 0.5)) }
  }

  /// Returns the value at `place`, in `-½ ..< ½` of the window's length.
  private func value(at place: Double) -> Double {
    switch self {
    case .hann: 0.5 + 0.5 * .cos(2 * .pi * place)
    case .hamming: 0.54 + 0.46 * .cos(2 * .pi * place)
    case .gaussian: .exp(-0.5 * (6 * place) * (6 * place))
    }
  }

  /// The ratio of γ to the squared length of the window, where `e^(−πn²/γ)` is the Gaussian closest
  /// to the window.
  ///
  /// It relates the gradient of the phase to that of the magnitude; see ``InversionMethod/pghi``.
  /// Source: Průša, Balazs and Søndergaard 2017, for Hann and Hamming; least squares within the
  /// window's support would give 0.2583 and 0.3036. That of the Gaussian window is `2πσ²`.
  package var gaussianRatio: Double {
    switch self {
    case .hann: 0.25645
    case .hamming: 0.29794
    case .gaussian: 2 * .pi / 36
    }
  }
}
