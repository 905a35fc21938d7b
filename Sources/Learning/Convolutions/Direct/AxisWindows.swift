/// The windows of the source along one axis of a product, and the targets of each.
///
/// Window `i` covers source positions `start + i·step ..< start + i·step + length`, and gives
/// target `firstTarget + i·targetStep` and the `targetCount − 1` after it. Target `t` of a window
/// is the sum over `w` of the window's source position `w` times kernel position `tap(t, w)`,
/// without kernel positions that do not exist.
struct AxisWindows: Equatable, Sendable {
  let count: Int
  let start: Int
  let step: Int
  let length: Int
  let firstTarget: Int
  let targetStep: Int
  let targetCount: Int
  private let firstTap: Int
  private let tapStep: Int

  /// Creates the windows of a convolution, from `axis.length` positions to `axis.outputLength`.
  init(forward axis: ConvolutionGeometry.Axis) {
    count = axis.outputLength
    start = -axis.padding
    step = axis.stride
    length = axis.kernel
    (firstTarget, targetStep, targetCount) = (0, 1, 1)
    (firstTap, tapStep) = (0, 1)
  }

  /// Creates the windows of a transposed convolution, from `axis.outputLength` positions to
  /// `axis.length`, for `targets` of every `block`, which is a multiple of the stride.
  ///
  /// Target `i` is the sum over `o` of output `o` times kernel position `i + padding − stride·o`.
  init(transposed axis: ConvolutionGeometry.Axis, targets: Range<Int>, of block: Int) {
    let first = targets.lowerBound + axis.padding
    let last = targets.upperBound - 1 + axis.padding
    start = (first - axis.kernel + 1).dividedRoundingUp(by: axis.stride)
    length = max(last.dividedRoundingDown(by: axis.stride) - start + 1, 0)
    count = max(axis.length - targets.lowerBound, 0).dividedRoundingUp(by: block)
    step = block / axis.stride
    firstTarget = targets.lowerBound
    targetStep = block
    targetCount = targets.count
    firstTap = first - axis.stride * start
    tapStep = -axis.stride
  }

  /// Returns the kernel position, which may be outside the kernel.
  func tap(target: Int, position: Int) -> Int { firstTap + target + tapStep * position }

  /// The source positions that the windows cover.
  var covered: Range<Int> { start..<max(start + (count - 1) * step + length, start) }
}

extension Int {
  func dividedRoundingDown(by divisor: Int) -> Int {
    (self >= 0 ? self : self - divisor + 1) / divisor
  }

  func dividedRoundingUp(by divisor: Int) -> Int {
    (self + divisor - 1).dividedRoundingDown(by: divisor)
  }
}
