/// The indices of the examples that training reads, and of those that it compares with.
struct ExampleSplit {
  let training, validation: [Int]

  /// Creates a split of `count` examples, with the indices `validation`.
  ///
  /// - Precondition: all indices are less than `count`, and examples for training remain.
  init(of count: Int, validation: [Int]) {
    let left = Set(validation)
    self.validation = validation
    training = (0..<count).filter { !left.contains($0) }
  }
}
