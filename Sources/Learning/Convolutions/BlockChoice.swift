/// How many neighbouring targets the transposed product computes from one window across the
/// picture.
///
/// One at a time needs no product with a missing kernel position, but where there are few channels
/// it fills only a part of the processor's vectors. A block of targets fills them, and multiplies
/// by some zeros.
struct BlockChoice {
  /// The windows across the picture.
  let windows: [AxisWindows]

  /// The choice that costs least, by ``cost(_:_:)``.
  init(_ geometry: ConvolutionGeometry) {
    let axis = geometry.width
    let single = (0..<axis.stride).map {
      AxisWindows(transposed: axis, targets: $0..<$0 + 1, of: axis.stride)
    }
    var best = single
    var block = axis.stride
    while block * geometry.inputChannels <= 2 * Panel.width && axis.length % block == 0 {
      let windows = [AxisWindows(transposed: axis, targets: 0..<block, of: block)]
      if Self.cost(windows, geometry) < Self.cost(best, geometry) { best = windows }
      block *= 2
    }
    windows = best
  }

  /// Multiplications a target, weighted with how far their vectors are from the best pace.
  private static func cost(_ windows: [AxisWindows], _ geometry: ConvolutionGeometry) -> Double {
    windows.reduce(0) { sum, windows in
      let columns = Panel.stride(windows.targetCount * geometry.inputChannels)
      return sum + Double(windows.length * columns) / pace(columns)
    } / Double(windows.reduce(0) { $0 + $1.targetCount })
  }

  /// The pace of a product of so many columns, over that of 64: measured with AVX-512.
  private static func pace(_ columns: Int) -> Double {
    switch columns {
    case 16: 0.5
    case 32: 0.85
    default: 1
    }
  }
}
