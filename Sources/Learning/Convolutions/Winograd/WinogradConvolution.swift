// Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks", CVPR 2016, section 4, here for the phases of a strided
// convolution.
//
// The layout of inputs at the points, `[point, tile, depth]`, for 5 × 5 at a stride of 2 and C
// channels. A tile has 2 × 2 outputs, which read 7 × 7 inputs. The next tile starts 4 inputs
// further on. The phases down and across cut the inputs into four parts, a to d. The filters of
// three taps (even inputs) have 4 points along an axis, those of two taps (odd inputs) only the
// first 3 of them.
//
//       inputs of a tile                     points         part a   part b   part c   part d
//
//        0 1 2 3 4 5 6                point 0   tile 0     a a … a  b b … b  c c … c  d d … d
//      0 a b a b a b a                          tile 1     a a … a  b b … b  c c … c  d d … d
//      1 c d c d c d c                            ⋮           ⋮
//      2 a b a b a b a                point 1   tile 0     a a … a  b b … b  c c … c  d d … d
//      3 c d c d c d c     Bᵀ x B       ⋮         ⋮           ⋮
//      4 a b a b a b a   ───────▶     point 3   tile 0     a a … a     –     c c … c     –
//      5 c d c d c d c                  ⋮         ⋮           ⋮
//      6 a b a b a b a                point 15  tile 0     a a … a     –        –        –
//                                                 ⋮        ╰─ C ──╯
//                                                          ╰──────── depth = 4 C ──────────╯
//
// Each point has a matrix product `[tile, depth] · [depth, outputChannels]`. The result has the
// layout `[point, tile, outputChannels]`, from which Aᵀ computes the outputs. Values marked – are
// never read. For a kernel of 25 at a stride of 4, a tile has 4 outputs and 7 points, and there are
// two parts of 4 C channels.

internal import CSpecGANKernels
internal import SpecGANTensors

/// The three products of a convolution with half the multiplications of their definition.
///
/// `y = Aᵀ[(G K) ⊙ (Bᵀ x)]`, tile by tile: the Winograd transforms of inputs and kernel are
/// multiplied by an ordinary matrix product over channels at each point, and the output transform
/// gives the outputs. `x̄ = B[(G K)ᵀ (A ȳ)]` and `K̄ = Gᵀ[(Bᵀ x) ⊗ (A ȳ)]` are its transposes.
/// Rounding errors are up to four times the direct product's for a kernel of 25, and no larger for
/// 5 × 5.
struct WinogradConvolution: ConvolutionProducts {
  let geometry: ConvolutionGeometry
  let height: WinogradAxis
  let width: WinogradAxis
  /// The inputs with the zeros that tiles read.
  let inputs: PaddedPicture
  /// The products of tiles with the strips of the kernel's panels, and of those of the transposed
  /// one.
  private(set) var forwardProducts: [RowProduct] = []
  private(set) var transposedProducts: [RowProduct] = []
  /// The product of the inputs at a point with strips of the gradients with respect to the outputs.
  private(set) var gradientProduct = RowProduct(maxRows: 0, sourceRowStride: 0, targetRowStride: 0)

  /// Creates the products for `geometry`; nil if its kernel and stride are not supported, or it has
  /// too few channels for a gain.
  init?(_ geometry: ConvolutionGeometry) {
    guard geometry.inputChannels >= Self.leastChannels, let axes = Self.axes(geometry) else {
      return nil
    }
    self.geometry = geometry
    (height, width) = axes
    inputs = PaddedPicture(
      lines: geometry.height.length, width: geometry.width.length,
      channels: geometry.inputChannels, coveredLines: height.covered, coveredWidth: width.covered)
    forwardProducts = Panel.strips(of: 0..<geometry.outputChannels).map {
      RowProduct(maxRows: mostTiles, sourceRowStride: depth, targetRowStride: $0.count)
    }
    transposedProducts = Panel.strips(of: 0..<depth).map {
      RowProduct(
        maxRows: mostTiles, sourceRowStride: geometry.outputChannels, targetRowStride: $0.count)
    }
    gradientProduct = RowProduct(
      maxRows: depth, sourceRowStride: 1, targetRowStride: geometry.outputChannels)
  }

  /// The least number of channels that fills the vectors of the transforms.
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

  /// The number of points of a tile.
  var points: Int { height.points * width.points }
  var tiles: Int { height.tiles * width.tiles }
  /// The number of channels of a part's inputs.
  var partChannels: Int { width.fused * geometry.inputChannels }
  /// The number of values of a tile at a point: the channels of all parts, with the part across
  /// varying fastest.
  var depth: Int { height.parts.count * width.parts.count * partChannels }

  /// The most tiles that are transformed together: as many as the second-level cache holds, from 64
  /// to 256.
  var mostTiles: Int {
    let numbers = points * (max(depth, geometry.outputChannels) + Panel.width)
    return min(max((3 << 16) / numbers, 64), 256)
  }
  /// Returns the stride of points with `numbers` values; not a power of two, whose multiples share
  /// a cache set.
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
    _ kernel: TensorView, to x: TensorView, into y: TensorView, examples: Range<Int>,
    on engine: Engine,
    shifts: Convolution.Shifts?, before: Convolution.Work?, after: Convolution.ScratchWork?
  ) {
    takeKernel(kernel, on: engine)
    let panels = engine.sharedScratch
    share(examples, strips: forwardProducts.count, engine, before: before, after: after) {
      examples, strips, scratch in
      let source = unsafe inputs.padded(
        x.start, examples: examples, shifts: shifts, scratch: scratch.start)
      let places = unsafe scratch.start + mostExamples * inputs.count
      forEachGroup(examples.count) { segments, tiles in
        let stride = pointStride(tiles * depth)
        unsafe takeInputs(source, segments, into: places, pointStrides(depth, stride: stride))
        unsafe multiply(
          places, panels.start, tiles, segments, strips, scratch: places + points * stride,
          into: y.start + examples.lowerBound * geometry.outputCount)
      }
    }
  }

  /// The tiles for which a task reads the transformed kernel at least, if there are enough tasks.
  /// For fewer, reading takes longer than the product.
  private static let leastTiles = 32

  /// Distributes `examples` over the threads, and the `strips` of the product as well if there are
  /// too few tiles. Neither changes the order of any sum.
  func share(
    _ examples: Range<Int>, strips: Int, _ engine: Engine, before: Convolution.Work?,
    after: Convolution.ScratchWork?,
    _ body: @Sendable (_ examples: Range<Int>, _ strips: Range<Int>, _ scratch: Tensor) -> Void
  ) {
    let wanted = min(
      Self.leastTiles.dividedRoundingUp(by: tiles), examples.count * strips / engine.threads)
    let size = min(max(examples.count / engine.taskGoal, wanted, 1), mostExamples)
    let chunks = examples.count.dividedRoundingUp(by: size)
    let groups = min(max(engine.threads / max(chunks, 1), 1), strips)
    if groups == 1 {
      return engine.run(over: examples, by: size) { examples, scratch in
        before?(examples)
        body(examples, 0..<strips, scratch)
        after?(examples, scratch)
      }
    }
    if let before { engine.run(over: examples, by: 1) { examples, _ in before(examples) } }
    engine.run(tasks: chunks * groups) { task, scratch in
      let (chunk, group) = task.quotientAndRemainder(dividingBy: groups)
      let first = examples.lowerBound + chunk * size
      body(
        first..<min(first + size, examples.upperBound), (0..<strips).piece(group, of: groups),
        scratch)
    }
    if let after { engine.run(over: examples, by: 1, after) }
  }

  private func multiply(
    _ source: UnsafePointer<Float>, _ panels: UnsafePointer<Float>, _ tiles: Int,
    _ segments: Segments, _ strips: Range<Int>, scratch: UnsafeMutablePointer<Float>,
    into y: UnsafeMutablePointer<Float>
  ) {
    let (sourceStride, panelStride) = (pointStride(tiles * depth), kernelPointStride)
    let all = Panel.strips(of: 0..<geometry.outputChannels)
    for index in strips {
      let (strip, product) = (all[index], forwardProducts[index])
      let sumStride = pointStride(tiles * strip.count)
      for point in 0..<points {
        var isFirst = true
        for channels in channels(at: point) {
          unsafe product.run(
            source: source + point * sourceStride, terms: channels, rows: tiles,
            panel: panels + point * panelStride + strip.lowerBound * depth, columns: strip.count,
            into: scratch + point * sumStride, accumulating: !isFirst)
          isFirst = false
        }
      }
      unsafe collect(
        scratch, pointStrides(strip.count, stride: sumStride), segments, into: y + strip.lowerBound,
        strip.count)
    }
  }

  /// Writes the outputs of tiles, the output transform of the sums at the points.
  private func collect(
    _ sums: UnsafePointer<Float>, _ strides: specgan_tile_strides, _ segments: Segments,
    into y: UnsafeMutablePointer<Float>, _ channels: Int
  ) {
    for segment in segments {
      unsafe specgan_transform_tiles(
        specgan_output_transform, down: height.parts[0].filter, across: width.parts[0].filter,
        from: specgan_source_tiles(start: sums + segment.first * strides.tile, strides: strides),
        to: specgan_target_tiles(start: y + outputOffset(segment), strides: outputStrides),
        tiles: segment.across.count, channels: channels)
    }
  }
}
