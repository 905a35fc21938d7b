import SpecGANConvolutions
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// Convolutions that take half the multiplications of their definition.
@Suite struct WinogradConvolutionTests {
  @Test func shapesDecideHowManyMultiplicationsThereAre() {
    #expect(geometries.allSatisfy { !Convolution($0).isMinimal })
    #expect((minimalGeometries + roundedGeometries).allSatisfy { Convolution($0).isMinimal })
    let axis = ConvolutionGeometry.Axis(length: 10, kernel: 5, stride: 2)
    let oddOutputs = ConvolutionGeometry(
      height: axis, width: axis, inputChannels: 16, outputChannels: 16)
    #expect(!Convolution(oddOutputs).isMinimal)
  }

  /// Errors are up to four times the direct product's, which ``expectClose`` allows for 16 times as
  /// many terms.
  @Test(.slow, arguments: roundedGeometries, [1, 2, 3])
  func roundedProductsAreCloseToTheirDefinition(_ geometry: ConvolutionGeometry, threads: Int) {
    expectDefinition(of: geometry, batch: 3, threads: threads, errors: 4)
  }

  /// Kernels of 5 × 5 have no larger errors than the direct product.
  @Test(arguments: minimalGeometries)
  func productsOfSquareKernelsErrNoMore(_ geometry: ConvolutionGeometry) {
    expectDefinition(of: geometry, batch: 3, threads: 2, errors: 1)
  }

  /// Tasks have several examples at once, or some of a gradient's pieces none.
  @Test(arguments: minimalGeometries[0...1] + roundedGeometries[0...1], [5, 70])
  func manyExamplesEqualTheDefinition(_ geometry: ConvolutionGeometry, batch: Int) {
    expectDefinition(of: geometry, batch: batch, threads: 1, errors: 4)
  }

  /// The gradient of a part of the batch with shifted input is that of the part alone, shifted
  /// before.
  @Test(arguments: [
    minimalGeometries[1], roundedGeometries[1],
    // Sums that all threads share.
    .init(length: .init(length: 64, kernel: 25, stride: 4), inputChannels: 50, outputChannels: 50),
  ])
  func gradientsAreOfShiftedInputs(_ geometry: ConvolutionGeometry) {
    let convolution = Convolution(geometry)
    let engine = engine(for: convolution, threads: 2)
    let batch = 4
    let part = 1..<3
    let x = Tensor.random([batch, geometry.inputCount], seed: 2).view
    let y = Tensor.random([batch, geometry.outputCount], seed: 3).view
    let shifted = Tensor(shape: x.shape)
    for example in part {
      let width = geometry.width.length
      for place in 0..<geometry.inputCount {
        let (position, channel) = place.quotientAndRemainder(dividingBy: geometry.inputChannels)
        let (line, across) = position.quotientAndRemainder(dividingBy: width)
        let mirrored = abs(across - example)  // shifted to the right by its number
        let origin = (line * width + mirrored) * geometry.inputChannels + channel
        shifted.withMutableSpan {
          $0[example * geometry.inputCount + place] =
            x.values[example * geometry.inputCount + origin]
        }
      }
    }
    let found = Tensor(shape: [geometry.kernelCount])
    convolution.accumulate(
      x: x, y: y, into: found.view, examples: part, on: engine,
      shifts: { PictureShift(.positions, by: $0) })
    let expected = Tensor(shape: [geometry.kernelCount])
    convolution.accumulate(
      x: shifted.view, y: y, into: expected.view, examples: part, on: engine)
    #expect(found.values == expected.values)
    #expect(found.values.contains { $0 != 0 })
  }

  /// Compares all three products with their definition, with `errors` times the tolerance of a
  /// direct product.
  private func expectDefinition(
    of geometry: ConvolutionGeometry, batch: Int, threads: Int, errors: Int
  ) {
    let naive = NaiveConvolution(geometry: geometry)
    let convolution = Convolution(geometry)
    let engine = engine(for: convolution, threads: threads)
    let kernel = Tensor.random([geometry.kernelCount], seed: 1)
    let x = Tensor.random([batch, geometry.inputCount], seed: 2).view
    let y = Tensor.random([batch, geometry.outputCount], seed: 3).view
    let factor = errors * errors  // of terms

    let forward = poisoned([batch, geometry.outputCount])
    convolution.apply(kernel.view, to: x, into: forward.view, examples: 0..<batch, on: engine)
    expectClose(
      forward.values, naive.apply(kernel.values, to: x.values, batch: batch),
      terms: factor * geometry.receptiveField, "forward")

    let backward = poisoned([batch, geometry.inputCount])
    convolution.applyTransposed(
      kernel.view, to: y, into: backward.view, examples: 0..<batch, on: engine)
    expectClose(
      backward.values, naive.applyTransposed(kernel.values, to: y.values, batch: batch),
      terms: factor * 7 * geometry.outputChannels, "transposed")

    let gradient = Tensor(shape: [geometry.kernelCount], kernel.values)
    convolution.accumulate(x: x, y: y, into: gradient.view, examples: 0..<batch, on: engine)
    let expected = naive.kernelGradient(x: x.values, y: y.values, batch: batch)
    expectClose(
      gradient.values, zip(kernel.values, expected).map { $0 + $1 },
      terms: factor * batch * geometry.positions, "gradient")
  }
}
