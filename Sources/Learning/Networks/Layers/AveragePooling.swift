internal import SpecGANErrors

/// A layer that reduces pictures by whole factors to the means of blocks, channel by channel.
///
/// Its transpose is nearest-neighbor interpolation, divided by the number of positions in a block.
package struct AveragePooling: FilterLayer {
  /// The name in reports.
  package let name: String
  /// `[height, width, channels]` of one example's input.
  package let inputShape: [Int]
  /// The filter.
  package let filter: SeparableFilter
  /// The filter with the transposed matrix.
  package let transposed: SeparableFilter

  /// Creates a layer that averages blocks of `down` by `across` positions of pictures of
  /// `inputShape`, `[height, width, channels]`.
  ///
  /// - Precondition: The shape has three axes, and the block's sizes divide those of the picture.
  package init(_ inputShape: [Int], down: Int, across: Int, name: String) {
    require(inputShape.count == 3, "\(inputShape) is not [height, width, channels]")
    self.inputShape = inputShape
    self.name = name
    filter = SeparableFilter(
      down: .init(averaging: inputShape[0], by: down),
      across: .init(averaging: inputShape[1], by: across), channels: inputShape[2])
    transposed = filter.transposed
  }
}

extension AxisFilter {
  /// Creates the means of every `count` positions of an axis of `length` positions.
  init(averaging length: Int, by count: Int) {
    require(
      count > 0 && length.isMultiple(of: count),
      "blocks of \(count) positions do not divide \(length)")
    let weight = 1 / Float(count)
    let rows = (0..<length / count).map { target in
      (target * count..<(target + 1) * count).map { (place: $0, weight: weight) }
    }
    self.init(inputLength: length, rows)
  }
}
