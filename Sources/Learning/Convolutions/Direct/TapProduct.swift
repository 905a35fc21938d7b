internal import CSpecGANKernels

/// The transposed product for an input with so few channels that they do not fill a vector.
///
/// The positions of an output line fill it instead. Every kernel position and input channel gives a
/// row of products over the line, in which neighbors are a stride apart in the input. The rows are
/// added to streams, one for each position within a stride and each channel, and the streams are
/// interleaved at the end.
struct TapProduct: Sendable {
  private let geometry: ConvolutionGeometry
  /// The number of targets of each stream, and of the values before and after them that are outside
  /// the line.
  private let length: Int
  private let before: Int
  private let after: Int
  /// The destinations of the rows of products, in the order of the kernel's rows.
  private let rows: [Row]
  private let kernelOffsets: [Int]
  private let productOffsets: [Int]

  private struct Row {
    /// The kernel position down, which with the output's line determines the input's.
    let down: Int
    /// The stream of the line.
    let stream: Int
    /// The offset from an output position to a position in the stream.
    let shift: Int
  }

  /// Returns whether this algorithm suits `geometry`. Measured with AVX-512, it is up to eight
  /// times as fast.
  static func suits(_ geometry: ConvolutionGeometry) -> Bool {
    geometry.inputChannels <= 4 && geometry.width.outputLength >= 16
  }

  init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    let axis = geometry.width
    let shifts = (0..<axis.kernel).map { ($0 - axis.padding).dividedRoundingDown(by: axis.stride) }
    let length = axis.length.dividedRoundingUp(by: axis.stride)
    self.length = length
    let before = max(-(shifts.min() ?? 0), 0)
    self.before = before
    after = max(axis.outputLength + (shifts.max() ?? 0) - length, 0)
    rows = (0..<geometry.height.kernel).flatMap { down in
      (0..<axis.kernel).flatMap { across in
        (0..<geometry.inputChannels).map { channel in
          let phase = across - axis.padding - shifts[across] * axis.stride
          return Row(
            down: down, stream: phase * geometry.inputChannels + channel,
            shift: before + shifts[across])
        }
      }
    }
    kernelOffsets = (0..<geometry.receptiveField).map { $0 * geometry.outputChannels }
    productOffsets = (0..<geometry.receptiveField).map { $0 * Panel.width }
  }

  private var streams: Int { geometry.width.stride * geometry.inputChannels }
  private var streamStride: Int { before + length + after }
  private var lineStride: Int { streams * streamStride }
  private var productCount: Int { geometry.receptiveField * Panel.width }

  /// The number of values of scratch memory besides a panel.
  var scratchCount: Int { productCount + geometry.height.length * lineStride }

  /// Computes `x = Kᵀ y` of one example.
  func run(
    _ kernel: UnsafePointer<Float>, _ y: UnsafePointer<Float>, into x: UnsafeMutablePointer<Float>,
    panel: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let sums = unsafe scratch + productCount
    unsafe sums.update(repeating: 0, count: geometry.height.length * lineStride)
    let width = geometry.width.outputLength
    for line in 0..<geometry.height.outputLength {
      for first in stride(from: 0, to: width, by: Panel.width) {
        let count = min(Panel.width, width - first)
        unsafe multiply(
          kernel, y + (line * width + first) * geometry.outputChannels, count, panel, into: scratch)
        unsafe addUp(scratch, line: line, first: first, count, into: sums)
      }
    }
    unsafe interleave(sums, into: x)
  }

  /// Computes the products of all the kernel's rows with `count` positions of the output.
  private func multiply(
    _ kernel: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int,
    _ panel: UnsafeMutablePointer<Float>, into products: UnsafeMutablePointer<Float>
  ) {
    let channels = geometry.outputChannels
    let stride = Panel.stride(count)
    for first in Swift.stride(from: 0, to: channels, by: Panel.rows) {
      let block = min(Panel.rows, channels - first)
      if stride > count { unsafe panel.update(repeating: 0, count: block * stride) }
      unsafe specgan_transpose(y + first, channels, count, block, panel, stride)
      unsafe specgan_products(
        Panel.processor, kernel + first, kernelOffsets, products, productOffsets, rows.count,
        specgan_terms(
          outer: specgan_loop(count: 1, stride: 0), middle: specgan_loop(count: 1, stride: 0),
          inner: specgan_loop(count: block, stride: 1)),
        panel, count, first > 0)
    }
  }

  private func addUp(
    _ products: UnsafePointer<Float>, line: Int, first: Int, _ count: Int,
    into sums: UnsafeMutablePointer<Float>
  ) {
    let height = geometry.height
    for (index, row) in rows.enumerated() {
      let target = line * height.stride + row.down - height.padding
      guard 0..<height.length ~= target else { continue }
      unsafe specgan_add(
        products + index * Panel.width, count,
        sums + target * lineStride + row.stream * streamStride + row.shift + first)
    }
  }

  private func interleave(
    _ sums: UnsafePointer<Float>, into x: UnsafeMutablePointer<Float>
  ) {
    let lineCount = geometry.width.length * geometry.inputChannels
    let whole = lineCount / streams
    for line in 0..<geometry.height.length {
      let source = unsafe sums + line * lineStride + before
      let target = unsafe x + line * lineCount
      unsafe specgan_transpose(source, streamStride, streams, whole, target, streams)
      for stream in 0..<lineCount - whole * streams {
        unsafe target[whole * streams + stream] = source[stream * streamStride + whole]
      }
    }
  }
}
