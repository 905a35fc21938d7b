internal import CSpecGANKernels

/// A shift of a picture along one axis; what it uncovers is filled by reflection without the edge.
package struct PictureShift: Equatable, Sendable {
  /// What is shifted.
  package enum Axis: Sendable {
    /// Whole lines, down the picture.
    case lines
    /// Positions, along every line.
    case positions
  }

  /// What is shifted.
  package let axis: Axis
  /// How far, down or right.
  package let distance: Int

  /// A shift by `distance`.
  package init(_ axis: Axis, by distance: Int) {
    self.axis = axis
    self.distance = distance
  }

  /// The places among `length` that the shift leaves for reflection to fill.
  func uncovered(_ length: Int) -> Range<Int> {
    distance > 0 ? 0..<distance : length + distance..<length
  }

  /// The place in the picture that `place` of the shifted one shows.
  func origin(of place: Int, _ length: Int) -> Int {
    precondition(
      abs(distance) < length, "a shift (=\(distance)) must be less than the length (=\(length))")
    let origin = abs(place - distance)
    return origin < length ? origin : 2 * (length - 1) - origin
  }

  /// `x = Sᵀ x` of one picture in place, `S` being this shift: what went to two places is added up.
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
    for (index, place) in uncovered.enumerated() {
      unsafe specgan_add(edge + index * unit, unit, x + origin(of: place, length) * unit)
    }
  }
}
