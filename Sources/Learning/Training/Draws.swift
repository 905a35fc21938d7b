internal import Networks
internal import SpecGANModels
internal import SpecGANRandomness
internal import SpecGANTensors

/// The random numbers of training, each a function of the seed, of how often the run was rolled
/// back, and of which update it is for.
///
/// With step `s`, critic update `u` of `U`, batch `B`: critic updates are counted by `c = s·U + u`,
/// all updates by `k = s·(U + 1) + u`, where the generator's is the last of its step.
struct Draws {
  let seed: UInt64
  /// Roll-backs of the run so far: the row of each stream.
  let rollBacks: Int
  let batch: Int
  let latent: Int
  let phaseShuffle: PhaseShuffling

  /// The draws set aside for a group's layers; a part of every run's reproducibility.
  fileprivate static let layersPerGroup = 4

  /// Fills `latents`, `[batch, latent]`, with those of update `k`: uniform in `[-1, 1)`.
  func fill(_ latents: Tensor, update: Int) {
    let stream = stream(.trainingLatents)
    latents.withMutableSpan { span in
      stream.fill(&span, from: UInt64(update * batch * latent), lowest: -1, width: 2)
    }
  }

  /// How far from real to generated each example of critic update `c` is interpolated, in `[0, 1)`.
  func interpolations(criticUpdate: Int) -> [Float] {
    let stream = stream(.interpolation)
    return (0..<batch).map { stream.uniform(at: UInt64(criticUpdate * batch + $0)) }
  }

  /// What example `index` of critic update `c` leaves to chance, in `[0, 1)`.
  func chance(criticUpdate: Int, example index: Int) -> Double {
    Double(stream(.crops).bits(at: UInt64(criticUpdate * batch + index))) * 0x1p-32
  }

  /// The shifts of update `k`, for groups of a batch each in the order they lie at the critic's
  /// input: one for all of a group, or one for each of its examples.
  func shifts(update: Int, groups: [Group]) -> PhaseShifts {
    let stream = stream(.phaseShuffle)
    guard phaseShuffle.layers > 0 else { return PhaseShifts() }
    precondition(phaseShuffle.layers <= Self.layersPerGroup, "two groups would share draws")
    let sharers = phaseShuffle.group == .batch ? batch : 1
    let shiftsPerGroup = batch / sharers
    let firstGroup = update * Group.allCases.count
    return PhaseShifts(
      groups: groups.count * shiftsPerGroup, layers: phaseShuffle.layers, groupSize: sharers
    ) { index, layer in
      let (group, sharer) = index.quotientAndRemainder(dividingBy: shiftsPerGroup)
      let number = (firstGroup + groups[group].rawValue) * shiftsPerGroup + sharer
      return stream.integer(
        below: 2 * phaseShuffle.radius + 1, at: UInt64(number * Self.layersPerGroup + layer))
        - phaseShuffle.radius
    }
  }

  private func stream(_ purpose: RandomStream.Purpose) -> RandomStream {
    RandomStream(seed: seed, purpose: purpose, row: UInt32(rollBacks))
  }

  /// What the critic is shown; the values are part of every run's reproducibility.
  enum Group: Int, CaseIterable {
    case real, generated, interpolated
    /// What the generator's update shows the critic.
    static let generatorUpdate = Group.real
  }
}

extension TrainingConfiguration {
  /// Whether the draws of every update up to `step` have numbers of their own, for latents of
  /// `latent` elements.
  package func canDraw(for step: Int, latent: Int) -> Bool {
    // An update draws the latents of a batch, or shifts for each example, group and layer.
    let perExample = max(latent, Draws.Group.allCases.count * Draws.layersPerGroup)
    var (product, overflow) = step.addingReportingOverflow(1)
    for factor in [criticUpdates + 1, batchSize, perExample] where !overflow {
      (product, overflow) = product.multipliedReportingOverflow(by: factor)
    }
    return step >= 0 && !overflow
  }
}
