internal import SpecGANRandomness
public import SpecGANTensors

/// Returns seeded random numbers in `[-1, 1)`, which are independent for different `seed`.
public func randomNumbers(_ count: Int, seed: UInt64) -> [Float] {
  let stream = RandomStream(seed: seed, purpose: .generation, row: 77)
  return (0..<count).map { 2 * stream.uniform(at: UInt64($0)) - 1 }
}

/// Returns seeded random integers in `-3 ... 3`, whose products and sums are exact in float32.
public func smallIntegers(_ count: Int, seed: UInt64) -> [Float] {
  let stream = RandomStream(seed: seed, purpose: .generation, row: 78)
  return (0..<count).map { Float(stream.integer(below: 7, at: UInt64($0)) - 3) }
}

extension Tensor {
  /// Returns a tensor of seeded random numbers in `[-1, 1)`.
  public static func random(_ shape: [Int], seed: UInt64) -> Tensor {
    Tensor(shape: shape, randomNumbers(shape.reduce(1, *), seed: seed))
  }
}

/// `Σ a b` in double precision.
public func inner(_ a: [Float], _ b: [Float]) -> Double {
  zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}
