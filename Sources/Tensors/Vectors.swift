/// Loops over a few contiguous numbers, eight at a time: short runs would spend as long on the call and
/// the checks of a general routine as on their elements.
enum Vectors {
  private static let width = 8

  /// `target = source`.
  @inline(__always)
  static func copy(
    _ source: UnsafePointer<Float>, _ count: Int, to target: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index &+ width <= count {
      unsafe store(load(source + index), to: target + index)
      index &+= width
    }
    while index < count {
      unsafe target[index] = source[index]
      index &+= 1
    }
  }

  /// `target += source`.
  @inline(__always)
  static func add(
    _ source: UnsafePointer<Float>, _ count: Int, to target: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index &+ width <= count {
      unsafe store(load(target + index) + load(source + index), to: target + index)
      index &+= width
    }
    while index < count {
      unsafe target[index] += source[index]
      index &+= 1
    }
  }

  @inline(__always)
  private static func load(_ address: UnsafePointer<Float>) -> SIMD8<Float> {
    unsafe UnsafeRawPointer(address).loadUnaligned(as: SIMD8<Float>.self)
  }

  @inline(__always)
  private static func store(_ vector: SIMD8<Float>, to address: UnsafeMutablePointer<Float>) {
    unsafe UnsafeMutableRawPointer(address).storeBytes(of: vector, as: SIMD8<Float>.self)
  }
}
