/// The layout of pictures `[lines, width, channels]` with zeros around them, so that every window
/// is inside.
struct PaddedPicture: Equatable, Sendable {
  private let lines: Int
  private let width: Int
  private let channels: Int
  private let linesBefore: Int
  private let linesAfter: Int
  private let widthBefore: Int
  private let widthAfter: Int

  /// Creates the layout of a picture of `lines` by `width` positions, with room for the positions
  /// that windows cover.
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

  /// The number of values from one line to the next.
  var lineStride: Int { (widthBefore + width + widthAfter) * channels }
  /// The number of values of one padded picture.
  var count: Int { (linesBefore + lines + linesAfter) * lineStride }
  /// Whether there are no zeros around the picture, so that it can be read in place.
  var isBare: Bool { linesBefore + linesAfter + widthBefore + widthAfter == 0 }

  /// Returns the offset of a position of the picture. Negative positions are among the zeros.
  func offset(line: Int, position: Int) -> Int {
    (line + linesBefore) * lineStride + (position + widthBefore) * channels
  }

  /// Returns `examples` of the pictures that are dense at `pictures`, each shifted and padded: a
  /// copy in `scratch`, or the pictures in place if they need no change.
  func padded(
    _ pictures: UnsafeMutablePointer<Float>, examples: Range<Int>, shifts: Convolution.Shifts?,
    scratch: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    let dense = width * channels
    let first = unsafe pictures + examples.lowerBound * lines * dense
    if isBare && shifts == nil { return unsafe first }
    for (index, example) in examples.enumerated() {
      unsafe copy(
        first + index * lines * dense, shift: shifts?(example) ?? PictureShift(.lines, by: 0),
        to: scratch + index * count)
    }
    return unsafe scratch
  }

  private func copy(
    _ picture: UnsafePointer<Float>, shift: PictureShift, to target: UnsafeMutablePointer<Float>
  ) {
    let dense = width * channels
    let first = unsafe target + linesBefore * lineStride
    unsafe target.update(repeating: 0, count: linesBefore * lineStride)
    for line in 0..<lines {
      let start = unsafe first + line * lineStride
      let content = unsafe start + widthBefore * channels
      unsafe start.update(repeating: 0, count: widthBefore * channels)
      switch shift.axis {
      case .lines:
        let origin = shift.origin(of: line, lines)
        unsafe content.update(from: picture + origin * dense, count: dense)
      case .positions: unsafe copyLine(picture + line * dense, shift: shift, to: content)
      }
      unsafe (content + dense).update(repeating: 0, count: widthAfter * channels)
    }
    unsafe (first + lines * lineStride).update(repeating: 0, count: linesAfter * lineStride)
  }

  private func copyLine(
    _ line: UnsafePointer<Float>, shift: PictureShift, to target: UnsafeMutablePointer<Float>
  ) {
    let uncovered = shift.uncovered(width)
    let kept = width - uncovered.count
    unsafe (target + max(shift.distance, 0) * channels).update(
      from: line + max(-shift.distance, 0) * channels, count: kept * channels)
    for position in uncovered {
      unsafe (target + position * channels).update(
        from: line + shift.origin(of: position, width) * channels, count: channels)
    }
  }

  /// Copies `count` pictures without their zeros to dense ones.
  func copyInside(
    of padded: UnsafePointer<Float>, count pictures: Int, to target: UnsafeMutablePointer<Float>
  ) {
    let dense = width * channels
    for picture in 0..<pictures {
      for line in 0..<lines {
        unsafe (target + (picture * lines + line) * dense).update(
          from: padded + picture * count + offset(line: line, position: 0), count: dense)
      }
    }
  }
}
