// Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, section
// 3.3.

/// Philox 4x32-10: a bijection of 128-bit counters for every 64-bit key.
///
/// It has no state: the block of any counter can be computed at any time, in any order, on any
/// thread. It reproduces Random123's known-answer tests bit for bit.
package enum Philox {
  private static let multipliers: SIMD2<UInt32> = [0xD251_1F53, 0xCD9E_8D57]
  private static let weyl: SIMD2<UInt32> = [0x9E37_79B9, 0xBB67_AE85]
  private static let rounds = 10

  /// Returns the four random words of `counter` under `key`.
  package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for _ in 0..<rounds {
      let even = multipliers[0].multipliedFullWidth(by: counter[0])
      let odd = multipliers[1].multipliedFullWidth(by: counter[2])
      counter = [
        odd.high ^ counter[1] ^ key[0], odd.low, even.high ^ counter[3] ^ key[1], even.low,
      ]
      key &+= weyl
    }
    return counter
  }
}
