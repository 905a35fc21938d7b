internal import CSpecGANKernels

/// The decomposition of one axis of a strided convolution into short filters without a stride.
///
/// `y[o] = Σₖ K[k] x[s·o + k − padding]` is a sum over the phases of `k` in the stride `s`. Each
/// phase is a filter of few taps over every `s`th input. Each part computes ``places`` neighboring
/// outputs at once, a tile. All parts use the same points, except that the shorter ones do not use
/// the last point.
struct WinogradAxis: Sendable {
  /// A filter of few taps, a part of the kernel.
  struct Part: Sendable {
    let filter: specgan_filter
    let taps: Int
    /// The first kernel position; the others follow a stride apart.
    let firstKernel: Int
    /// The first input position that the first tile reads; the others follow a stride apart.
    let firstInput: Int
  }

  /// The number of outputs of a tile.
  let places: Int
  /// The number of tiles along the axis.
  let tiles: Int
  /// The parts, the longest first; the others have one point less.
  let parts: [Part]
  /// The number of input positions from one of a part's inputs to the next.
  let stride: Int
  /// The number of neighboring input positions that are read as channels of one: all phases, or 1.
  let fused: Int

  /// An axis of one position and a kernel of one.
  static let single = WinogradAxis(
    places: 1, tiles: 1,
    parts: [Part(filter: specgan_one_tap, taps: 1, firstKernel: 0, firstInput: 0)],
    stride: 1, fused: 1)

  /// Returns an axis of two phases, with three taps and two, for a kernel of 5 with a stride of 2
  /// and an even number of outputs; nil for others.
  static func ofTwoPhases(_ axis: ConvolutionGeometry.Axis) -> WinogradAxis? {
    let places = 2
    guard axis.stride == 2, axis.kernel == 5, axis.outputLength.isMultiple(of: places) else {
      return nil
    }
    let parts = (0..<2).map { first in
      let taps = 3 - first
      return Part(
        filter: first == 0 ? specgan_three_taps_at_two : specgan_two_taps_at_two, taps: taps,
        firstKernel: first, firstInput: first - axis.padding)
    }
    return WinogradAxis(
      places: places, tiles: axis.outputLength / places, parts: parts, stride: 2, fused: 1)
  }

  /// Returns an axis of all phases together, with seven taps each, for a kernel that spans seven
  /// strides, such as 25 with a stride of 4; nil for others. Some taps may be outside the kernel.
  /// The first four taps are one part, and the other three another.
  static func ofFusedPhases(_ axis: ConvolutionGeometry.Axis) -> WinogradAxis? {
    let places = 4
    let first = (-axis.padding).dividedRoundingDown(by: axis.stride)
    let last = (axis.kernel - 1 - axis.padding).dividedRoundingDown(by: axis.stride)
    guard axis.stride > 1, last - first + 1 == 7, axis.outputLength.isMultiple(of: places) else {
      return nil
    }
    let parts = [4, 3].map { taps in
      let tap = taps == 4 ? first : first + 4
      return Part(
        filter: taps == 4 ? specgan_four_taps_at_four : specgan_three_taps_at_four, taps: taps,
        firstKernel: tap * axis.stride + axis.padding, firstInput: tap * axis.stride)
    }
    return WinogradAxis(
      places: places, tiles: axis.outputLength / places, parts: parts, stride: axis.stride,
      fused: axis.stride)
  }

  /// The number of points of the longest part.
  var points: Int { inputs(parts[0]) }

  /// Returns the number of positions that a tile reads for a part.
  private func inputs(_ part: Part) -> Int { places + part.taps - 1 }

  /// The number of input positions from tile to tile.
  var tileStep: Int { places * stride }

  /// The input positions that the tiles read.
  var covered: Range<Int> { covered(by: 0..<tiles) }

  /// Returns the input positions that some tiles, at least one, read.
  func covered(by tiles: Range<Int>) -> Range<Int> {
    let lower = parts.lazy.map(\.firstInput).min() ?? 0
    let upper = parts.lazy.map { $0.firstInput + (inputs($0) - 1) * stride + fused }.max() ?? 0
    return lower + tiles.lowerBound * tileStep..<upper + (tiles.upperBound - 1) * tileStep
  }

  /// The kernel positions of the parts' taps; some may lie outside the kernel.
  var kernelCovered: Range<Int> {
    let lower = parts.lazy.map(\.firstKernel).min() ?? 0
    let upper = parts.lazy.map { $0.firstKernel + ($0.taps - 1) * stride + fused }.max() ?? 0
    return lower..<upper
  }

  /// Returns the number of parts, from the first, that use `point`.
  func partCount(at point: Int) -> Int { point < points - 1 ? parts.count : 1 }
}
