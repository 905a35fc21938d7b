import SpecGANConvolutions

/// Geometries of all kinds: one and two dimensions, dense, strides that divide the length and that
/// do not, kernels wider than the picture, blocks that end inside an example. Each has axes of
/// different sizes.
let geometries: [ConvolutionGeometry] = [
  .init(
    height: .init(length: 12, kernel: 5, stride: 2), width: .init(length: 8, kernel: 3, stride: 2),
    inputChannels: 2, outputChannels: 7),
  .init(
    height: .init(length: 7, kernel: 5, stride: 2), width: .init(length: 9, kernel: 4, stride: 3),
    inputChannels: 3, outputChannels: 2),
  .init(length: .init(length: 64, kernel: 25, stride: 4), inputChannels: 5, outputChannels: 6),
  .init(length: .init(length: 10, kernel: 25, stride: 4), inputChannels: 1, outputChannels: 3),
  .init(length: .init(length: 5000, kernel: 3, stride: 1), inputChannels: 2, outputChannels: 4),
  .init(length: .init(length: 300, kernel: 25, stride: 4), inputChannels: 16, outputChannels: 5),
  .init(inputs: 11, outputs: 4),
  // Receptive fields with more values than a panel has rows.
  .init(length: .init(length: 40, kernel: 25, stride: 4), inputChannels: 48, outputChannels: 3),
  .init(
    height: .init(length: 6, kernel: 5, stride: 2), width: .init(length: 10, kernel: 5, stride: 2),
    inputChannels: 43, outputChannels: 2),
  // More channels than a panel of the product has columns, and windows with more values than it has
  // rows.
  .init(length: .init(length: 24, kernel: 25, stride: 4), inputChannels: 67, outputChannels: 130),
  .init(
    height: .init(length: 6, kernel: 5, stride: 2), width: .init(length: 4, kernel: 5, stride: 2),
    inputChannels: 70, outputChannels: 65),
  // Targets in blocks, one of them wider than a panel.
  .init(length: .init(length: 300, kernel: 25, stride: 4), inputChannels: 7, outputChannels: 5),
  .init(length: .init(length: 60, kernel: 25, stride: 4), inputChannels: 20, outputChannels: 6),
  // A kernel so large that its gradient has no partial sums.
  .init(inputs: 700, outputs: 400),
  // Few channels: the transposed product is computed by kernel positions.
  .init(length: .init(length: 283, kernel: 25, stride: 4), inputChannels: 3, outputChannels: 1030),
  .init(length: .init(length: 50, kernel: 2, stride: 3), inputChannels: 2, outputChannels: 3),
  .init(length: .init(length: 64, kernel: 25, stride: 4), inputChannels: 1, outputChannels: 16),
  .init(
    height: .init(length: 6, kernel: 5, stride: 2), width: .init(length: 32, kernel: 5, stride: 2),
    inputChannels: 1, outputChannels: 3),
  // A stride longer than the kernel, which leaves some targets without any source.
  .init(length: .init(length: 11, kernel: 2, stride: 3), inputChannels: 17, outputChannels: 3),
  .init(
    height: .init(length: 9, kernel: 1, stride: 2), width: .init(length: 8, kernel: 1, stride: 2),
    inputChannels: 2, outputChannels: 3),
  // A stride of 1, after a picture was resized: odd and even kernels, kernels longer than a panel
  // has columns, and kernels longer than the picture.
  .init(length: .init(length: 700, kernel: 512, stride: 1), inputChannels: 1, outputChannels: 1),
  .init(length: .init(length: 90, kernel: 512, stride: 1), inputChannels: 2, outputChannels: 2),
  .init(length: .init(length: 300, kernel: 25, stride: 1), inputChannels: 16, outputChannels: 5),
  .init(length: .init(length: 150, kernel: 24, stride: 1), inputChannels: 5, outputChannels: 20),
  .init(
    height: .init(length: 12, kernel: 5, stride: 1), width: .init(length: 10, kernel: 5, stride: 1),
    inputChannels: 9, outputChannels: 4),
  .init(
    height: .init(length: 7, kernel: 4, stride: 1), width: .init(length: 33, kernel: 4, stride: 1),
    inputChannels: 3, outputChannels: 1),
  // Even kernels at a stride, and the last layer of 32768 samples.
  .init(
    height: .init(length: 12, kernel: 4, stride: 2), width: .init(length: 8, kernel: 6, stride: 2),
    inputChannels: 9, outputChannels: 4),
  .init(length: .init(length: 64, kernel: 3, stride: 4), inputChannels: 9, outputChannels: 5),
  .init(length: .init(length: 32, kernel: 25, stride: 2), inputChannels: 16, outputChannels: 33),
]

/// Kernels of 5 × 5 that take half the multiplications.
let minimalGeometries: [ConvolutionGeometry] = [
  // One tile, tiles of several examples at once, more than one group of them, channels that are not
  // whole vectors or more than a panel's columns or rows, and lengths that the stride does not
  // divide.
  .init(
    height: .init(length: 4, kernel: 5, stride: 2), width: .init(length: 8, kernel: 5, stride: 2),
    inputChannels: 8, outputChannels: 16),
  .init(
    height: .init(length: 12, kernel: 5, stride: 2), width: .init(length: 16, kernel: 5, stride: 2),
    inputChannels: 19, outputChannels: 5),
  .init(
    height: .init(length: 64, kernel: 5, stride: 2), width: .init(length: 96, kernel: 5, stride: 2),
    inputChannels: 8, outputChannels: 3),
  .init(
    height: .init(length: 8, kernel: 5, stride: 2), width: .init(length: 4, kernel: 5, stride: 2),
    inputChannels: 70, outputChannels: 65),
  .init(
    height: .init(length: 4, kernel: 5, stride: 2), width: .init(length: 4, kernel: 5, stride: 2),
    inputChannels: 300, outputChannels: 20),
  .init(
    height: .init(length: 7, kernel: 5, stride: 2), width: .init(length: 11, kernel: 5, stride: 2),
    inputChannels: 9, outputChannels: 4),
]

/// Kernels whose transforms have factors that are not powers of two, also with half the
/// multiplications: their results are rounded.
let roundedGeometries: [ConvolutionGeometry] = [
  .init(length: .init(length: 16, kernel: 25, stride: 4), inputChannels: 8, outputChannels: 16),
  .init(length: .init(length: 64, kernel: 25, stride: 4), inputChannels: 20, outputChannels: 6),
  .init(length: .init(length: 8192, kernel: 25, stride: 4), inputChannels: 9, outputChannels: 5),
  .init(length: .init(length: 128, kernel: 25, stride: 4), inputChannels: 70, outputChannels: 67),
  .init(length: .init(length: 64, kernel: 25, stride: 4), inputChannels: 150, outputChannels: 20),
  .init(length: .init(length: 62, kernel: 25, stride: 4), inputChannels: 16, outputChannels: 16),
  // Taps outside the kernel on either side, on both, and none; other strides.
  .init(length: .init(length: 64, kernel: 23, stride: 4), inputChannels: 8, outputChannels: 3),
  .init(length: .init(length: 64, kernel: 27, stride: 4), inputChannels: 9, outputChannels: 4),
  .init(length: .init(length: 64, kernel: 28, stride: 4), inputChannels: 8, outputChannels: 5),
  .init(length: .init(length: 61, kernel: 25, stride: 4), inputChannels: 8, outputChannels: 6),
  .init(length: .init(length: 40, kernel: 14, stride: 2), inputChannels: 10, outputChannels: 7),
  // A gradient whose examples are transformed two at a time.
  .init(length: .init(length: 7_168, kernel: 25, stride: 4), inputChannels: 50, outputChannels: 50),
]
