// Keys, "Cubic Convolution Interpolation for Digital Image Processing", IEEE Transactions on
// Acoustics, Speech, and Signal Processing, 1981, eq. 4, with TensorFlow 1's rule of where a place
// lies.
internal import SpecGANErrors

/// How one axis is made a whole number of times as long.
///
/// Place `i` lies at `i/factor` of the source, without half-pixel centres, and what lies beside the
/// source is its edge: `tf.compat.v1.image.resize` with `align_corners=False`.
struct ResizedAxis: Equatable, Sendable {
  /// Places of the source.
  let length: Int
  /// Places of the target for one of the source.
  let factor: Int
  /// Places of the source that one of the target is a sum of.
  let taps: Int
  /// Their indices, `[length · factor, taps]`.
  private(set) var places: [Int] = []
  /// What each is multiplied by, `[length · factor, taps]`.
  private(set) var weights: [Float] = []

  init(length: Int, factor: Int, _ interpolation: Upsampling.Interpolation) {
    require(
      length > 0 && factor > 0, "length (=\(length)) and factor (=\(factor)) must be positive")
    self.length = length
    self.factor = factor
    let first = interpolation == .cubic && factor > 1 ? -1 : 0
    let shares = (0..<factor).map { phase in
      factor == 1
        ? [1] : Self.weights(at: Float(phase) / Float(factor), interpolation)
    }
    taps = shares[0].count
    for target in 0..<length * factor {
      let (source, phase) = target.quotientAndRemainder(dividingBy: factor)
      places += (0..<taps).map { min(max(source + first + $0, 0), length - 1) }
      weights += shares[phase]
    }
  }

  /// Places of the target.
  var outputLength: Int { length * factor }

  /// What the neighbours of a place `t` behind one of the source are multiplied by, in their order.
  private static func weights(at t: Float, _ interpolation: Upsampling.Interpolation) -> [Float] {
    switch interpolation {
    case .nearest: [1]
    case .linear: [1 - t, t]
    case .cubic: [far(1 + t), near(t), near(1 - t), far(2 - t)]
    }
  }

  /// Keys' `a`; TensorFlow's is −0.75 where others have −0.5.
  private static let a: Float = -0.75

  /// Keys' kernel at distances up to 1.
  private static func near(_ s: Float) -> Float { ((a + 2) * s - (a + 3)) * s * s + 1 }

  /// Keys' kernel at distances from 1 to 2.
  private static func far(_ s: Float) -> Float { ((a * s - 5 * a) * s + 8 * a) * s - 4 * a }
}
