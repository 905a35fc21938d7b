// Cubic: Keys, "Cubic Convolution Interpolation for Digital Image Processing", IEEE Transactions on
// Acoustics, Speech, and Signal Processing, 1981, eq. 4, with the positions of TensorFlow 1.
internal import SpecGANErrors

// Positions outside an axis have the value of its edge.
extension AxisFilter {
  /// Creates the interpolation along an axis of `length` positions that is enlarged `factor` times.
  ///
  /// Target position `i` is at source position `i/factor`, without half-pixel centers:
  /// `tf.compat.v1.image.resize` with `align_corners=False`. For
  /// ``Upsampling/Interpolation/lowPass`` it is at `(i + 1/2)/factor − 1/2`.
  init(enlarging length: Int, by factor: Int, _ interpolation: Upsampling.Interpolation) {
    require(
      length > 0 && factor > 0, "length (=\(length)) and factor (=\(factor)) must be positive")
    let phases = (0..<factor).map { phase in
      factor == 1 ? (first: 0, weights: [1]) : Self.phase(phase, of: factor, interpolation)
    }
    let rows = (0..<length * factor).map { target in
      let (source, phase) = target.quotientAndRemainder(dividingBy: factor)
      return Self.row(at: source + phases[phase].first, phases[phase].weights, length)
    }
    self.init(inputLength: length, rows)
  }

  /// Creates the low-pass filter before a convolution with `stride` along an axis of `length`
  /// positions: the identity for a stride of 1.
  ///
  /// Its weights are `1, 3, …, 2·stride − 1, 2·stride − 1, …, 3, 1`, divided by their sum,
  /// `2·stride²`: those with which ``Upsampling/Interpolation/lowPass`` enlarges. The taps
  /// are centered half a position before their output. With an odd kernel and an even stride, the
  /// convolution's taps are centered half a position after the middle of the output's `stride`
  /// inputs, because padding `SAME` adds the odd zero at the end. So the two offsets cancel. With
  /// an even kernel they do not.
  init(lowPassBefore stride: Int, length: Int) {
    require(
      length > 0 && stride > 0, "length (=\(length)) and stride (=\(stride)) must be positive")
    let half = (0..<stride).map { Float(2 * $0 + 1) / Float(2 * stride * stride) }
    let weights = stride == 1 ? [1] : half + half.reversed()
    let first = stride == 1 ? 0 : -stride
    self.init(
      inputLength: length, (0..<length).map { Self.row(at: $0 + first, weights, length) })
  }

  /// Returns the sum of the inputs from position `first` on.
  private static func row(
    at first: Int, _ weights: [Float], _ length: Int
  ) -> [(place: Int, weight: Float)] {
    weights.enumerated().map { (min(max(first + $0.offset, 0), length - 1), $0.element) }
  }

  /// Returns the first source position of the target position `phase`, and the weights from there
  /// on, in source positions after that of target position 0.
  private static func phase(
    _ phase: Int, of factor: Int, _ interpolation: Upsampling.Interpolation
  ) -> (first: Int, weights: [Float]) {
    let t = Float(phase) / Float(factor)
    switch interpolation {
    case .nearest: return (0, [1])
    case .linear: return (0, [1 - t, t])
    case .cubic: return (-1, [far(1 + t), near(t), near(1 - t), far(2 - t)])
    case .lowPass:
      let t = Float(2 * phase + 1 - factor) / Float(2 * factor)
      return t < 0 ? (-1, [-t, 1 + t]) : (0, [1 - t, t])
    }
  }

  /// Keys' parameter `a`: −0.75 in TensorFlow, and −0.5 in others.
  private static let a: Float = -0.75

  /// Returns Keys' kernel at a distance `s` of at most 1.
  private static func near(_ s: Float) -> Float { ((a + 2) * s - (a + 3)) * s * s + 1 }

  /// Returns Keys' kernel at a distance `s` from 1 to 2.
  private static func far(_ s: Float) -> Float { ((a * s - 5 * a) * s + 8 * a) * s - 4 * a }
}
