internal import CSpecGANKernels
internal import SpecGANErrors

/// A shift of a picture along one axis. Positions that it uncovers are filled by reflection without
/// the edge.
package struct PictureShift: Equatable, Sendable {
  /// The axis of a shift.
  package enum Axis: Sendable {
    /// Lines as a whole, down the picture.
    case lines
    /// Positions, along every line.
    case positions
  }

  /// The axis.
  package let axis: Axis
  /// The distance, down or right, in lines or positions.
  package let distance: Int

  /// Creates a shift by `distance`.
  package init(_ axis: Axis, by distance: Int) {
    self.axis = axis
    self.distance = distance
  }

  /// Returns the positions, of `length`, that the shift uncovers, which reflection fills.
  func uncovered(_ length: Int) -> Range<Int> {
    distance > 0 ? 0..<distance : length + distance..<length
  }

  /// Returns the position in the picture whose value is at `position` of the shifted picture.
  func origin(of position: Int, _ length: Int) -> Int {
    require(
      abs(distance) < length, "a shift (=\(distance)) must be less than the length (=\(length))")
    let origin = abs(position - distance)
    return origin < length ? origin : 2 * (length - 1) - origin
  }

  /// Computes `x = Sᵀ x` of one picture in place, with `S` this shift. Values of positions that
  /// show the same source position are added.
  ///
  /// `scratch` has room for a picture.
  func transpose(
    _ x: UnsafeMutablePointer<Float>, lines: Int, width: Int, channels: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    if distance == 0 { return }
    switch axis {
    case .lines: unsafe transpose(x, length: lines, unit: width * channels, scratch)
    case .positions:
      for line in 0..<lines {
        unsafe transpose(x + line * width * channels, length: width, unit: channels, scratch)
      }
    }
  }

  private func transpose(
    _ x: UnsafeMutablePointer<Float>, length: Int, unit: Int, _ edge: UnsafeMutablePointer<Float>
  ) {
    let uncovered = uncovered(length)
    let kept = length - uncovered.count
    unsafe edge.update(from: x + uncovered.lowerBound * unit, count: uncovered.count * unit)
    unsafe (x + max(-distance, 0) * unit).update(
      from: x + max(distance, 0) * unit, count: kept * unit)
    let emptied = distance > 0 ? kept : 0
    unsafe (x + emptied * unit).update(repeating: 0, count: uncovered.count * unit)
    for (index, position) in uncovered.enumerated() {
      unsafe specgan_add(edge + index * unit, unit, x + origin(of: position, length) * unit)
    }
  }
}
