/// A stage of progressive growing.
package struct GrowthStage: Equatable, Sendable {
  /// The level, from 0: the resolution of samples.
  package let level: Int
  /// The weight `α` of the new layers while the output blends this level and the one before it,
  /// between 0 and 1; nil for a level by itself.
  package let blend: Float?

  /// Creates a stage.
  package init(level: Int, blend: Float? = nil) {
    self.level = level
    self.blend = blend
  }

  /// Returns the last stage of networks with `levels`.
  static func last(of levels: [[Int]]) -> GrowthStage { GrowthStage(level: levels.count - 1) }

  /// Whether the networks of `other` have the same layers; the weights of a blend may differ.
  package func hasLayers(of other: GrowthStage) -> Bool {
    level == other.level && (blend == nil) == (other.blend == nil)
  }
}

/// The levels of networks that grow during training, and their current stage.
///
/// Source: Karras, Aila, Laine and Lehtinen, "Progressive Growing of GANs for Improved Quality,
/// Stability, and Variation", ICLR 2018.
package struct Growth: Equatable, Sendable {
  /// The sizes of samples at each level, from coarse to fine: frames and bins, or the length.
  package let levels: [[Int]]
  /// The current stage.
  package var stage: GrowthStage

  /// The number of positions of a complete sample down and across for one of the level before the
  /// current one, with one axis for waveforms.
  package var blockOfLevelBefore: [Int] {
    zip(levels[levels.count - 1], levels[max(0, stage.level - 1)]).map { $0 / $1 }
  }
}
