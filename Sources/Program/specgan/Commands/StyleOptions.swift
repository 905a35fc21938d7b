internal import ArgumentParser
internal import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRuns
import SpecGANSynthesis

/// Neighboring layers of a style-based generator, such as `0-2` or `3`.
struct StyleLayers: ExpressibleByArgument {
  /// The indices of the layers.
  let range: ClosedRange<Int>

  init?(argument: String) {
    let ends = argument.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      .map { Int($0) }
    guard let first = ends[0], let last = ends.count == 1 ? first : ends[1], first >= 0,
      first <= last
    else { return nil }
    range = first...last
  }

  /// Returns the layers, which those of the generator of `checkpoint` at `path` must be among.
  func checked(for checkpoint: Checkpoint, _ path: String) throws -> ClosedRange<Int> {
    let count = checkpoint.gan.styledLayers
    guard count > 0 else { throw SpecGANError.notStyleBased(path: path, option: "layers") }
    guard range.upperBound < count else {
      throw SpecGANError.styleLayers(found: range, count: count, path: path)
    }
    return range
  }
}

/// `--mix-seed`, `--mix-latents` and `--layers`.
struct StyleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Style mixing, for a style-based generator: use the latents of this random seed in the layers \
      of --layers.
      """, valueName: "seed"))
  var mixSeed: UInt64?

  @Option(
    help: ArgumentHelp(
      """
      Style mixing with the latents in a file, such as latents.safetensors: one for all clips, or \
      as many as are generated.
      """, valueName: "file"))
  var mixLatents: String?

  @Option(
    help: ArgumentHelp(
      """
      Layers that --mix-seed or --mix-latents changes: one, such as 3, or a range, such as 0-2. \
      Layer 0 is the coarsest; the last one, 4 or 5, is the finest.
      """, valueName: "range"))
  var layers: StyleLayers?

  func validate() throws {
    if mixSeed != nil, mixLatents != nil {
      throw ValidationError("--mix-seed cannot be combined with --mix-latents; leave one out.")
    }
    if (mixSeed != nil || mixLatents != nil) != (layers != nil) {
      throw ValidationError(
        layers == nil
          ? "--mix-seed and --mix-latents need --layers. Name the layers to change, such as 0-2."
          : "--layers needs --mix-seed or --mix-latents. Add one of them.")
    }
  }

  /// Returns `chosen` with the styles of the other clips in the layers.
  func mixed(
    _ chosen: ChosenLatents, for checkpoint: Checkpoint, at path: String
  ) throws -> ChosenLatents {
    guard let layers = try layers?.checked(for: checkpoint, path) else { return chosen }
    let gan = checkpoint.gan
    if let mixSeed {
      let other = ChosenLatents(drawnFor: gan, numbers: chosen.numbers, seed: mixSeed)
      return chosen.mixed(with: other, layers: layers, of: gan)
    }
    guard let mixLatents else { return chosen }
    let other = try ChosenLatents(file: mixLatents, for: gan, labels: checkpoint.labels)
    guard other.count == 1 || other.count == chosen.count else {
      throw SpecGANError.mixCount(found: other.count, count: chosen.count, path: mixLatents)
    }
    return chosen.mixed(with: other, layers: layers, of: gan)
  }
}
