internal import CSpecGANKernels

/// How one axis of a strided convolution is cut into short filters without a stride.
///
/// `y[o] = Σₖ K[k] x[s·o + k − padding]` is a sum over the phases of `k` in the stride `s`, each a filter of
/// few taps over every `s`th input. Parts of it are applied at ``places`` neighbouring outputs at once, a
/// tile; all parts have products at the same points, but for the shorter ones, which do without the last.
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

  /// Outputs of a tile.
  let places: Int
  /// Tiles along the axis.
  let tiles: Int
  /// The longest part first; the others have one point less.
  let parts: [Part]
  /// Input positions from one of a part's inputs to the next.
  let stride: Int
  /// Neighbouring input positions that are read as channels of one: all phases at once, or 1.
  let fused: Int

  /// One position under a kernel of one.
  static let single = WinogradAxis(
    places: 1, tiles: 1,
    parts: [Part(filter: specgan_one_tap, taps: 1, firstKernel: 0, firstInput: 0)],
    stride: 1, fused: 1)

  /// Two phases, of three taps and of two: a kernel of 5 at a stride of 2, with an even number of outputs.
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

  /// All phases side by side, with seven taps each, some of which may lie beside the kernel: one of 25 at a
  /// stride of 4, or any other that spans seven strides. The first four taps are one part, the other three
  /// another.
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

  /// Products of a tile and a channel, in the longest part.
  var points: Int { inputs(parts[0]) }

  /// Positions that a tile reads of a part.
  private func inputs(_ part: Part) -> Int { places + part.taps - 1 }

  /// Input positions from tile to tile.
  var tileStep: Int { places * stride }

  /// Input positions that any tile reads.
  var covered: Range<Int> {
    let lower = parts.map(\.firstInput).min() ?? 0
    let upper = parts.map { $0.firstInput + (inputs($0) - 1) * stride + fused }.max() ?? 0
    return lower..<upper + (tiles - 1) * tileStep
  }

  /// Kernel positions that the parts' taps are at; some may lie beside the kernel.
  var kernelCovered: Range<Int> {
    let lower = parts.map(\.firstKernel).min() ?? 0
    let upper = parts.map { $0.firstKernel + ($0.taps - 1) * stride + fused }.max() ?? 0
    return lower..<upper
  }

  /// How many of the parts, from the first, have a product at `point`.
  func partCount(at point: Int) -> Int { point < points - 1 ? parts.count : 1 }
}
