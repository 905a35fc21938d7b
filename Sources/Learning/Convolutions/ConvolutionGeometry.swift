internal import SpecGANErrors

/// The sizes of a strided convolution with TensorFlow's SAME padding, in channels-last order.
///
/// It maps a picture `[height, width, inputChannels]` to `[height', width', outputChannels]`. A
/// primed length is the length divided by the stride, rounded up. A signal of one dimension is a
/// picture of height 1; a dense layer is a convolution of a picture with one position.
package struct ConvolutionGeometry: Equatable, Sendable {
  /// The sizes along one axis.
  package struct Axis: Equatable, Sendable {
    /// The number of input positions.
    package let length: Int
    /// The number of kernel positions.
    package let kernel: Int
    /// The number of input positions from one output to the next.
    package let stride: Int
    /// The number of output positions: `length / stride`, rounded up.
    package let outputLength: Int
    /// The number of zeros before the input. One more may follow the input, as in TensorFlow's
    /// SAME.
    package let padding: Int

    /// Creates the sizes along one axis.
    ///
    /// - Precondition: All are positive.
    package init(length: Int, kernel: Int, stride: Int) {
      require(
        length > 0 && kernel > 0 && stride > 0,
        "length (=\(length)), kernel (=\(kernel)) and stride (=\(stride)) must be positive")
      self.length = length
      self.kernel = kernel
      self.stride = stride
      outputLength = (length + stride - 1) / stride
      padding = max((outputLength - 1) * stride + kernel - length, 0) / 2
    }

    /// An axis of one position, with a kernel of one.
    package static let single = Axis(length: 1, kernel: 1, stride: 1)
  }

  /// The axis down the picture.
  package let height: Axis
  /// The axis across the picture.
  package let width: Axis
  /// The number of values at each input position.
  package let inputChannels: Int
  /// The number of values at each output position.
  package let outputChannels: Int

  /// Creates a convolution along two axes.
  ///
  /// - Precondition: There is at least one channel on either side.
  package init(height: Axis, width: Axis, inputChannels: Int, outputChannels: Int) {
    require(
      inputChannels > 0 && outputChannels > 0,
      "inputChannels (=\(inputChannels)) and outputChannels (=\(outputChannels)) must be positive")
    self.height = height
    self.width = width
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
  }

  /// Creates a convolution along one axis.
  package init(length: Axis, inputChannels: Int, outputChannels: Int) {
    self.init(
      height: .single, width: length, inputChannels: inputChannels, outputChannels: outputChannels)
  }

  /// Creates a dense map of vectors.
  package init(inputs: Int, outputs: Int) {
    self.init(
      height: .single, width: .single, inputChannels: inputs, outputChannels: outputs)
  }

  /// `[height, width, channels]` of one example's input.
  package var inputShape: [Int] { [height.length, width.length, inputChannels] }
  /// `[height, width, channels]` of one example's output.
  package var outputShape: [Int] { [height.outputLength, width.outputLength, outputChannels] }
  /// The number of elements of one example's input.
  package var inputCount: Int { height.length * width.length * inputChannels }
  /// The number of elements of one example's output.
  package var outputCount: Int { positions * outputChannels }
  /// The number of output positions of one example.
  package var positions: Int { height.outputLength * width.outputLength }
  /// The number of inputs of one output: the rows of the kernel as a matrix
  /// `[receptiveField, outputChannels]`.
  package var receptiveField: Int { height.kernel * width.kernel * inputChannels }
  /// The number of elements of the kernel `[height, width, inputChannels, outputChannels]`.
  package var kernelCount: Int { receptiveField * outputChannels }
  /// The number of multiply-adds for one example's output.
  package var multiplyAdds: Int { positions * kernelCount }
}
