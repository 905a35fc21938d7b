internal import Networks
internal import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRandomness
internal import SpecGANTensors

/// The random numbers of training, each a function of the seed, the number of roll-backs and the
/// number of the update.
///
/// In step `s`, with `U` critic updates per step: critic update `u` has the number `c = s·U + u`
/// among the critic's updates, and the number `k = s·(U + 1) + u` among all updates. The
/// generator's update is the last of a step.
struct Draws {
  let seed: UInt64
  /// The number of roll-backs of the run so far, which is the row of each stream.
  let rollBacks: Int
  let batch: Int
  let latent: Int
  let phaseShuffle: PhaseShuffling

  /// The number of draws reserved for the layers of a group. A change would change every run.
  fileprivate static let layersPerGroup = 4
  /// The number of draws per example for style mixing besides the second latent: whether it is
  /// mixed, and the first layer of the second latent.
  fileprivate static let mixingDraws = 2

  /// Fills `latents`, `[batch, latent]`, with those of update `k`, uniform in `[-1, 1)`.
  func fill(_ latents: Tensor, update: Int) {
    let stream = stream(.trainingLatents)
    latents.withMutableSpan { span in
      stream.fill(&span, from: UInt64(update * batch * latent), lowest: -1, width: 2)
    }
  }

  /// Draws the style mixing of update `k`, and fills `latents`, `[batch, latent]`, with the second
  /// latents, uniform in `[-1, 1)`. With `probability`, an example uses its second latent from a
  /// random layer on.
  func mixing(
    update: Int, layers: Int, probability: Float, filling latents: Tensor
  ) -> StyleMixing {
    let stream = stream(.styleMixing)
    let perExample = latent + Self.mixingDraws
    var choices: [Int] = []
    choices.reserveCapacity(batch * layers)
    for example in 0..<batch {
      let first = UInt64((update * batch + example) * perExample)
      latents.examples(example..<example + 1).withMutableSpan {
        stream.fill(&$0, from: first, lowest: -1, width: 2)
      }
      let chance = first + UInt64(latent)
      let crossover =
        stream.uniform(at: chance) < probability
        ? 1 + stream.integer(below: layers - 1, at: chance + 1) : layers
      for layer in 0..<layers { choices.append(layer < crossover ? 0 : 1) }
    }
    return StyleMixing(variants: 2, layers: layers, choices: choices)
  }

  /// Returns the noise inputs of update `k`, for layers with `positions` positions.
  func noise(update: Int, positions: Int) -> NoiseInputs {
    let stream = stream(.trainingNoise)
    return NoiseInputs(
      (0..<batch).map {
        .init(stream, first: UInt64((update * batch + $0) * positions))
      })
  }

  /// Returns the position between real and generated of each interpolated example of critic update
  /// `c`, in `[0, 1)`.
  func interpolations(criticUpdate: Int) -> [Float] {
    let stream = stream(.interpolation)
    return (0..<batch).map { stream.uniform(at: UInt64(criticUpdate * batch + $0)) }
  }

  /// Returns the random number of example `index` of critic update `c`, in `[0, 1)`.
  func chance(criticUpdate: Int, example index: Int) -> Double {
    Double(stream(.crops).bits(at: UInt64(criticUpdate * batch + index))) * 0x1p-32
  }

  /// Returns the augmentations of the examples `slots` of update `k`: the real ones are
  /// `0 ..< batch`, the generated ones follow. Each operation has the probability `probability`.
  func augmentations(
    update: Int, _ slots: Range<Int>, probability: Float
  ) -> [AugmentationDraw] {
    let stream = stream(.augmentation)
    return slots.map { slot in
      let first = (update * 2 * batch + slot) * AugmentationDraw.count
      var numbers = SIMD16<Float>()
      for index in numbers.indices { numbers[index] = stream.uniform(at: UInt64(first + index)) }
      return AugmentationDraw(numbers, probability: probability)
    }
  }

  /// Returns the shifts of update `k`, one per group or one per example.
  ///
  /// `groups` are the batches at the critic's input, in order.
  func shifts(update: Int, groups: [Group]) -> PhaseShifts {
    let stream = stream(.phaseShuffle)
    guard phaseShuffle.layers > 0 else { return PhaseShifts() }
    require(phaseShuffle.layers <= Self.layersPerGroup, "two groups would share draws")
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

  /// A batch at the critic's input. A change of the raw values would change every run.
  enum Group: Int, CaseIterable {
    case real, generated, interpolated
    /// The batch at the critic's input in the generator's update.
    static let generatorUpdate = Group.real
  }
}

extension TrainingConfiguration {
  /// Returns whether the positions of all draws up to `step` fit in an integer, for latents of
  /// `latent` elements and `noise` noise values per example.
  package func canDraw(for step: Int, latent: Int, noise: Int = 0) -> Bool {
    // An update draws the latents of a batch, and shifts per example, group and layer.
    // Augmentation draws `count` numbers per example, in each of two batches.
    let perExample = max(
      latent + Draws.mixingDraws, noise, Draws.Group.allCases.count * Draws.layersPerGroup,
      2 * AugmentationDraw.count)
    var (product, overflow) = step.addingReportingOverflow(1)
    for factor in [criticUpdates + 1, batchSize, perExample] where !overflow {
      (product, overflow) = product.multipliedReportingOverflow(by: factor)
    }
    return step >= 0 && !overflow
  }
}
