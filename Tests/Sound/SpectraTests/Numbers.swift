import ComplexModule
import RealModule
import SpecGANRandomness

/// Random samples, uniform in [−1, 1), of a fixed seed.
func noise(_ count: Int, row: UInt32 = 0) -> [Float] {
  let stream = RandomStream(seed: 20_190_212, stream: 1 << 40 | UInt64(row))
  return (0..<count).map { 2 * stream.uniform(at: UInt64($0)) - 1 }
}

/// `‖found − expected‖ / ‖expected‖`; infinite where one has more numbers than the other.
func relativeError(_ found: [Float], _ expected: [Float]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let error = zip(found, expected).map { Double($0 - $1) * Double($0 - $1) }.reduce(0, +)
  return (error / expected.map { Double($0) * Double($0) }.reduce(0, +)).squareRoot()
}

extension Array where Element == Complex<Float> {
  /// Creates an array of `count` zeros.
  init(zeros count: Int) { self.init(repeating: 0, count: count) }
}
