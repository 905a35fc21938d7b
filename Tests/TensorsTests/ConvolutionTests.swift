import Foundation
import Synchronization
import Tensors
import TestSupport
import Testing

/// Geometries of every kind: one and two dimensions, dense, strides that divide and do not, kernels
/// wider than the picture, blocks that end inside an example. No two axes of one are equal.
private let geometries: [ConvolutionGeometry] = [
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
  // Receptive fields of more numbers than a panel has rows.
  .init(length: .init(length: 40, kernel: 25, stride: 4), inputChannels: 48, outputChannels: 3),
  .init(
    height: .init(length: 6, kernel: 5, stride: 2), width: .init(length: 10, kernel: 5, stride: 2),
    inputChannels: 43, outputChannels: 2),
  // More channels than a panel of the product holds, and windows with more numbers than it has rows.
  .init(length: .init(length: 24, kernel: 25, stride: 4), inputChannels: 67, outputChannels: 130),
  .init(
    height: .init(length: 6, kernel: 5, stride: 2), width: .init(length: 4, kernel: 5, stride: 2),
    inputChannels: 70, outputChannels: 65),
  // Targets in blocks, one of them wider than a panel.
  .init(length: .init(length: 300, kernel: 25, stride: 4), inputChannels: 7, outputChannels: 5),
  .init(length: .init(length: 60, kernel: 25, stride: 4), inputChannels: 20, outputChannels: 6),
  // A kernel so large that its gradient has no partial sums.
  .init(inputs: 700, outputs: 400),
  // Few channels: the transposed product goes by kernel positions.
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
]

/// Kernels of 5 × 5 that are taken with half the multiplications.
private let minimalGeometries: [ConvolutionGeometry] = [
  // Kernels at points: one tile, tiles of several examples at once, more than one group of them, channels
  // that are no whole vectors or more than a panel's columns or rows; lengths that do not divide.
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

/// Kernels at points whose factors are no powers of two, also with half the multiplications: what they give is
/// rounded.
private let roundedGeometries: [ConvolutionGeometry] = [
  .init(length: .init(length: 16, kernel: 25, stride: 4), inputChannels: 8, outputChannels: 16),
  .init(length: .init(length: 64, kernel: 25, stride: 4), inputChannels: 20, outputChannels: 6),
  .init(length: .init(length: 8192, kernel: 25, stride: 4), inputChannels: 9, outputChannels: 5),
  .init(length: .init(length: 128, kernel: 25, stride: 4), inputChannels: 70, outputChannels: 67),
  .init(length: .init(length: 64, kernel: 25, stride: 4), inputChannels: 150, outputChannels: 20),
  .init(length: .init(length: 62, kernel: 25, stride: 4), inputChannels: 16, outputChannels: 16),
  // Taps beside the kernel on either side, on both, and none; other strides.
  .init(length: .init(length: 64, kernel: 23, stride: 4), inputChannels: 8, outputChannels: 3),
  .init(length: .init(length: 64, kernel: 27, stride: 4), inputChannels: 9, outputChannels: 4),
  .init(length: .init(length: 64, kernel: 28, stride: 4), inputChannels: 8, outputChannels: 5),
  .init(length: .init(length: 61, kernel: 25, stride: 4), inputChannels: 8, outputChannels: 6),
  .init(length: .init(length: 40, kernel: 14, stride: 2), inputChannels: 10, outputChannels: 7),
  // A gradient whose examples are taken to the points by twos.
  .init(length: .init(length: 7_168, kernel: 25, stride: 4), inputChannels: 50, outputChannels: 50),
]

@Suite struct ConvolutionTests {
  private let batch = 3

  @Test(arguments: [(16_384, 25, 4, 4096, 10), (128, 5, 2, 64, 1), (32, 25, 2, 16, 11)])
  func sizesFollowTensorFlowsSame(
    _ length: Int, _ kernel: Int, _ stride: Int, _ output: Int, _ before: Int
  ) {
    let axis = ConvolutionGeometry.Axis(length: length, kernel: kernel, stride: stride)
    #expect(axis.outputLength == output)
    #expect(axis.padding == before)
  }

  @Test func shapesDecideHowManyMultiplicationsThereAre() {
    #expect(geometries.allSatisfy { !Convolution($0).isMinimal })
    #expect((minimalGeometries + roundedGeometries).allSatisfy { Convolution($0).isMinimal })
    let axis = ConvolutionGeometry.Axis(length: 10, kernel: 5, stride: 2)
    let oddOutputs = ConvolutionGeometry(
      height: axis, width: axis, inputChannels: 16, outputChannels: 16)
    #expect(!Convolution(oddOutputs).isMinimal)
  }

  /// Tasks take several examples at once, or some of a gradient's pieces none.
  @Test(arguments: minimalGeometries[0...1] + roundedGeometries[0...1], [5, 70])
  func manyExamplesEqualTheDefinition(_ geometry: ConvolutionGeometry, batch: Int) {
    let naive = NaiveConvolution(geometry: geometry)
    let convolution = Convolution(geometry)
    let engine = engine(for: convolution, threads: 1)
    let kernel = Tensor.random([geometry.kernelCount], seed: 1)
    let x = Tensor.random([batch, geometry.inputCount], seed: 2)
    let y = Tensor.random([batch, geometry.outputCount], seed: 3)
    let forward = poisoned([batch, geometry.outputCount])
    convolution.apply(kernel, to: x, into: forward, examples: 0..<batch, on: engine)
    expectClose(
      forward.values, naive.apply(kernel.values, to: x.values, batch: batch),
      terms: 16 * geometry.receptiveField, "forward")
    let backward = poisoned([batch, geometry.inputCount])
    convolution.applyTransposed(kernel, to: y, into: backward, examples: 0..<batch, on: engine)
    expectClose(
      backward.values, naive.applyTransposed(kernel.values, to: y.values, batch: batch),
      terms: 16 * 7 * geometry.outputChannels, "transposed")
    let gradient = Tensor(shape: [geometry.kernelCount])
    convolution.accumulate(x: x, y: y, into: gradient, examples: 0..<batch, on: engine)
    expectClose(
      gradient.values, naive.kernelGradient(x: x.values, y: y.values, batch: batch),
      terms: 16 * batch * geometry.positions, "gradient")
  }

  /// A gradient of a part of the batch, its input shifted, is that of the part alone, shifted before.
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
    let x = Tensor.random([batch, geometry.inputCount], seed: 2)
    let y = Tensor.random([batch, geometry.outputCount], seed: 3)
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
      x: x, y: y, into: found, examples: part, on: engine,
      shifts: { PictureShift(.positions, by: $0) })
    let expected = Tensor(shape: [geometry.kernelCount])
    convolution.accumulate(x: shifted, y: y, into: expected, examples: part, on: engine)
    #expect(found.values == expected.values)
    #expect(found.values.contains { $0 != 0 })
  }

  /// Errors of up to four times the direct product's, which ``expectClose`` allows for a number of terms
  /// 16 times as large.
  @Test(arguments: roundedGeometries, [1, 2, 3])
  func roundedProductsAreCloseToTheirDefinition(_ geometry: ConvolutionGeometry, threads: Int) {
    let naive = NaiveConvolution(geometry: geometry)
    let convolution = Convolution(geometry)
    let engine = engine(for: convolution, threads: threads)
    let kernel = Tensor.random([geometry.kernelCount], seed: 1)
    let x = Tensor.random([batch, geometry.inputCount], seed: 2)
    let y = Tensor.random([batch, geometry.outputCount], seed: 3)

    let forward = poisoned([batch, geometry.outputCount])
    convolution.apply(kernel, to: x, into: forward, examples: 0..<batch, on: engine)
    expectClose(
      forward.values, naive.apply(kernel.values, to: x.values, batch: batch),
      terms: 16 * geometry.receptiveField, "forward")

    let backward = poisoned([batch, geometry.inputCount])
    convolution.applyTransposed(kernel, to: y, into: backward, examples: 0..<batch, on: engine)
    expectClose(
      backward.values, naive.applyTransposed(kernel.values, to: y.values, batch: batch),
      terms: 16 * 7 * geometry.outputChannels, "transposed")

    let gradient = Tensor(shape: [geometry.kernelCount], kernel.values)
    convolution.accumulate(x: x, y: y, into: gradient, examples: 0..<batch, on: engine)
    let expected = naive.kernelGradient(x: x.values, y: y.values, batch: batch)
    expectClose(
      gradient.values, zip(kernel.values, expected).map { $0 + $1 },
      terms: 16 * batch * geometry.positions, "gradient")
  }

  /// Small integers are exact in float32, in any order of summation; so equality is, too.
  @Test(arguments: geometries + minimalGeometries, [1, 2, 3])
  func productsEqualTheirDefinition(_ geometry: ConvolutionGeometry, threads: Int) {
    let naive = NaiveConvolution(geometry: geometry)
    let convolution = Convolution(geometry)
    let engine = engine(for: convolution, threads: threads)
    let kernel = smallIntegers(geometry.kernelCount, seed: 1)
    let x = smallIntegers(batch * geometry.inputCount, seed: 2)
    let y = smallIntegers(batch * geometry.outputCount, seed: 3)
    let slice = Tensor(shape: [kernel.count], kernel).part(offset: 0, shape: [kernel.count])

    let forward = poisoned([batch, geometry.outputCount])
    convolution.apply(
      slice, to: Tensor(shape: [batch, geometry.inputCount], x), into: forward,
      examples: 0..<batch, on: engine)
    #expect(forward.values == naive.apply(kernel, to: x, batch: batch))

    let backward = poisoned([batch, geometry.inputCount])
    convolution.applyTransposed(
      slice, to: Tensor(shape: [batch, geometry.outputCount], y), into: backward,
      examples: 0..<batch, on: engine)
    #expect(backward.values == naive.applyTransposed(kernel, to: y, batch: batch))
  }

  @Test(arguments: geometries + minimalGeometries, [1, 2, 3])
  func kernelGradientEqualsItsDefinition(_ geometry: ConvolutionGeometry, threads: Int) {
    let convolution = Convolution(geometry)
    let engine = engine(for: convolution, threads: threads)
    let x = smallIntegers(batch * geometry.inputCount, seed: 2)
    let y = smallIntegers(batch * geometry.outputCount, seed: 3)
    let before = smallIntegers(geometry.kernelCount, seed: 4)
    let gradient = Tensor(shape: [before.count], before)
    convolution.accumulate(
      x: Tensor(shape: [batch, geometry.inputCount], x),
      y: Tensor(shape: [batch, geometry.outputCount], y),
      into: gradient.part(offset: 0, shape: [before.count]), examples: 0..<batch, on: engine)
    let expected = NaiveConvolution(geometry: geometry).kernelGradient(x: x, y: y, batch: batch)
    #expect(gradient.values == zip(before, expected).map { $0 + $1 })
  }

  /// Sums of numbers that round differ with their order: it must be the same for any number of threads.
  @Test(arguments: geometries + minimalGeometries + roundedGeometries)
  func bitsDoNotDependOnTheThreads(_ geometry: ConvolutionGeometry) {
    let convolution = Convolution(geometry)
    let kernel = Tensor.random([geometry.kernelCount], seed: 1)
      .part(offset: 0, shape: [geometry.kernelCount])
    let batch = 40
    let x = Tensor.random([batch, geometry.inputCount], seed: 2)
    let y = Tensor.random([batch, geometry.outputCount], seed: 3)
    let results = [1, 2, 5].map { threads -> [[Float]] in
      let engine = engine(for: convolution, threads: threads)
      let forward = poisoned([batch, geometry.outputCount])
      let backward = poisoned([batch, geometry.inputCount])
      let gradient = Tensor(shape: [geometry.kernelCount])
      convolution.apply(kernel, to: x, into: forward, examples: 0..<batch, on: engine)
      convolution.applyTransposed(kernel, to: y, into: backward, examples: 0..<batch, on: engine)
      convolution.accumulate(
        x: x, y: y, into: gradient.part(offset: 0, shape: [gradient.count]),
        examples: 0..<batch, on: engine)
      return [forward.values, backward.values, gradient.values]
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  @Test func workIsDoneOnceForEveryExample() {
    for (geometry, batch) in zip(geometries + minimalGeometries, 3...) {
      let convolution = Convolution(geometry)
      let engine = engine(for: convolution, threads: 3)
      let before = Mutex([Int](repeating: 0, count: batch))
      let after = Mutex([Int](repeating: 0, count: batch))
      let kernel = Tensor(shape: [geometry.kernelCount])
        .part(offset: 0, shape: [geometry.kernelCount])
      convolution.apply(
        kernel, to: Tensor(shape: [batch, geometry.inputCount]),
        into: Tensor(shape: [batch, geometry.outputCount]), examples: 0..<batch, on: engine,
        before: { examples in before.withLock { for example in examples { $0[example] += 1 } } },
        after: { examples in after.withLock { for example in examples { $0[example] += 1 } } })
      #expect(before.withLock { $0 } == [Int](repeating: 1, count: batch))
      #expect(after.withLock { $0 } == [Int](repeating: 1, count: batch))
    }
  }

  @Test(arguments: [geometries[0], minimalGeometries[1], roundedGeometries[1]])
  func onlyTheGivenExamplesAreTouched(_ geometry: ConvolutionGeometry) {
    let convolution = Convolution(geometry)
    let engine = engine(for: convolution, threads: 2)
    let kernel = Tensor.random([geometry.kernelCount], seed: 1)
      .part(offset: 0, shape: [geometry.kernelCount])
    let x = Tensor.random([batch, geometry.inputCount], seed: 2)
    let whole = poisoned([batch, geometry.outputCount])
    convolution.apply(kernel, to: x, into: whole, examples: 0..<batch, on: engine)
    let part = Tensor(shape: [batch, geometry.outputCount])
    part.fill(5)
    convolution.apply(kernel, to: x, into: part, examples: 1..<2, on: engine)
    let count = geometry.outputCount
    #expect(part.values[0..<count].allSatisfy { $0 == 5 })
    #expect(Array(part.values[count..<2 * count]) == Array(whole.values[count..<2 * count]))
    #expect(part.values[(2 * count)...].allSatisfy { $0 == 5 })
  }

  /// One is too small at a time: kernel, input, output. A check stops the program by an illegal instruction;
  /// memory that is not there would end it otherwise, if at all.
  @Test(arguments: [0, 1, 2]) func shapesThatDoNotFitTrap(_ wrong: Int) async {
    await #expect(processExitsWith: .signal(SIGILL)) { [wrong] in
      let convolution = Convolution(ConvolutionGeometry(inputs: 4, outputs: 3))
      let engine = Engine(threads: 1)
      convolution.reserveScratch(on: engine)
      let sizes = [12, 4, 3].enumerated().map { $0.offset == wrong ? $0.element - 1 : $0.element }
      convolution.apply(
        Tensor(shape: [sizes[0]]), to: Tensor(shape: [1, sizes[1]]),
        into: Tensor(shape: [1, sizes[2]]), examples: 0..<1, on: engine)
    }
  }

  /// An engine with scratch memory whose content must not matter.
  private func engine(for convolution: Convolution, threads: Int) -> Engine {
    let engine = Engine(threads: threads)
    convolution.reserveScratch(on: engine)
    engine.fillScratch(.nan)
    return engine
  }

  /// `before` can write what the product reads, and `after` read what it wrote, in both directions and for
  /// a part of the batch.
  @Test(arguments: geometries + minimalGeometries)
  func workIsDoneBeforeAndAfter(_ geometry: ConvolutionGeometry) {
    let convolution = Convolution(geometry)
    let engine = engine(for: convolution, threads: 2)
    let kernel = smallIntegers(geometry.kernelCount, seed: 1)
    let weights = Tensor(shape: [kernel.count], kernel)
    let naive = NaiveConvolution(geometry: geometry)
    let part = 1..<batch
    for isTransposed in [false, true] {
      let counts = (geometry.inputCount, geometry.outputCount)
      let (sourceCount, targetCount) = isTransposed ? (counts.1, counts.0) : counts
      let prepared = Tensor(
        shape: [batch, sourceCount], smallIntegers(batch * sourceCount, seed: 2))
      let source = poisoned([batch, sourceCount])
      let target = poisoned([batch, targetCount])
      let seen = poisoned([batch, targetCount])
      let before: Convolution.Work = { source.copy($0, of: prepared, to: $0.lowerBound) }
      let after: Convolution.Work = { seen.copy($0, of: target, to: $0.lowerBound) }
      if isTransposed {
        convolution.applyTransposed(
          weights, to: source, into: target, examples: part, on: engine, before: before,
          after: after)
      } else {
        convolution.apply(
          weights, to: source, into: target, examples: part, on: engine, before: before,
          after: after)
      }
      let expected =
        isTransposed
        ? naive.applyTransposed(kernel, to: prepared.values, batch: batch)
        : naive.apply(kernel, to: prepared.values, batch: batch)
      #expect(seen.examples(part).values == Array(expected[targetCount...]))
      #expect(target.examples(0..<1).values.allSatisfy { $0.isNaN })
    }
  }

  @Test func anEngineWithoutScratchMemoryTraps() async {
    await #expect(processExitsWith: .signal(SIGILL)) {
      let geometry = ConvolutionGeometry(inputs: 4, outputs: 3)
      Convolution(geometry).apply(
        Tensor(shape: [4, 3]), to: Tensor(shape: [1, 4]), into: Tensor(shape: [1, 3]),
        examples: 0..<1, on: Engine(threads: 1))
    }
  }

  /// Memory whose content must not matter.
  private func poisoned(_ shape: [Int]) -> Tensor {
    let tensor = Tensor(shape: shape)
    tensor.fill(.nan)
    return tensor
  }
}
