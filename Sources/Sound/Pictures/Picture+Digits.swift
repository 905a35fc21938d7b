extension Picture {
  /// The size of a character at scale 1, in pixels, without the space after it.
  package static let characterSize = (width: 5, height: 7)

  /// Returns the width of `text` at `scale`, in pixels.
  package static func width(of text: String, scale: Int) -> Int {
    max(text.count * (characterSize.width + 1) - 1, 0) * scale
  }

  /// Draws numbers: digits, points, percent signs and spaces; other characters are left blank.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - x: the first column.
  ///   - y: the first row.
  ///   - scale: the width and height of a dot, in pixels.
  ///   - color: the color of the characters.
  /// - Precondition: the text fits into the picture.
  package mutating func write(
    digits text: String, x: Int, y: Int, scale: Int, _ color: SIMD3<UInt8>
  ) {
    for (place, character) in text.enumerated() {
      guard let rows = Self.glyphs[character] else { continue }
      let left = x + place * (Self.characterSize.width + 1) * scale
      for (row, dots) in rows.enumerated() {
        for column in 0..<Self.characterSize.width where dots >> (4 - column) & 1 == 1 {
          fill(
            x: left + column * scale, y: y + row * scale, width: scale, height: scale, color)
        }
      }
    }
  }

  /// The glyphs: seven rows of five dots, from the top; the highest bit is the left one.
  private static let glyphs: [Character: [UInt8]] = [
    "0": [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
    "1": [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
    "2": [0b01110, 0b10001, 0b00001, 0b00010, 0b00100, 0b01000, 0b11111],
    "3": [0b01110, 0b10001, 0b00001, 0b00110, 0b00001, 0b10001, 0b01110],
    "4": [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
    "5": [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
    "6": [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
    "7": [0b11111, 0b00001, 0b00010, 0b00010, 0b00100, 0b00100, 0b00100],
    "8": [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
    "9": [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
    ".": [0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b01100, 0b01100],
    "%": [0b11000, 0b11001, 0b00010, 0b00100, 0b01000, 0b10011, 0b00011],
  ]
}
