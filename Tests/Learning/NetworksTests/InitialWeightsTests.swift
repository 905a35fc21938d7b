import Networks
import SpecGANTestSupport
import Testing

@Suite struct InitialWeightsTests {
  /// The columns of a kernel are orthonormal, or its rows if there are fewer.
  @Test(arguments: [
    [5, 5, 3, 8], [7, 40], [40, 7], [1, 25, 2, 4], [9, 1], [5, 5, 1, 64], [1, 25, 1, 64],
    [3, 3, 2, 40],
  ])
  func orthogonalKernelsAreOrthonormal(_ shape: [Int]) {
    var layout = ParameterLayout()
    let (kernel, bias) = (layout.append("kernel", shape: shape), layout.append("bias", shape: [3]))
    let weights = Parameters(.orthogonal, layout, seed: 4)
    let values = weights[kernel].values
    let columns = shape[shape.count - 1]
    let rows = values.count / columns
    let (count, length) = (min(rows, columns), max(rows, columns))
    for first in 0..<count {
      for second in 0...first {
        let product = (0..<length).reduce(0.0) { sum, index in
          func element(_ vector: Int) -> Double {
            Double(values[rows < columns ? vector * columns + index : index * columns + vector])
          }
          return sum + element(first) * element(second)
        }
        // The elements are rounded to float32, and there are at most 75.
        #expect(abs(product - (first == second ? 1 : 0)) < 1e-6, "\(first), \(second)")
      }
    }
    #expect(weights[bias].values == [0, 0, 0])
    let others = Parameters(.orthogonal, layout, seed: 5)[kernel].values
    #expect(values != others)
    #expect(values == Parameters(.orthogonal, layout, seed: 4)[kernel].values)
    let threaded = Parameters(.orthogonal, layout, seed: 4, on: Engine(threads: 3))
    #expect(values == threaded[kernel].values)
  }

  /// The first column of many draws has no preferred direction.
  @Test func orthogonalKernelsHaveNoPreferredDirection() {
    var layout = ParameterLayout()
    let kernel = layout.append("kernel", shape: [4, 2])
    let draws = (0..<400).map { Parameters(.orthogonal, layout, seed: $0)[kernel].values }
    for index in 0..<8 {
      let mean = draws.reduce(0) { $0 + Double($1[index]) } / 400
      let square = draws.reduce(0) { $0 + Double($1[index] * $1[index]) } / 400
      // A unit vector's element has a variance of 1/4, so the mean's deviation is 0.025.
      #expect(abs(mean) < 0.1 && abs(square - 0.25) < 0.07, "\(index): \(mean), \(square)")
    }
  }
}
