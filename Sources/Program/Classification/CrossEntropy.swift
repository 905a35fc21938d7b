internal import RealModule
package import SpecGANTensors

/// The softmax and its cross-entropy with labels, in double precision.
package enum CrossEntropy {
  /// Returns the softmax `e^z / Σ e^z` of every row of `logits`, `[rows, classes]`.
  package static func probabilities(of logits: [Float], classes: Int) -> [Float] {
    stride(from: 0, to: logits.count, by: classes).flatMap { start in
      softmax(logits[start..<start + classes]).probabilities.map { Float($0) }
    }
  }

  /// Returns the cross-entropy of the rows of `logits` with `labels`, one per row.
  ///
  /// - Parameters:
  ///   - logits: `[rows, classes]`; only the first rows are used.
  ///   - labels: the indices of the classes.
  ///   - cotangents: filled with the gradient of the mean, `(p − 1[label]) / rows`.
  /// - Returns: the sum of `−log p(label)`, in nats.
  package static func loss(
    of logits: TensorView, labels: [Int], cotangents: TensorView? = nil
  ) -> Double {
    let classes = logits.stride
    let values = logits.values
    var (sum, slopes) = (0.0, [Float]())
    for (row, label) in labels.enumerated() {
      let (probabilities, logarithm) = softmax(values[row * classes..<(row + 1) * classes])
      sum += logarithm - Double(values[row * classes + label])
      for (index, probability) in probabilities.enumerated() {
        slopes.append(Float((probability - (index == label ? 1 : 0)) / Double(labels.count)))
      }
    }
    cotangents?.withMutableSpan { for index in slopes.indices { $0[index] = slopes[index] } }
    return sum
  }

  /// Returns the probabilities, and `log Σ e^z`.
  private static func softmax(
    _ logits: ArraySlice<Float>
  ) -> (probabilities: [Double], logarithm: Double) {
    // The largest becomes e⁰, so that nothing overflows.
    let largest = Double(logits.max() ?? 0)
    let powers = logits.map { Double.exp(Double($0) - largest) }
    let sum = powers.reduce(0, +)
    return (powers.map { $0 / sum }, largest + .log(sum))
  }
}
