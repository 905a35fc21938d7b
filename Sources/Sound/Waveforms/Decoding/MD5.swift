// Source: RFC 1321.

/// The MD5 digest, which FLAC files have of their samples; computed incrementally.
struct MD5 {
  private var state: (UInt32, UInt32, UInt32, UInt32) = (
    0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476
  )
  private var pending: [UInt8] = []
  private var byteCount = 0

  private static let shifts: [UInt32] = [
    7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21,
  ]
  /// The integer parts of 2³² |sin(i + 1)|.
  private static let sines: [UInt32] = [
    0xD76A_A478, 0xE8C7_B756, 0x2420_70DB, 0xC1BD_CEEE, 0xF57C_0FAF, 0x4787_C62A, 0xA830_4613,
    0xFD46_9501, 0x6980_98D8, 0x8B44_F7AF, 0xFFFF_5BB1, 0x895C_D7BE, 0x6B90_1122, 0xFD98_7193,
    0xA679_438E, 0x49B4_0821, 0xF61E_2562, 0xC040_B340, 0x265E_5A51, 0xE9B6_C7AA, 0xD62F_105D,
    0x0244_1453, 0xD8A1_E681, 0xE7D3_FBC8, 0x21E1_CDE6, 0xC337_07D6, 0xF4D5_0D87, 0x455A_14ED,
    0xA9E3_E905, 0xFCEF_A3F8, 0x676F_02D9, 0x8D2A_4C8A, 0xFFFA_3942, 0x8771_F681, 0x6D9D_6122,
    0xFDE5_380C, 0xA4BE_EA44, 0x4BDE_CFA9, 0xF6BB_4B60, 0xBEBF_BC70, 0x289B_7EC6, 0xEAA1_27FA,
    0xD4EF_3085, 0x0488_1D05, 0xD9D4_D039, 0xE6DB_99E5, 0x1FA2_7CF8, 0xC4AC_5665, 0xF429_2244,
    0x432A_FF97, 0xAB94_23A7, 0xFC93_A039, 0x655B_59C3, 0x8F0C_CC92, 0xFFEF_F47D, 0x8584_5DD1,
    0x6FA8_7E4F, 0xFE2C_E6E0, 0xA301_4314, 0x4E08_11A1, 0xF753_7E82, 0xBD3A_F235, 0x2AD7_D2BB,
    0xEB86_D391,
  ]

  /// Appends `bytes`.
  mutating func update(_ bytes: [UInt8]) {
    byteCount += bytes.count
    let all = pending.isEmpty ? bytes : pending + bytes
    let whole = all.count / 64 * 64
    unsafe all.withUnsafeBytes { buffer in
      for start in stride(from: 0, to: whole, by: 64) {
        unsafe append(UnsafeRawBufferPointer(rebasing: buffer[start..<start + 64]))
      }
    }
    pending = Array(all[whole...])
  }

  /// Returns the digest of all bytes so far.
  func digest() -> [UInt8] {
    var last = self
    let bitCount = 8 * byteCount
    let padding = (119 - byteCount % 64) % 64
    last.update(
      [0x80] + [UInt8](repeating: 0, count: padding)
        + (0..<8).map { UInt8(truncatingIfNeeded: bitCount >> (8 * $0)) })
    return [last.state.0, last.state.1, last.state.2, last.state.3].flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
  }

  /// Appends a block of 64 bytes.
  private mutating func append(_ block: UnsafeRawBufferPointer) {
    var (a, b, c, d) = state
    func add(_ mix: UInt32, _ word: Int, _ step: Int, _ shift: UInt32) {
      let value = unsafe UInt32(
        littleEndian: block.loadUnaligned(fromByteOffset: 4 * word, as: UInt32.self))
      let sum = a &+ mix &+ Self.sines[step] &+ value
      (a, d, c, b) = (d, c, b, b &+ (sum &<< shift | sum &>> (32 - shift)))
    }
    for step in 0..<16 { add(d ^ b & (c ^ d), step, step, Self.shifts[step % 4]) }
    for step in 0..<16 {
      add(c ^ d & (b ^ c), (5 * step + 1) & 15, 16 + step, Self.shifts[4 + step % 4])
    }
    for step in 0..<16 {
      add(b ^ c ^ d, (3 * step + 5) & 15, 32 + step, Self.shifts[8 + step % 4])
    }
    for step in 0..<16 {
      add(c ^ (b | ~d), 7 * step & 15, 48 + step, Self.shifts[12 + step % 4])
    }
    state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
  }
}
