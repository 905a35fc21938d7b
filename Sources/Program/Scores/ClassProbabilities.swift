package import SpecGANErrors

/// The class probabilities of some clips.
public struct ClassProbabilities: Equatable, Sendable {
  /// The number of clips.
  public let count: Int
  /// The number of classes.
  public let classCount: Int
  /// The probabilities, `[count, classes]`; each row sums to 1.
  public let values: [Float]

  /// The tolerance of a row's sum; a softmax in float32 has an error of about 10⁻⁶.
  private static let tolerance: Float = 1e-3

  /// Creates class probabilities from `values`, `[n, classes]`.
  ///
  /// - Precondition: The number of `values` is a multiple of `classCount`.
  /// - Throws: ``SpecGANError`` if there is no row, or a row is not a distribution.
  public init(_ values: [Float], classCount: Int) throws(SpecGANError) {
    require(
      classCount > 0 && values.count.isMultiple(of: classCount),
      "\(values.count) probabilities are not rows of \(classCount) classes")
    count = values.count / classCount
    self.classCount = classCount
    self.values = values
    guard count > 0 else { throw .tooFew(what: "clips", found: 0, needed: 1) }
    for row in 0..<count {
      let probabilities = self[row]
      let sum = probabilities.reduce(0, +)
      guard abs(sum - 1) <= Self.tolerance, probabilities.allSatisfy({ $0 >= 0 }) else {
        throw .notProbabilities(row: row, sum: sum)
      }
    }
  }

  /// The probabilities of clip `row`.
  public subscript(row: Int) -> ArraySlice<Float> {
    values[row * classCount..<(row + 1) * classCount]
  }

  /// The most probable class of each clip; the first of equal ones.
  private var predictions: [Int] {
    (0..<count).map { self[$0].largestPlace }
  }

  /// The number of clips per predicted class, `[classes]`.
  public var histogram: [Int] {
    predictions.reduce(into: [Int](repeating: 0, count: classCount)) { $0[$1] += 1 }
  }

  /// The number of classes that are predicted for at least one clip.
  package var reachedClassCount: Int { histogram.count { $0 > 0 } }

  /// Returns the share of correct predictions among the clips with a label.
  ///
  /// - Parameter labels: the class of each clip; nil for a clip without one.
  /// - Returns: the share, 0 to 1.
  /// - Throws: ``SpecGANError`` if the counts differ, a label is not a class, or all are nil.
  public func accuracy(against labels: [Int32?]) throws(SpecGANError) -> Double {
    guard labels.count == count else {
      throw .setting(
        name: "The number of labels", found: "\(labels.count)", allowed: "\(count), one per clip")
    }
    var (known, right) = (0, 0)
    for (row, (prediction, label)) in zip(predictions, labels).enumerated() {
      guard let label = label.map(Int.init) else { continue }
      guard 0..<classCount ~= label else {
        throw .label(found: label, row: row, classes: classCount)
      }
      known += 1
      right += prediction == label ? 1 : 0
    }
    guard known > 0 else { throw .tooFew(what: "clips with a label", found: 0, needed: 1) }
    return Double(right) / Double(known)
  }

  /// Returns the mean of the rows `range`, `[classes]`: p(y).
  package func mean(of range: Range<Int>) -> [Double] {
    var sums = [Double](repeating: 0, count: classCount)
    for row in range {
      for (index, value) in self[row].enumerated() { sums[index] += Double(value) }
    }
    return sums.map { $0 / Double(range.count) }
  }
}

extension ArraySlice<Float> {
  /// The index of the largest element, from 0; the first of equal ones.
  package var largestPlace: Int {
    let largest = self.max()
    return (firstIndex { $0 == largest } ?? startIndex) - startIndex
  }
}
