/// All the sizes of a strided convolution with TensorFlow's SAME padding, in channels-last order.
///
/// It maps a picture `[height, width, inputChannels]` to `[height', width', outputChannels]`, where
/// a primed length is the length over the stride, rounded up. One dimension is a picture of height
/// 1; a dense layer is a convolution over a picture of one position.
package struct ConvolutionGeometry: Equatable, Sendable {
  /// The sizes along one axis.
  package struct Axis: Equatable, Sendable {
    /// Positions of the input.
    package let length: Int
    /// Positions under the kernel.
    package let kernel: Int
    /// Input positions from one output to the next.
    package let stride: Int
    /// Positions of the output: `length / stride`, rounded up.
    package let outputLength: Int
    /// Zeros before the input; one more may follow it, as TensorFlow's SAME has it.
    package let padding: Int

    /// - Precondition: all are positive.
    package init(length: Int, kernel: Int, stride: Int) {
      precondition(
        length > 0 && kernel > 0 && stride > 0,
        "length (=\(length)), kernel (=\(kernel)) and stride (=\(stride)) must be positive")
      self.length = length
      self.kernel = kernel
      self.stride = stride
      outputLength = (length + stride - 1) / stride
      padding = max((outputLength - 1) * stride + kernel - length, 0) / 2
    }

    /// One position under a kernel of one.
    package static let single = Axis(length: 1, kernel: 1, stride: 1)
  }

  /// Down the picture.
  package let height: Axis
  /// Across the picture.
  package let width: Axis
  /// Numbers at each input position.
  package let inputChannels: Int
  /// Numbers at each output position.
  package let outputChannels: Int

  /// - Precondition: there is at least one channel on either side.
  package init(height: Axis, width: Axis, inputChannels: Int, outputChannels: Int) {
    precondition(
      inputChannels > 0 && outputChannels > 0,
      "inputChannels (=\(inputChannels)) and outputChannels (=\(outputChannels)) must be positive")
    self.height = height
    self.width = width
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
  }

  /// A convolution along one axis.
  package init(length: Axis, inputChannels: Int, outputChannels: Int) {
    self.init(
      height: .single, width: length, inputChannels: inputChannels, outputChannels: outputChannels)
  }

  /// A dense map of vectors.
  package init(inputs: Int, outputs: Int) {
    self.init(
      height: .single, width: .single, inputChannels: inputs, outputChannels: outputs)
  }

  /// `[height, width, channels]` of one example's input.
  package var inputShape: [Int] { [height.length, width.length, inputChannels] }
  /// `[height, width, channels]` of one example's output.
  package var outputShape: [Int] { [height.outputLength, width.outputLength, outputChannels] }
  /// Elements of one example's input.
  package var inputCount: Int { height.length * width.length * inputChannels }
  /// Elements of one example's output.
  package var outputCount: Int { positions * outputChannels }
  /// Places the kernel is put at in one example.
  package var positions: Int { height.outputLength * width.outputLength }
  /// Inputs that one output sees: the rows of the kernel as a matrix
  /// `[receptiveField, outputChannels]`.
  package var receptiveField: Int { height.kernel * width.kernel * inputChannels }
  /// Elements of the kernel `[height, width, inputChannels, outputChannels]`.
  package var kernelCount: Int { receptiveField * outputChannels }
  /// Multiplications with additions that one example's output takes.
  package var multiplyAdds: Int { positions * kernelCount }
}
