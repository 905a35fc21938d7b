internal import Networks
internal import SpecGANChecksums
internal import SpecGANModels
package import SpecGANRuns
internal import SpecGANTensors

/// The latents and the generator that clips come from, as digests, so that a list of clips is not
/// used with others.
package struct ClipSource: Equatable, Sendable {
  /// The digest of the latents, with their numbers and labels.
  package let latents: String
  /// The digest of the generator's weights.
  package let generator: String

  /// Creates the source of the clips of `chosen` by the generator of `checkpoint`.
  package init(_ chosen: ChosenLatents, by checkpoint: Checkpoint) {
    latents = chosen.digest.hexadecimal
    generator = Self.generatorDigest(of: checkpoint)
  }

  /// Returns the digest of the weights of `checkpoint`'s generator, 16 hexadecimal digits.
  package static func generatorDigest(of checkpoint: Checkpoint) -> String {
    var digest = ContentDigest()
    let weights = checkpoint.generator
    for block in [weights.parameters, weights.statistics].compactMap({ $0?.block }) {
      block.withSpan { unsafe digest.update($0.bytes) }
    }
    return digest.hexadecimal
  }
}

extension ChosenLatents {
  /// The digest of the latents, numbers and labels. The seed is no part of it, as an option may
  /// override that of a file.
  fileprivate var digest: ContentDigest {
    var digest = ContentDigest()
    latents.withSpan { unsafe digest.update($0.bytes) }
    // The compiler without optimization crashes at a span of a value that has no name.
    let (allNumbers, weights) = (numbers + fileNumbers, labels.flatMap(\.weights))
    unsafe digest.update(allNumbers.span.bytes)
    unsafe digest.update(weights.span.bytes)
    let truncations = truncations
    if truncations.contains(where: { $0 != 1 }) { unsafe digest.update(truncations.span.bytes) }
    return digest
  }
}

// MARK: - Text

extension ClipSource {
  private static let beginning = "# specgan clips: latents "
  private static let middle = ", generator "

  /// The source as a comment in a list of clips.
  package var comment: String { Self.beginning + latents + Self.middle + generator }

  /// Returns whether `line` is, or was meant to be, a ``comment``.
  static func isComment(_ line: some StringProtocol) -> Bool {
    line.hasPrefix(beginning.dropLast(" latents ".count))
  }

  /// Reads a ``comment``; nil if `line` is not one.
  init?(comment line: some StringProtocol) {
    guard line.hasPrefix(Self.beginning) else { return nil }
    let parts = line.dropFirst(Self.beginning.count).split(separator: Self.middle)
    guard parts.count == 2,
      parts.allSatisfy({ ContentDigest(hexadecimal: String($0)) != nil })
    else { return nil }
    (latents, generator) = (parts[0].lowercased(), parts[1].lowercased())
  }
}
