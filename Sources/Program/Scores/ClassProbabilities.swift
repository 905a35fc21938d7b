package import SpecGANErrors

/// The class probabilities of clips, as a classifier gives them.
public struct ClassProbabilities: Equatable, Sendable {
  /// The number of clips.
  public let count: Int
  /// The number of classes.
  public let classCount: Int
  /// The probabilities, `[count, classes]`; each row adds up to one.
  public let values: [Float]

  /// What a row's sum may be off by: a softmax in float32 is off by some 10⁻⁶.
  private static let tolerance: Float = 1e-3

  /// The probabilities `values`, `[n, classes]`.
  ///
  /// - Precondition: `values` are rows of `classCount`.
  /// - Throws: ``SpecGANError`` where there is no row, or one that is no distribution.
  public init(_ values: [Float], classCount: Int) throws(SpecGANError) {
    require(
      classCount > 0 && values.count.isMultiple(of: classCount),
      "\(values.count) probabilities are no rows of \(classCount) classes")
    count = values.count / classCount
    self.classCount = classCount
    self.values = values
    guard count > 0 else { throw .tooFew(what: "sounds", found: 0, needed: 1) }
    for row in 0..<count {
      let probabilities = self[row]
      let sum = probabilities.reduce(0, +)
      guard abs(sum - 1) <= Self.tolerance, probabilities.allSatisfy({ $0 >= 0 }) else {
        throw .notProbabilities(row: row, sum: sum)
      }
    }
  }

  /// The probabilities of sound number `row`.
  public subscript(row: Int) -> ArraySlice<Float> {
    values[row * classCount..<(row + 1) * classCount]
  }

  /// The most probable class of each sound; the first of several.
  private var predictions: [Int] {
    (0..<count).map { self[$0].largestPlace }
  }

  /// The number of clips whose most probable class it is, for each class, `[classes]`.
  public var histogram: [Int] {
    predictions.reduce(into: [Int](repeating: 0, count: classCount)) { $0[$1] += 1 }
  }

  /// How many classes are the most probable one of a sound.
  package var reachedClassCount: Int { histogram.count { $0 > 0 } }

  /// Returns the share of the labelled clips whose most probable class is their label.
  ///
  /// - Parameter labels: the class of each sound; nil for one that is of none.
  /// - Returns: the share, 0 to 1.
  /// - Throws: ``SpecGANError`` where the counts differ, a label is no class, or all are nil.
  public func accuracy(against labels: [Int32?]) throws(SpecGANError) -> Double {
    guard labels.count == count else {
      throw .setting(
        name: "The number of labels", found: "\(labels.count)", allowed: "\(count), one a sound")
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
    guard known > 0 else { throw .tooFew(what: "sounds with a label", found: 0, needed: 1) }
    return Double(right) / Double(known)
  }

  /// The mean of the rows `range`, `[classes]`: p(y).
  package func mean(of range: Range<Int>) -> [Double] {
    var sums = [Double](repeating: 0, count: classCount)
    for row in range {
      for (index, value) in self[row].enumerated() { sums[index] += Double(value) }
    }
    return sums.map { $0 / Double(range.count) }
  }
}

extension ArraySlice<Float> {
  /// Where the largest number is, from 0; the first of several.
  package var largestPlace: Int {
    let largest = self.max()
    return (firstIndex { $0 == largest } ?? startIndex) - startIndex
  }
}
