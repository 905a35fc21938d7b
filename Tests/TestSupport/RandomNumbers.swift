internal import SpecGANRandomness
public import SpecGANTensors

/// Seeded random numbers in `[-1, 1)`; rows of different `seed` have nothing in common.
public func randomNumbers(_ count: Int, seed: UInt64) -> [Float] {
  let stream = RandomStream(seed: seed, purpose: .generation, row: 77)
  return (0..<count).map { 2 * stream.uniform(at: UInt64($0)) - 1 }
}

/// Seeded random whole numbers in `-3 ... 3`, whose products and sums float32 holds exactly.
public func smallIntegers(_ count: Int, seed: UInt64) -> [Float] {
  let stream = RandomStream(seed: seed, purpose: .generation, row: 78)
  return (0..<count).map { Float(stream.integer(below: 7, at: UInt64($0)) - 3) }
}

extension Tensor {
  /// A tensor of seeded random numbers in `[-1, 1)`.
  public static func random(_ shape: [Int], seed: UInt64) -> Tensor {
    Tensor(shape: shape, randomNumbers(shape.reduce(1, *), seed: seed))
  }
}

/// `Σ a b` in double precision.
public func inner(_ a: [Float], _ b: [Float]) -> Double {
  zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}
