import CSpecGANKernels
import Foundation
import Testing

/// The functions in C against the C library's in double precision.
@Suite struct SpectralKernelsTests {
  /// The error of `found` in units in the last place of the exact number.
  private func units(_ found: Float, _ exact: Double) -> Double {
    abs(Double(found) - exact) / Double(max(Float(abs(exact)), .leastNormalMagnitude).ulp)
  }

  /// Every 997th float above zero, subnormal ones too.
  @Test func logarithmsAreWithinTwoUnitsInTheLastPlace() {
    let inputs = stride(from: UInt32(1), to: Float.infinity.bitPattern, by: 997).map {
      Float(bitPattern: $0)
    }
    var outputs = inputs
    unsafe specgan_logarithms(&outputs, 0, outputs.count)
    #expect(zip(inputs, outputs).allSatisfy { units($1, log(Double($0))) < 2 })
    unsafe specgan_logarithms_above(inputs, 0.5, inputs.count, &outputs)
    #expect(zip(inputs, outputs).allSatisfy { units($1, log(max(Double($0), 0.5))) < 2 })
    var silence: [Float] = [0]
    unsafe specgan_logarithms(&silence, 1e-6, 1)
    #expect(abs(silence[0] - log(Float(1e-6))) <= 1e-6)
  }

  /// The result has a NaN or an infinity wherever the input has one.
  @Test func logarithmsOfWhatIsNotFiniteAreNotFinite() {
    var values = [Float](repeating: 1, count: 37)
    for place in [0, 20, 36] {
      values[place] = .infinity
      values[place == 0 ? 1 : place - 1] = .nan
    }
    var above = values
    unsafe specgan_logarithms_above(values, 0.5, values.count, &above)
    var sums = values
    unsafe specgan_logarithms(&sums, 1e-6, sums.count)
    for (value, found) in zip(values + values, above + sums) {
      #expect(value.isNaN ? found.isNaN : value == .infinity ? found == value : abs(found) < 1e-5)
    }
  }

  /// Over the complete documented range.
  @Test(arguments: [false, true]) func imposedMagnitudesAreWithinFourUnits(isBounded: Bool) {
    let (angles, place) = (noise(4_096, row: 1), noise(4_096, row: 2))
    let levels = noise(4_096, row: 3)
    var numbers: [specgan_complex] = []
    var magnitudes: [Float] = []
    for (index, angle) in angles.enumerated() {
      let size = pow(10, 2 + 16.99 * Double(place[index]))
      let turn = Double.pi * Double(angle)
      numbers.append(
        specgan_complex(real: Float(size * cos(turn)), imaginary: Float(size * sin(turn))))
      magnitudes.append(pow(10, 2.5 + 20.49 * levels[index]))
    }
    magnitudes[7] = 0
    var found = numbers
    unsafe specgan_impose(&found, magnitudes, found.count, isBounded)
    for (index, number) in numbers.enumerated() {
      let size = hypot(Double(number.real), Double(number.imaginary))
      let scale = Double(magnitudes[index]) / size
      let exact = isBounded ? min(scale, 1) : scale
      #expect(units(found[index].real, exact * Double(number.real)) <= 4)
      #expect(units(found[index].imaginary, exact * Double(number.imaginary)) <= 4)
    }
    #expect(found[7].real == 0 && found[7].imaginary == 0)
  }

  /// The result is too small for numbers near zero, and nothing overflows.
  @Test func shortNumbersFallShortOfTheirMagnitudes() {
    var numbers: [specgan_complex] = [(1e-16, 0), (0, 1e-30), (0, 0), (-1e-15, 0)].map {
      specgan_complex(real: $0.0, imaginary: $0.1)
    }
    unsafe specgan_impose(&numbers, [2, 2, 2, 2], 4, false)
    #expect(abs(numbers[0].real - 0.2) < 1e-6 && abs(numbers[1].imaginary - 2e-15) < 1e-20)
    #expect(numbers[2].real == 0 && abs(numbers[3].real + 2) < 1e-6)
  }

  @Test func exponentialsAreWithinTwoUnitsInTheLastPlace() {
    let inputs = stride(from: Float(-87), to: 88.7, by: 0.0007).map { $0 } + [0, -0.0]
    let found = exponentials(inputs)
    #expect(zip(inputs, found).allSatisfy { units($1, exp(Double($0))) < 2 })
    let special = exponentials([.infinity, -.infinity, 1e30, -1e30, 89, -200, .nan, -100])
    #expect(special.prefix(6) == [.infinity, 0, .infinity, 0, .infinity, 0])
    #expect(special[6].isNaN && abs(special[7] - exp(Float(-100))) <= .leastNonzeroMagnitude)
  }

  private func exponentials(_ inputs: [Float]) -> [Float] {
    var outputs = inputs
    let zeros = [Float](repeating: 0, count: inputs.count)
    let ones = [Float](repeating: 1, count: inputs.count)
    unsafe specgan_denormalize(inputs, zeros, ones, inputs.count, &outputs)
    return outputs
  }

  @Test func phasesAreOnTheCircle() {
    let turns =
      stride(from: Float(-1), through: 1, by: 1 / 4096.5).map { $0 } + [0.25, -0.5, 7, -40.125]
    var numbers = [specgan_complex](repeating: .init(), count: turns.count)
    unsafe specgan_polar([Float](repeating: 2, count: turns.count), turns, turns.count, &numbers)
    for (turn, number) in zip(turns, numbers) {
      let angle = 2 * Double.pi * Double(turn)
      #expect(abs(Double(number.real) - 2 * cos(angle)) <= 8 * 0x1p-23)
      #expect(abs(Double(number.imaginary) - 2 * sin(angle)) <= 8 * 0x1p-23)
    }
  }

  @Test func magnitudesNeitherOverflowNorVanish() {
    let parts: [(Float, Float)] = [
      (3, -4), (3e38, 0), (2e38, -2e38), (3e-38, 4e-38), (0, .leastNonzeroMagnitude), (0, 0),
    ]
    let numbers = parts.map { specgan_complex(real: $0.0, imaginary: $0.1) }
    var found = [Float](repeating: .nan, count: numbers.count)
    unsafe specgan_magnitudes(numbers, numbers.count, &found)
    for (part, found) in zip(parts, found) {
      #expect(found == Float(hypot(Double(part.0), Double(part.1))))
    }
  }

  @Test func theLargestBitsShowWhatIsNoMagnitude() {
    for count in [1, 15, 33, 200] {
      var values = noise(count).map { abs($0) }
      #expect(unsafe specgan_largest_bits(values, .max, count) == values.max()?.bitPattern)
      for bad in [-1, -Float.leastNonzeroMagnitude, .infinity, .nan, -.infinity] {
        values[count / 2] = bad
        #expect(unsafe specgan_largest_bits(values, .max, count) >= Float.infinity.bitPattern)
      }
    }
  }

  @Test func theLargestBitsButTheSignAreTheLargestMagnitudes() {
    for count in [1, 15, 33, 200] {
      let values = noise(count)
      let expected = values.map { abs($0).bitPattern }.max()
      #expect(unsafe specgan_largest_bits(values, ~Float(-0.0).bitPattern, count) == expected)
    }
  }

  /// Also where the columns do not fill a vector.
  @Test(arguments: [1, 7, 8, 129]) func columnSumsHaveTheBitsOfTheLoop(_ columns: Int) {
    let values = noise(columns * 50)
    let centers = noise(columns).map { Double($0) / 3 }
    for squared in [false, true] {
      var expected = [Double](repeating: 0, count: columns)
      for (index, value) in values.enumerated() {
        let distance = Double(value) - centers[index % columns]
        expected[index % columns] += squared ? distance * distance : distance
      }
      var found = [Double](repeating: .nan, count: columns)
      unsafe specgan_column_sums(values, centers, 50, columns, squared, &found)
      #expect(found == expected)
    }
  }

  /// Subnormal numbers cost some processors a hundred times the time of others.
  @Test func statesFadeToNothingAtOnce() {
    let silence = [specgan_complex](repeating: .init(), count: 19)
    let magnitudes = [Float](repeating: 0, count: 19)
    var states = [specgan_complex](repeating: .init(real: 1e-7, imaginary: -3e-9), count: 19)
    for step in 0..<200 {
      unsafe specgan_alternating_directions(silence, magnitudes, 0.5, 19, false, &states)
      let parts = states.flatMap { [$0.real, $0.imaginary] }
      #expect(parts.allSatisfy { !$0.isSubnormal })
      // 26 halvings leave 1.5·10⁻¹⁵, and 27 leave less than 10⁻¹⁵.
      #expect(parts.contains { $0 != 0 } == (step < 26), "\(step)")
    }
  }

  /// An element after the last full vector has the bits that it has in a vector.
  @Test func placesInALoopDoNotMatter() {
    let values = noise(67).map { abs($0) + 0.1 }
    var whole = values
    unsafe specgan_logarithms(&whole, 0, 67)
    let exponents = exponentials(values)
    for (index, value) in values.enumerated() {
      var one = [value]
      unsafe specgan_logarithms(&one, 0, 1)
      #expect(one[0] == whole[index] && exponentials([value])[0] == exponents[index])
    }
  }
}
