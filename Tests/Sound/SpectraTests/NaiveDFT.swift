import ComplexModule
import Foundation
import Testing

/// The definition, in double precision and quadratic time: the oracle of every transform here.
enum NaiveDFT {
  /// `X[k] = Σ x[n] e^(−2πikn/N)` for `k` in `0 ... N/2`.
  static func forward(_ samples: [Double]) -> [Complex<Double>] {
    let length = samples.count
    return (0...length / 2).map { bin in
      var sum = Complex<Double>(0, 0)
      for (index, sample) in samples.enumerated() {
        let angle = -2 * Double.pi * Double(bin * index % length) / Double(length)
        sum += Complex(sample * cos(angle), sample * sin(angle))
      }
      return sum
    }
  }
}

/// Known transforms, which the oracle must reproduce before it is used.
@Suite struct NaiveDFTTests {
  private let length = 12

  private func expect(_ samples: [Double], _ spectrum: (Int) -> Complex<Double>) {
    for (bin, found) in NaiveDFT.forward(samples).enumerated() {
      #expect((found - spectrum(bin)).magnitude < 1e-13, "bin \(bin)")  // 12 roundings of 2⁻⁵³
    }
  }

  @Test func impulseAtZeroIsFlat() {
    expect([1] + [Double](repeating: 0, count: length - 1)) { _ in 1 }
  }

  @Test func lateImpulseTurns() {
    expect((0..<length).map { $0 == 3 ? 1 : 0 }) { bin in
      [Complex(1, 0), Complex(0, -1), Complex(-1, 0), Complex(0, 1)][bin % 4]  // e^(−2πi·3k/12)
    }
  }

  @Test func constantIsZeroFrequencyAlone() {
    expect([Double](repeating: 1, count: length)) { $0 == 0 ? 12 : 0 }
  }

  @Test func cosineIsHalfItsLengthInOneBin() {
    expect((0..<length).map { cos(2 * .pi * 2 * Double($0) / 12) }) { $0 == 2 ? 6 : 0 }
  }

  @Test func sineIsImaginary() {
    expect((0..<length).map { sin(2 * .pi * 5 * Double($0) / 12) }) { $0 == 5 ? Complex(0, -6) : 0 }
  }

  @Test func alternationIsNyquist() {
    expect((0..<length).map { $0.isMultiple(of: 2) ? 1 : -1 }) { $0 == 6 ? 12 : 0 }
  }
}
