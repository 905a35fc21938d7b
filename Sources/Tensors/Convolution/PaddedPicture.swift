/// Pictures `[lines, width, channels]` with zeros around them, so that every window lies inside.
struct PaddedPicture: Equatable, Sendable {
  private let lines: Int
  private let width: Int
  private let channels: Int
  private let linesBefore: Int
  private let linesAfter: Int
  private let widthBefore: Int
  private let widthAfter: Int

  /// A picture of `lines` by `width` positions, with room for the positions that windows cover.
  init(
    lines: Int, width: Int, channels: Int, coveredLines: Range<Int>, coveredWidth: Range<Int>
  ) {
    self.lines = lines
    self.width = width
    self.channels = channels
    linesBefore = max(-coveredLines.lowerBound, 0)
    linesAfter = max(coveredLines.upperBound - lines, 0)
    widthBefore = max(-coveredWidth.lowerBound, 0)
    widthAfter = max(coveredWidth.upperBound - width, 0)
  }

  /// Numbers from one line to the next.
  var lineStride: Int { (widthBefore + width + widthAfter) * channels }
  /// Numbers of one picture.
  var count: Int { (linesBefore + lines + linesAfter) * lineStride }
  /// Whether there are no zeros around it: then it can be read where it lies.
  var isBare: Bool { linesBefore + linesAfter + widthBefore + widthAfter == 0 }

  /// Where a position of the picture lies; negative ones are among the zeros.
  func offset(line: Int, position: Int) -> Int {
    (line + linesBefore) * lineStride + (position + widthBefore) * channels
  }

  /// `examples` pictures, dense at `source`, with their zeros: a copy in `scratch`, or where they lie.
  func padded(
    _ source: UnsafeMutablePointer<Float>, examples: Int, scratch: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    if isBare { return unsafe source }
    let dense = width * channels
    var line = unsafe source
    var target = unsafe scratch
    for _ in 0..<examples {
      unsafe target.update(repeating: 0, count: linesBefore * lineStride)
      unsafe target += linesBefore * lineStride
      for _ in 0..<lines {
        let start = unsafe target + widthBefore * channels
        unsafe target.update(repeating: 0, count: widthBefore * channels)
        unsafe start.update(from: line, count: dense)
        unsafe (start + dense).update(repeating: 0, count: widthAfter * channels)
        unsafe line += dense
        unsafe target += lineStride
      }
      unsafe target.update(repeating: 0, count: linesAfter * lineStride)
      unsafe target += linesAfter * lineStride
    }
    return unsafe scratch
  }
}
