// Keys, "Cubic Convolution Interpolation for Digital Image Processing", IEEE Transactions on
// Acoustics, Speech, and Signal Processing, 1981, eq. 4, with the positions of TensorFlow 1.
internal import SpecGANErrors

/// The interpolation along one axis that is enlarged by a whole factor.
///
/// Target position `i` is at source position `i/factor`, without half-pixel centers, and positions
/// outside the source have the value of its edge: `tf.compat.v1.image.resize` with
/// `align_corners=False`.
struct ResizedAxis: Equatable, Sendable {
  /// The number of source positions.
  let length: Int
  /// The number of target positions per source position.
  let factor: Int
  /// The number of source positions in the weighted sum of a target position.
  let taps: Int
  /// The source positions in each sum, `[length · factor, taps]`.
  private(set) var places: [Int] = []
  /// Their weights, `[length · factor, taps]`.
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

  /// The number of target positions.
  var outputLength: Int { length * factor }

  /// Returns the weights of the source positions around a target position, in their order; `t` is
  /// its distance from the source position before it.
  private static func weights(at t: Float, _ interpolation: Upsampling.Interpolation) -> [Float] {
    switch interpolation {
    case .nearest: [1]
    case .linear: [1 - t, t]
    case .cubic: [far(1 + t), near(t), near(1 - t), far(2 - t)]
    }
  }

  /// Keys' parameter `a`: −0.75 in TensorFlow, and −0.5 in others.
  private static let a: Float = -0.75

  /// Returns Keys' kernel at a distance `s` of at most 1.
  private static func near(_ s: Float) -> Float { ((a + 2) * s - (a + 3)) * s * s + 1 }

  /// Returns Keys' kernel at a distance `s` from 1 to 2.
  private static func far(_ s: Float) -> Float { ((a * s - 5 * a) * s + 8 * a) * s - 4 * a }
}
