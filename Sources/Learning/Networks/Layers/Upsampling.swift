internal import SpecGANErrors

/// A layer that enlarges pictures by whole factors, with interpolation between positions, channel
/// by channel.
///
/// With a convolution of stride 1 after it, it replaces a transposed convolution, whose zeros
/// between positions leave a pattern in the output: Odena, Dumoulin and Olah, "Deconvolution and
/// Checkerboard Artifacts", Distill, 2016.
package struct Upsampling: FilterLayer {
  /// The interpolation between two positions.
  package enum Interpolation: String, CaseIterable, Sendable {
    /// The value of the position before: steps.
    case nearest
    /// A straight line.
    case linear
    /// A cubic through four positions: Keys' with `a = −0.75`.
    case cubic
    /// Linear interpolation with half-pixel centers.
    ///
    /// With a factor of 2 each value is 3/4 of the nearest position and 1/4 of the second nearest:
    /// zeros between positions, then the filter `[1, 3, 3, 1]/4` of Karras et al., "Analyzing and
    /// Improving the Image Quality of StyleGAN", CVPR 2020. With any factor it is the filter of
    /// ``LowPass``, so a constant input has a constant output.
    case lowPass = "low-pass"
  }

  /// The name in reports.
  package let name: String
  /// `[height, width, channels]` of one example's input.
  package let inputShape: [Int]
  /// The interpolation between two positions.
  package let interpolation: Interpolation
  /// The height of the output divided by that of the input.
  package let heightFactor: Int
  /// The width of the output divided by that of the input.
  package let widthFactor: Int
  /// The filter.
  package let filter: SeparableFilter
  /// The filter with the transposed matrix.
  package let transposed: SeparableFilter

  /// Creates a layer that enlarges pictures of `inputShape`, `[height, width, channels]`, by the
  /// factors.
  ///
  /// - Precondition: The shape has three axes, and the factors are positive.
  package init(
    _ interpolation: Interpolation, _ inputShape: [Int], heightFactor: Int, widthFactor: Int,
    name: String
  ) {
    require(inputShape.count == 3, "\(inputShape) is not [height, width, channels]")
    self.interpolation = interpolation
    self.inputShape = inputShape
    self.name = name
    (self.heightFactor, self.widthFactor) = (heightFactor, widthFactor)
    filter = SeparableFilter(
      down: .init(enlarging: inputShape[0], by: heightFactor, interpolation),
      across: .init(enlarging: inputShape[1], by: widthFactor, interpolation),
      channels: inputShape[2])
    transposed = filter.transposed
  }
}
