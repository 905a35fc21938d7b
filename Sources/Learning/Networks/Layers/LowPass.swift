internal import SpecGANErrors

/// A low-pass filter of pictures, channel by channel, for a strided convolution after it.
///
/// A convolution with a stride aliases: components of its input above the Nyquist frequency of its
/// output appear at lower frequencies. So the output changes irregularly if the input shifts by
/// less than the stride (Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019).
/// The filter attenuates these components. For a stride of 2 its taps are `[1, 3, 3, 1]/8`, and it
/// precedes the convolution, as in the code of Karras et al., "Analyzing and Improving the Image
/// Quality of StyleGAN", CVPR 2020. For any stride `s` it has the `2s` taps `1, 3, …, 2s − 1,
/// 2s − 1, …, 3, 1`, divided by `2s²`. Its frequency response is zero at every multiple of the
/// output's sampling rate except 0. Positions outside the picture have the value of its edge.
package struct LowPass: FilterLayer {
  /// The name in reports.
  package let name: String
  /// `[height, width, channels]` of one example's input.
  package let inputShape: [Int]
  /// The filter.
  package let filter: SeparableFilter
  /// The filter with the transposed matrix.
  package let transposed: SeparableFilter

  /// Creates a filter of pictures of `inputShape`, `[height, width, channels]`, for a convolution
  /// with the strides `down` and `across`; axes with a stride of 1 are not filtered.
  ///
  /// - Precondition: The shape has three axes, and the strides are positive.
  package init(_ inputShape: [Int], down: Int, across: Int, name: String) {
    require(inputShape.count == 3, "\(inputShape) is not [height, width, channels]")
    self.inputShape = inputShape
    self.name = name
    filter = SeparableFilter(
      down: .init(lowPassBefore: down, length: inputShape[0]),
      across: .init(lowPassBefore: across, length: inputShape[1]), channels: inputShape[2])
    transposed = filter.transposed
  }
}
