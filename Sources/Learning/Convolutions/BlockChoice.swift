/// The number of neighboring targets that the transposed product computes from one window across
/// the picture.
///
/// Computed one at a time, targets need no products with missing kernel positions, but few channels
/// fill only a part of the CPU's vectors. A block of targets fills them, but some of its products
/// are with zeros.
struct BlockChoice {
  /// The windows across the picture.
  let windows: [AxisWindows]

  /// Chooses the windows of the least ``cost(_:_:)``.
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

  /// Returns the number of multiplications per target, weighted by how far their vectors are from
  /// the best speed.
  private static func cost(_ windows: [AxisWindows], _ geometry: ConvolutionGeometry) -> Double {
    windows.reduce(0) { sum, windows in
      let columns = Panel.stride(windows.targetCount * geometry.inputChannels)
      return sum + Double(windows.length * columns) / pace(columns)
    } / Double(windows.reduce(0) { $0 + $1.targetCount })
  }

  /// Returns the speed of a product with `columns` columns, divided by that with 64: measured with
  /// AVX-512.
  private static func pace(_ columns: Int) -> Double {
    switch columns {
    case 16: 0.5
    case 32: 0.85
    default: 1
    }
  }
}
