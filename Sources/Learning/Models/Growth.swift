internal import CSpecGANKernels
package import SpecGANTensors

/// A stage of progressive growing.
package struct GrowthStage: Equatable, Sendable {
  /// The level, from 0: the resolution of samples.
  package let level: Int
  /// The weight `α` of the new layers while the output blends this level and the one before it,
  /// between 0 and 1; nil for a level alone.
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

  /// Creates a stage of networks with `levels`.
  package init(levels: [[Int]], stage: GrowthStage) {
    (self.levels, self.stage) = (levels, stage)
  }

  /// Replaces `sample`, a complete one with `channels` channels, by what the current stage can
  /// represent: its means over the blocks of the level. During a blend with a weight `α`, this is
  /// `α` times these means plus `1 − α` times those over the blocks of the level before.
  ///
  /// If `isPooled`, the means of the level follow, as in the critic, so that only a blend changes
  /// the sample here.
  package func coarsen(_ sample: TensorView, channels: Int, isPooled: Bool = false) {
    if stage.level < levels.count - 1 && !isPooled {
      average(sample, stage.level, weight: 0, channels)
    }
    if let weight = stage.blend { average(sample, stage.level - 1, weight: weight, channels) }
  }

  /// Replaces `sample` by `weight` times itself plus `1 − weight` times its means over the blocks
  /// of `level`.
  private func average(_ sample: TensorView, _ level: Int, weight: Float, _ channels: Int) {
    let (fine, coarse) = (levels[levels.count - 1], levels[level])
    let time = fine[0] / coarse[0]
    // A waveform is one line.
    let (height, width) = fine.count == 1 ? (1, fine[0]) : (fine[0], fine[1])
    let (down, across) = fine.count == 1 ? (1, time) : (time, fine[1] / coarse[1])
    unsafe specgan_blend_with_means(
      sample.start, height, width, channels, down, across, weight)
  }
}
