// Shoemake, "Animating Rotation with Quaternion Curves", SIGGRAPH 1985, section 3.3, in as many
// dimensions as latents have; for networks' latents, White, "Sampling Generative Networks", 2016,
// section 2.1.

internal import RealModule
internal import SpecGANRuns
internal import SpecGANTensors

/// The ways from one latent to another.
package enum LatentPath: String, CaseIterable, Sendable {
  /// The straight line, on which latents that were drawn stay within what is drawn; halfway it is
  /// nearer to the origin than nearly all that training has seen.
  case linear
  /// The direction turns evenly along a great circle and the norm changes evenly, so that it never
  /// falls below both ends'; single numbers may leave the range that is drawn.
  ///
  /// Where the directions are the same, or a latent is zero and has none, only the norm changes:
  /// that is the straight line. Where they are opposite, every great circle is as short; it is then
  /// the one towards the axis on which the first latent is smallest, the first such axis. In one
  /// dimension there is no circle, and it is the straight line.
  case spherical

  /// `count` points from `start` to `end`, both among them as they are.
  ///
  /// Computed in double precision and rounded once, so a number is exact to 2⁻²⁴ of the larger
  /// end's norm.
  /// - Precondition: `count` is at least 2, both have as many numbers, and all are finite.
  package func points(from start: [Float], to end: [Float], count: Int) -> [[Float]] {
    precondition(count >= 2, "a path has two ends, not \(count) points")
    precondition(start.count == end.count, "\(start.count) numbers to \(end.count)")
    let (first, last) = (start.map { Double($0) }, end.map { Double($0) })
    let point =
      switch self {
      case .linear: Self.line(from: first, to: last)
      case .spherical: Self.arc(from: first, to: last) ?? Self.line(from: first, to: last)
      }
    let between = (1..<count - 1).map { index in
      point(Double(index) / Double(count - 1)).map(Self.rounded)
    }
    return [start] + between + [end]
  }

  private typealias Curve = (_ position: Double) -> [Double]

  private static func line(from start: [Double], to end: [Double]) -> Curve {
    { position in zip(start, end).map { $0 + position * ($1 - $0) } }
  }

  /// Below this sine two directions are the same, or opposite: it is of the size of a float's
  /// rounding, and large enough for what is left of a difference of doubles to be right.
  private static let smallestSine = 1e-8

  /// Nil where it is the straight line.
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

  /// What is left of the axis on which `direction` is smallest; nil in one dimension.
  private static func anySide(of direction: [Double]) -> [Double]? {
    guard direction.count > 1,
      let axis = direction.indices.min(by: { abs(direction[$0]) < abs(direction[$1]) })
    else { return nil }
    var unit = [Double](repeating: 0, count: direction.count)
    unit[axis] = 1
    return rejection(of: unit, from: direction)
  }

  /// The part of `vector` that is at right angles to `direction`, of norm 1.
  private static func rejection(of vector: [Double], from direction: [Double]) -> [Double] {
    let along = inner(vector, direction)
    return zip(vector, direction).map { $0 - along * $1 }
  }

  private static func inner(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func norm(_ vector: [Double]) -> Double { inner(vector, vector).squareRoot() }

  /// The nearest float; the largest in place of an infinity, as a turned latent's number may be
  /// larger than any of its ends'.
  private static func rounded(_ value: Double) -> Float {
    let largest = Double(Float.greatestFiniteMagnitude)
    return Float(max(-largest, min(largest, value)))
  }
}

extension ChosenLatents {
  /// `count` latents on the way from the one at place `start` to that at place `end`.
  ///
  /// The ends keep their numbers, and what lies between takes that of the nearer end, the first
  /// one's in the middle: so the ends are the very sounds they were, and random phases change at
  /// most once on the way. All have the label of the first, if it has one.
  /// - Precondition: there are such places, and `count` is at least 2.
  package func interpolated(
    from start: Int, to end: Int, count: Int, along path: LatentPath
  ) -> ChosenLatents {
    let rows = [start, end].map { latents.examples($0..<$0 + 1).values }
    let points = path.points(from: rows[0], to: rows[1], count: count)
    return ChosenLatents(
      latents: Tensor(shape: [count, latents.stride], points.flatMap(\.self)),
      numbers: (0..<count).map { numbers[2 * $0 <= count - 1 ? start : end] },
      labels: labels.isEmpty ? [] : [Int](repeating: labels[start], count: count), seed: seed)
  }
}
