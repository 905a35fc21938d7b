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

  /// A part of a padded picture. Lines and positions beside the picture are zeros.
  struct Window {
    let lines: Range<Int>
    let positions: Range<Int>
  }

  /// The whole padded picture.
  private var whole: Window {
    Window(
      lines: -linesBefore..<lines + linesAfter, positions: -widthBefore..<width + widthAfter)
  }

  /// Returns the offset of a position of the picture. Negative positions are among the zeros.
  func offset(line: Int, position: Int) -> Int {
    (line + linesBefore) * lineStride + (position + widthBefore) * channels
  }

  /// Returns `examples` of the pictures that are dense at `pictures`, each shifted and padded: a
  /// copy in `scratch`, or the pictures in place if they need no change.
  ///
  /// Only `window` of each is copied, to where it is in a whole copy; nil for all.
  func padded(
    _ pictures: UnsafeMutablePointer<Float>, examples: Range<Int>, shifts: Convolution.Shifts?,
    window: Window? = nil, scratch: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    let dense = width * channels
    let first = unsafe pictures + examples.lowerBound * lines * dense
    if isBare && shifts == nil { return unsafe first }
    for (index, example) in examples.enumerated() {
      unsafe copy(
        first + index * lines * dense, shift: shifts?(example) ?? PictureShift(.lines, by: 0),
        window ?? whole, to: scratch + index * count)
    }
    return unsafe scratch
  }

  private func copy(
    _ picture: UnsafePointer<Float>, shift: PictureShift, _ window: Window,
    to target: UnsafeMutablePointer<Float>
  ) {
    let dense = width * channels
    let all = window.positions
    for line in window.lines {
      let content = unsafe target + offset(line: line, position: 0)
      let isInside = 0..<lines ~= line && all.overlaps(0..<width)
      let inside = isInside ? all.clamped(to: 0..<width) : all.lowerBound..<all.lowerBound
      unsafe (content + all.lowerBound * channels).update(
        repeating: 0, count: (inside.lowerBound - all.lowerBound) * channels)
      unsafe (content + inside.upperBound * channels).update(
        repeating: 0, count: (all.upperBound - inside.upperBound) * channels)
      if !isInside { continue }
      switch shift.axis {
      case .lines:
        let origin = unsafe picture + shift.origin(of: line, lines) * dense
        unsafe (content + inside.lowerBound * channels).update(
          from: origin + inside.lowerBound * channels, count: inside.count * channels)
      case .positions:
        unsafe copyLine(picture + line * dense, shift: shift, inside, to: content)
      }
    }
  }

  /// Copies `positions` of a shifted line.
  private func copyLine(
    _ line: UnsafePointer<Float>, shift: PictureShift, _ positions: Range<Int>,
    to target: UnsafeMutablePointer<Float>
  ) {
    let uncovered = shift.uncovered(width).clamped(to: positions)
    // The uncovered positions are at one end of the line.
    let kept =
      uncovered.isEmpty
      ? positions
      : shift.distance > 0
        ? uncovered.upperBound..<positions.upperBound : positions.lowerBound..<uncovered.lowerBound
    unsafe (target + kept.lowerBound * channels).update(
      from: line + (kept.lowerBound - shift.distance) * channels, count: kept.count * channels)
    for position in uncovered {
      unsafe (target + position * channels).update(
        from: line + shift.origin(of: position, width) * channels, count: channels)
    }
  }

  /// Copies `count` pictures without their zeros to dense ones: `values` of every `unit` values of
  /// a line.
  func copyInside(
    of padded: UnsafePointer<Float>, count pictures: Int, _ values: Range<Int>, of unit: Int,
    to target: UnsafeMutablePointer<Float>
  ) {
    let dense = width * channels
    let isWhole = values.count == unit
    for picture in 0..<pictures {
      for line in 0..<lines {
        let source = unsafe padded + picture * count + offset(line: line, position: 0)
        let copy = unsafe target + (picture * lines + line) * dense
        if isWhole {
          unsafe copy.update(from: source, count: dense)
          continue
        }
        for first in stride(from: values.lowerBound, to: dense, by: unit) {
          unsafe (copy + first).update(from: source + first, count: values.count)
        }
      }
    }
  }
}
