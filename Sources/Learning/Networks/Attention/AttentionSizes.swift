internal import CSpecGANKernels
internal import SpecGANErrors

/// The sizes of a self-attention layer.
///
/// Source: Zhang, Goodfellow, Metaxas and Odena, "Self-Attention Generative Adversarial Networks",
/// ICML 2019, equations 1 to 3. The numbers of channels, the max pooling of keys and values and the
/// missing biases are those of `Attention` in `layers.py` of
/// <https://github.com/ajbrock/BigGAN-PyTorch>. Windows have 2 × 2 positions of a picture, or 4 of
/// a signal.
package struct AttentionSizes: Equatable, Sendable {
  /// `[height, width, channels]` of the picture.
  package let shape: [Int]

  /// Creates the sizes for pictures of `shape`, `[height, width, channels]`; a signal has a height
  /// of 1.
  ///
  /// - Precondition: the windows fill the picture.
  package init(_ shape: [Int]) {
    require(shape.count == 3, "\(shape) is not [height, width, channels]")
    self.shape = shape
    let window = window
    require(
      shape[0].isMultiple(of: window.down) && shape[1].isMultiple(of: window.across),
      "windows of \(window.down) × \(window.across) do not fill \(shape)")
  }

  /// The number of positions.
  package var positions: Int { shape[0] * shape[1] }
  /// The number of channels of the picture.
  package var channels: Int { shape[2] }
  /// The number of channels of a query, and of a key: an eighth.
  package var queryChannels: Int { max(channels / 8, 1) }
  /// The number of channels of a value: half.
  package var valueChannels: Int { max(channels / 2, 1) }
  /// The number of channels of a query, a key and a value together.
  package var projectedChannels: Int { 2 * queryChannels + valueChannels }
  /// The number of pooled keys, and of values.
  package var keyCount: Int { positions / (window.down * window.across) }
  /// The positions of a window of pooling.
  package var window: (down: Int, across: Int) { shape[0] == 1 ? (1, 4) : (2, 2) }

  /// The sizes for the loops over one example.
  var kernel: specgan_attention {
    specgan_attention(
      pooling: specgan_pooling(
        height: shape[0], width: shape[1], channels: channels, down: window.down,
        across: window.across), queries: queryChannels, values: valueChannels)
  }
}
