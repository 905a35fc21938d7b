// Shoemake, "Animating Rotation with Quaternion Curves", SIGGRAPH 1985, section 3.3, in the
// dimensions of latents; for networks' latents, White, "Sampling Generative Networks", 2016,
// section 2.1.

internal import RealModule
internal import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANTensors

/// The shape of a path from one latent to another.
package enum LatentPath: String, CaseIterable, Sendable {
  /// The straight line, which stays within the range of drawn latents. Its middle is closer to the
  /// origin than nearly all latents in training.
  case linear
  /// A great circle: direction and norm change linearly, so that the norm is never below the
  /// smaller one of the ends. Single elements may leave the range of drawn latents.
  ///
  /// The path is the straight line if the directions are equal, if a latent is zero, or in one
  /// dimension. If the directions are opposite, all great circles are equally short; the path turns
  /// towards the axis with the smallest element of the first latent, the first such axis.
  case spherical

  /// Returns `count` points from `start` to `end`, with both ends unchanged.
  ///
  /// Points are computed in double precision and rounded once, so an element is exact to 2⁻²⁴ of
  /// the larger end's norm.
  ///
  /// - Precondition: `count` is at least 2, both ends have as many elements, and all are finite.
  package func points(from start: [Float], to end: [Float], count: Int) -> [[Float]] {
    require(count >= 2, "a path has two ends, not \(count) points")
    let point = curve(from: start, to: end)
    let between = (1..<count - 1).map { index in
      point(Double(index) / Double(count - 1)).map(Self.rounded)
    }
    return [start] + between + [end]
  }

  /// Returns the point at `position` from `start`, at 0, to `end`, at 1: that of
  /// ``points(from:to:count:)`` at the same position.
  ///
  /// - Precondition: `position` is in `0 ... 1`, both ends have as many elements, and all are
  ///   finite.
  package func point(from start: [Float], to end: [Float], at position: Double) -> [Float] {
    require((0...1).contains(position), "position (=\(position)) must be from 0 to 1")
    if position == 0 || position == 1 { return position == 0 ? start : end }
    return curve(from: start, to: end)(position).map(Self.rounded)
  }

  private func curve(from start: [Float], to end: [Float]) -> Curve {
    require(start.count == end.count, "\(start.count) elements to \(end.count)")
    let (first, last) = (start.map { Double($0) }, end.map { Double($0) })
    return switch self {
    case .linear: Self.line(from: first, to: last)
    case .spherical: Self.arc(from: first, to: last) ?? Self.line(from: first, to: last)
    }
  }

  private typealias Curve = (_ position: Double) -> [Double]

  private static func line(from start: [Double], to end: [Double]) -> Curve {
    { position in zip(start, end).map { $0 + position * ($1 - $0) } }
  }

  /// The sine below which two directions are equal or opposite.
  ///
  /// It is about the rounding error of a float, and large enough for accurate differences of
  /// doubles.
  private static let smallestSine = 1e-8

  /// Returns the great circle; nil if the path is the straight line.
  private static func arc(from start: [Double], to end: [Double]) -> Curve? {
    let (startNorm, endNorm) = (norm(start), norm(end))
    guard startNorm > 0, endNorm > 0 else { return nil }
    let (direction, other) = (start.map { $0 / startNorm }, end.map { $0 / endNorm })
    var side = rejection(of: other, from: direction)
    let (sine, cosine) = (norm(side), inner(direction, other))
    let angle = Double.atan2(y: sine, x: cosine)
    if sine < smallestSine {
      guard cosine < 0, let anySide = anySide(of: direction) else { return nil }
      side = anySide
    }
    let sideNorm = norm(side)
    let turned = side.map { $0 / sideNorm }
    return { position in
      let norm = (1 - position) * startNorm + position * endNorm
      let (along, aside) = (norm * .cos(position * angle), norm * .sin(position * angle))
      return zip(direction, turned).map { along * $0 + aside * $1 }
    }
  }

  /// Returns the part of the axis with the smallest element of `direction` that is orthogonal to
  /// `direction`; nil in one dimension.
  private static func anySide(of direction: [Double]) -> [Double]? {
    guard direction.count > 1,
      let axis = direction.indices.min(by: { abs(direction[$0]) < abs(direction[$1]) })
    else { return nil }
    var unit = [Double](repeating: 0, count: direction.count)
    unit[axis] = 1
    return rejection(of: unit, from: direction)
  }

  /// Returns the part of `vector` that is orthogonal to `direction`, which has the norm 1.
  private static func rejection(of vector: [Double], from direction: [Double]) -> [Double] {
    let along = inner(vector, direction)
    return zip(vector, direction).map { $0 - along * $1 }
  }

  private static func inner(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func norm(_ vector: [Double]) -> Double { inner(vector, vector).squareRoot() }

  /// Returns the nearest finite float; a rotated latent may have a larger element than its ends.
  private static func rounded(_ value: Double) -> Float {
    let largest = Double(Float.greatestFiniteMagnitude)
    return Float(max(-largest, min(largest, value)))
  }
}

extension ChosenLatents {
  /// Returns `count` latents on a path from the latent at index `start` to that at index `end`.
  ///
  /// The ends keep their numbers, and the others have that of the nearer end, in the middle that of
  /// the first. So the ends are the same clips as before, and random phases change at most once on
  /// the path. The weights of labels change evenly, so that the last clip has its own label.
  ///
  /// - Precondition: `start` and `end` are valid indices, and `count` is at least 2.
  package func interpolated(
    from start: Int, to end: Int, count: Int, along path: LatentPath
  ) -> ChosenLatents {
    let rows = [start, end].map { latents.examples($0..<$0 + 1).values }
    let points = path.points(from: rows[0], to: rows[1], count: count)
    var interpolated = ChosenLatents(
      latents: Tensor(shape: [count] + latents.shape.dropFirst(), points.flatMap(\.self)),
      numbers: (0..<count).map { numbers[2 * $0 <= count - 1 ? start : end] },
      labels: labels.isEmpty
        ? [] : LabelMix.path(from: labels[start], to: labels[end], count: count), seed: seed)
    interpolated.truncations = LatentPath.linear.points(
      from: [truncations[start]], to: [truncations[end]], count: count
    ).map { $0[0] }
    return interpolated
  }
}
