// Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for Convolutional
// Neural Networks", CVPR 2016, section 4, here for the phases of a strided convolution.

internal import CSpecGANKernels
internal import SpecGANTensors

/// The three products of a convolution with half the multiplications of their definition.
///
/// `y = Aᵀ[(G K) ⊙ (Bᵀ x)]`, tile by tile: inputs and kernel are taken to some points, where channels are
/// multiplied by an ordinary matrix product, and the outputs are taken back. `x̄ = B[(G K)ᵀ (A ȳ)]` and
/// `K̄ = Gᵀ[(Bᵀ x) ⊗ (A ȳ)]` are its transposes. Rounding errors are up to four times the direct product's for
/// a kernel of 25, and no larger for 5 × 5.
struct WinogradConvolution: ConvolutionProducts {
  let geometry: ConvolutionGeometry
  let height: WinogradAxis
  let width: WinogradAxis
  /// The inputs with the zeros that tiles read.
  let inputs: PaddedPicture

  /// The products for `geometry`; nil where its kernel and stride are not ones this is for, or its channels
  /// too few for it to pay.
  init?(_ geometry: ConvolutionGeometry) {
    guard geometry.inputChannels >= Self.leastChannels, let axes = Self.axes(geometry) else {
      return nil
    }
    self.geometry = geometry
    (height, width) = axes
    inputs = PaddedPicture(
      lines: geometry.height.length, width: geometry.width.length,
      channels: geometry.inputChannels, coveredLines: height.covered, coveredWidth: width.covered)
  }

  /// Fewer do not fill the vectors that take them to the points.
  private static let leastChannels = 8

  private static func axes(
    _ geometry: ConvolutionGeometry
  ) -> (height: WinogradAxis, width: WinogradAxis)? {
    if geometry.height == .single {
      return WinogradAxis.ofFusedPhases(geometry.width).map { (.single, $0) }
    }
    guard let height = WinogradAxis.ofTwoPhases(geometry.height),
      let width = WinogradAxis.ofTwoPhases(geometry.width)
    else { return nil }
    return (height, width)
  }

  // MARK: - Sizes

  /// Products of a tile.
  var points: Int { height.points * width.points }
  var tiles: Int { height.tiles * width.tiles }
  /// Channels of a part's inputs.
  var partChannels: Int { width.fused * geometry.inputChannels }
  /// Numbers of a tile at a point: channels of all parts, those down the picture slowest.
  var depth: Int { height.parts.count * width.parts.count * partChannels }

  /// The most tiles that are at all points at once: as many as the second-level cache holds, within
  /// reason.
  var mostTiles: Int {
    let numbers = points * (max(depth, geometry.outputChannels) + Panel.width)
    return min(max((3 << 16) / numbers, 64), 256)
  }
  /// Numbers from point to point; not a power of two, whose multiples share a place in the cache.
  func pointStride(_ numbers: Int) -> Int { numbers + 16 }

  var mostExamples: Int {
    max(min(2 * mostTiles / tiles, Convolution.mostPadded / inputs.count), 1)
  }

  var scratchCount: Int {
    let source = points * pointStride(mostTiles * max(depth, geometry.outputChannels))
    let sums = points * pointStride(mostTiles * Panel.width)
    return max(
      mostExamples * inputs.count + max(source + sums, pieceScratchCount), transposeCount)
  }

  var sharedScratchCount: Int { max(kernelScratchCount, gradientScratchCount) }

  // MARK: - Forward

  func apply(
    _ kernel: Tensor, to x: Tensor, into y: Tensor, examples: Range<Int>, on engine: Engine,
    shifts: Convolution.Shifts?, before: Convolution.Work?, after: Convolution.Work?
  ) {
    takeKernel(kernel, on: engine)
    let panels = engine.sharedScratch
    share(examples, engine) { examples, scratch in
      before?(examples)
      let source = unsafe inputs.padded(
        x.start, examples: examples, shifts: shifts, scratch: scratch.start)
      let places = unsafe scratch.start + mostExamples * inputs.count
      forEachGroup(examples.count) { segments, tiles in
        let stride = pointStride(tiles * depth)
        unsafe takeInputs(source, segments, into: places, pointGrid(depth, stride: stride))
        unsafe multiply(
          places, panels.start, tiles, segments, scratch: places + points * stride,
          into: y.start + examples.lowerBound * geometry.outputCount)
      }
      after?(examples)
    }
  }

  /// Shares out `examples`: the fewer there are, the smaller the tasks, which changes no sum.
  func share(
    _ examples: Range<Int>, _ engine: Engine, _ body: @Sendable (Range<Int>, Tensor) -> Void
  ) {
    let size = min(max(examples.count / engine.taskGoal, 1), mostExamples)
    engine.run(over: examples, by: size, body)
  }

  private func multiply(
    _ source: UnsafePointer<Float>, _ panels: UnsafePointer<Float>, _ tiles: Int,
    _ segments: [Segment], scratch: UnsafeMutablePointer<Float>,
    into y: UnsafeMutablePointer<Float>
  ) {
    let (sourceStride, panelStride) = (pointStride(tiles * depth), kernelPointStride)
    for strip in Panel.strips(of: 0..<geometry.outputChannels) {
      let sumStride = pointStride(tiles * strip.count)
      let product = RowProduct(rows: tiles, rowStride: depth, targetStride: strip.count)
      for point in 0..<points {
        var isFirst = true
        for channels in channels(at: point) {
          unsafe product.run(
            source + point * sourceStride, terms: channels, scratch + point * sumStride,
            panel: panels + point * panelStride + strip.lowerBound * depth, columns: strip.count,
            accumulating: !isFirst)
          isFirst = false
        }
      }
      unsafe collect(
        scratch, pointGrid(strip.count, stride: sumStride), segments, into: y + strip.lowerBound,
        strip.count)
    }
  }

  /// The outputs of tiles whose sums lie at the points.
  private func collect(
    _ sums: UnsafePointer<Float>, _ grid: specgan_grid, _ segments: [Segment],
    into y: UnsafeMutablePointer<Float>, _ channels: Int
  ) {
    for segment in segments {
      unsafe specgan_transform(
        specgan_stage_collect, height.parts[0].filter, width.parts[0].filter,
        sums + segment.first * grid.tile, grid, y + outputOffset(segment), outputGrid,
        segment.across.count, channels)
    }
  }
}
