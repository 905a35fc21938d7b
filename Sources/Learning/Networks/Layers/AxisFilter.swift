internal import CSpecGANKernels

/// A linear map along one axis. Each output is a weighted sum of a few inputs:
/// `y[i] = Σₖ weights[i][k] · x[places[i][k]]`.
struct AxisFilter: Equatable, Sendable {
  /// The number of input positions.
  let inputLength: Int
  /// The number of output positions.
  let outputLength: Int
  /// The number of inputs in each sum.
  let taps: Int
  /// The input positions of each sum, `[outputLength, taps]`.
  let places: [Int]
  /// Their weights, `[outputLength, taps]`.
  let weights: [Float]
  /// ``places`` modulo the number of taps, for inputs that are kept in as many buffers.
  let buffers: [Int]
  /// The output positions that have the same weights of consecutive inputs.
  private let uniform: Range<Int>

  /// Creates a filter whose outputs are the sums `rows` of inputs with their weights. Sums with
  /// fewer inputs than others get weights of zero.
  init(inputLength: Int, _ rows: [[(place: Int, weight: Float)]]) {
    self.inputLength = inputLength
    outputLength = rows.count
    let taps = max(1, rows.map(\.count).max() ?? 1)
    let filled = rows.map { row in
      row + Array(repeating: (row.last?.place ?? 0, 0), count: taps - row.count)
    }
    places = filled.flatMap { $0.map(\.0) }
    weights = filled.flatMap { $0.map(\.1) }
    buffers = places.map { $0 % taps }
    self.taps = taps
    uniform = Self.uniformRows(filled)
  }

  /// The filter with the transposed matrix.
  var transposed: AxisFilter {
    var rows = [[(place: Int, weight: Float)]](repeating: [], count: inputLength)
    for output in 0..<outputLength {
      for tap in output * taps..<(output + 1) * taps where weights[tap] != 0 {
        let input = places[tap]
        // Positions beyond an end read the same input.
        if let last = rows[input].last, last.place == output {
          rows[input][rows[input].count - 1].weight += weights[tap]
        } else {
          rows[input].append((output, weights[tap]))
        }
      }
    }
    return AxisFilter(inputLength: outputLength, rows)
  }

  /// Whether every output is the input at the same position.
  var isIdentity: Bool { taps == 1 && outputLength == inputLength }

  /// The number of multiply-adds for `channels` channels; copies are not counted.
  func multiplyAdds(channels: Int) -> Int { taps > 1 ? taps * outputLength * channels : 0 }

  /// Returns the rows around the middle one that have its weights, each of inputs one position
  /// after those of the row before.
  private static func uniformRows(_ rows: [[(place: Int, weight: Float)]]) -> Range<Int> {
    func continues(_ row: Int) -> Bool {
      zip(rows[row - 1], rows[row]).allSatisfy {
        $0.place + 1 == $1.place && $0.weight == $1.weight
      }
    }
    var range = rows.count / 2..<min(rows.count / 2 + 1, rows.count)
    while range.lowerBound > 0 && continues(range.lowerBound) {
      range = range.lowerBound - 1..<range.upperBound
    }
    while range.upperBound < rows.count && continues(range.upperBound) {
      range = range.lowerBound..<range.upperBound + 1
    }
    return range
  }
}

extension AxisFilter {
  /// Computes output `output` from rows of `length` elements: row `places[k]` of `source`, or,
  /// `fromBuffers`, row `buffers[k]`.
  func blend(
    _ source: UnsafePointer<Float>, output: Int, length: Int, fromBuffers: Bool = false,
    into target: UnsafeMutablePointer<Float>
  ) {
    unsafe blend(
      source, fromBuffers ? buffers : places, output..<output + 1, stride: length, length: length,
      to: target)
  }

  /// Computes all outputs from a line `[inputLength, channels]`.
  func apply(
    _ source: UnsafePointer<Float>, channels: Int, into target: UnsafeMutablePointer<Float>
  ) {
    // Neighboring outputs with the same weights are computed as one long row.
    let together = uniform.count > 1 ? uniform : outputLength..<outputLength
    for range in [0..<together.lowerBound, together.upperBound..<outputLength] {
      unsafe blend(
        source, places, range, stride: channels, length: channels,
        to: target + range.lowerBound * channels)
    }
    guard let first = together.first else { return }
    unsafe blend(
      source, places, first..<first + 1, stride: channels, length: together.count * channels,
      to: target + first * channels)
  }

  /// Computes the sums `range`, each of `length` elements, of rows that are `stride` apart.
  private func blend(
    _ source: UnsafePointer<Float>, _ places: [Int], _ range: Range<Int>, stride: Int,
    length: Int, to target: UnsafeMutablePointer<Float>
  ) {
    unsafe places.withUnsafeBufferPointer { places in
      unsafe weights.withUnsafeBufferPointer { weights in
        guard let places = places.baseAddress, let weights = weights.baseAddress else { return }
        let first = range.lowerBound
        unsafe specgan_blend(
          source, places + first * taps, weights + first * taps, taps, range.count, stride,
          length, target)
      }
    }
  }
}
