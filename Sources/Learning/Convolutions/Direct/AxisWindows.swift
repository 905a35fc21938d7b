/// The windows that one axis of a product reads its source through, and the targets that each
/// gives.
///
/// Window `i` covers source positions `start + i·step ..< start + i·step + length` and gives
/// targets `firstTarget + i·targetStep` and the `targetCount − 1` after it. Target `t` of a window
/// takes source position `w` of it times kernel position `tap(t, w)`, or nothing where the kernel
/// has no such position.
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

  /// The convolution's own: from `axis.length` positions to `axis.outputLength`.
  init(forward axis: ConvolutionGeometry.Axis) {
    count = axis.outputLength
    start = -axis.padding
    step = axis.stride
    length = axis.kernel
    (firstTarget, targetStep, targetCount) = (0, 1, 1)
    (firstTap, tapStep) = (0, 1)
  }

  /// The transposed convolution's: from `axis.outputLength` positions back to `axis.length`, for
  /// `targets` of every `block`, which is a multiple of the stride.
  ///
  /// Target `i` takes output `o` times kernel position `i + padding − stride·o`.
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

  /// The position in the kernel, which may lie outside of it.
  func tap(target: Int, position: Int) -> Int { firstTap + target + tapStep * position }

  /// Source positions that any window covers.
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
