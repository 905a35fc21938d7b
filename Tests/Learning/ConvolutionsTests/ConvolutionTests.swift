import Foundation
import SpecGANConvolutions
import SpecGANTensors
import SpecGANTestSupport
import Synchronization
import Testing

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

  /// Small integers are exact in float32, in any order of summation, so that results are equal.
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
      slice, to: Tensor(shape: [batch, geometry.inputCount], x).view, into: forward.view,
      examples: 0..<batch, on: engine)
    #expect(forward.values == naive.apply(kernel, to: x, batch: batch))

    let backward = poisoned([batch, geometry.inputCount])
    convolution.applyTransposed(
      slice, to: Tensor(shape: [batch, geometry.outputCount], y).view, into: backward.view,
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
      x: Tensor(shape: [batch, geometry.inputCount], x).view,
      y: Tensor(shape: [batch, geometry.outputCount], y).view,
      into: gradient.part(offset: 0, shape: [before.count]), examples: 0..<batch, on: engine)
    let expected = NaiveConvolution(geometry: geometry).kernelGradient(x: x, y: y, batch: batch)
    #expect(gradient.values == zip(before, expected).map { $0 + $1 })
  }

  /// Sums of rounded values depend on their order, which must be the same for any number of
  /// threads.
  @Test(.slow, arguments: geometries + minimalGeometries + roundedGeometries)
  func bitsDoNotDependOnTheThreads(_ geometry: ConvolutionGeometry) {
    let convolution = Convolution(geometry)
    let kernel = Tensor.random([geometry.kernelCount], seed: 1)
      .part(offset: 0, shape: [geometry.kernelCount])
    let batch = 40
    let x = Tensor.random([batch, geometry.inputCount], seed: 2).view
    let y = Tensor.random([batch, geometry.outputCount], seed: 3).view
    let results = [1, 2, 5, 64].map { threads -> [[Float]] in
      let engine = engine(for: convolution, threads: threads)
      let forward = poisoned([batch, geometry.outputCount])
      let backward = poisoned([batch, geometry.inputCount])
      let gradient = Tensor(shape: [geometry.kernelCount])
      convolution.apply(kernel, to: x, into: forward.view, examples: 0..<batch, on: engine)
      convolution.applyTransposed(
        kernel, to: y, into: backward.view, examples: 0..<batch, on: engine)
      convolution.accumulate(
        x: x, y: y, into: gradient.part(offset: 0, shape: [gradient.count]),
        examples: 0..<batch, on: engine)
      return [forward.values, backward.values, gradient.values]
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
    #expect(results[0] == results[3])
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
        kernel, to: Tensor(shape: [batch, geometry.inputCount]).view,
        into: Tensor(shape: [batch, geometry.outputCount]).view, examples: 0..<batch, on: engine,
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
    let x = Tensor.random([batch, geometry.inputCount], seed: 2).view
    let whole = poisoned([batch, geometry.outputCount])
    convolution.apply(kernel, to: x, into: whole.view, examples: 0..<batch, on: engine)
    let part = Tensor(shape: [batch, geometry.outputCount])
    part.fill(5)
    convolution.apply(kernel, to: x, into: part.view, examples: 1..<2, on: engine)
    let count = geometry.outputCount
    #expect(part.values[0..<count].allSatisfy { $0 == 5 })
    #expect(Array(part.values[count..<2 * count]) == Array(whole.values[count..<2 * count]))
    #expect(part.values[(2 * count)...].allSatisfy { $0 == 5 })
  }

  /// One of kernel, input and output is too small. A check ends the process by an illegal
  /// instruction; without the check, access to other memory could end it in another way, or not at
  /// all.
  @Test(arguments: [0, 1, 2]) func shapesThatDoNotFitTrap(_ wrong: Int) async {
    await #expect(processExitsWith: .signal(SIGILL)) { [wrong] in
      let convolution = Convolution(ConvolutionGeometry(inputs: 4, outputs: 3))
      let engine = Engine(threads: 1)
      convolution.reserveScratch(on: engine)
      let sizes = [12, 4, 3].enumerated().map { $0.offset == wrong ? $0.element - 1 : $0.element }
      convolution.apply(
        Tensor(shape: [sizes[0]]).view, to: Tensor(shape: [1, sizes[1]]).view,
        into: Tensor(shape: [1, sizes[2]]).view, examples: 0..<1, on: engine)
    }
  }

  /// `before` can write the input of the product, and `after` read its output, in both directions
  /// and for a part of the batch.
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
      let before: Convolution.Work = { source.copy($0, of: prepared.view, to: $0.lowerBound) }
      let after: Convolution.Work = { seen.copy($0, of: target.view, to: $0.lowerBound) }
      if isTransposed {
        convolution.applyTransposed(
          weights.view, to: source.view, into: target.view, examples: part, on: engine,
          before: before, after: after)
      } else {
        convolution.apply(
          weights.view, to: source.view, into: target.view, examples: part, on: engine,
          before: before, after: after)
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
        Tensor(shape: [4, 3]).view, to: Tensor(shape: [1, 4]).view,
        into: Tensor(shape: [1, 3]).view, examples: 0..<1, on: Engine(threads: 1))
    }
  }
}
