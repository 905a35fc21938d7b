// Karras, Aila, Laine and Lehtinen, "Progressive Growing of GANs for Improved Quality, Stability,
// and Variation", ICLR 2018.

internal import Networks
internal import SpecGANConvolutions
internal import SpecGANErrors

// Resolution `k` is that after `k` convolutions of the critic, counted from the sample: that of a
// sample itself is 0. Level 0 of growing has the coarsest resolution with samples, and each further
// level the next finer one. Between features and samples of a level is one convolution of 1 × 1.
extension Pyramid {
  /// The least number of positions of a sample at level 0: 16 × 16.
  private static let leastPositions = 256

  /// The coarsest resolution with samples.
  var coarsest: Int { Self.coarsest(of: critic.indices.map(positions)) }

  /// Returns the coarsest resolution with samples: the last of `shapes`, from resolution 0 on, that
  /// has enough positions.
  static func coarsest(of shapes: [[Int]]) -> Int {
    shapes.indices.dropFirst().last { shapes[$0].reduce(1, *) >= leastPositions } ?? 1
  }

  /// Returns the height and the width of resolution `k`; the height of a signal is 1.
  private func positions(_ k: Int) -> [Int] { [critic[k].height.length, critic[k].width.length] }

  /// Returns the sizes of samples at each level: frames and bins, or the length.
  var levelSizes: [[Int]] {
    (0...coarsest).reversed().map { isWaveform ? [positions($0)[1]] : positions($0) }
  }

  /// Returns the level at which resolution `k` is first used.
  private func level(_ k: Int) -> Int { max(0, coarsest - k) }

  /// Returns the numbers of positions of a sample for one of resolution `k`.
  private func factors(_ k: Int) -> (down: Int, across: Int) {
    let fine = positions(0)
    let coarse = positions(k)
    return (fine[0] / coarse[0], fine[1] / coarse[1])
  }

  /// Returns the shape of samples of resolution `k`, as pictures.
  private func sampleShape(_ k: Int) -> [Int] { positions(k) + [channels] }

  /// Returns the convolution of 1 × 1 from samples to features of resolution `k`, or the reverse.
  private func pointwise(_ k: Int, _ scope: String, fromSamples: Bool) -> NetworkBuilder.Affine {
    let features = critic[k].inputChannels
    func axis(_ axis: ConvolutionGeometry.Axis) -> ConvolutionGeometry.Axis {
      .init(length: axis.length, kernel: 1, stride: 1)
    }
    let geometry = ConvolutionGeometry(
      height: axis(critic[k].height), width: axis(critic[k].width),
      inputChannels: fromSamples ? channels : features,
      outputChannels: fromSamples ? features : channels)
    return .init(
      scope: scope, operation: convolutionName, geometry: geometry, window: window(geometry))
  }
}

// MARK: - The generator

extension Pyramid {
  /// Returns the generator at `stage` of growing.
  ///
  /// Its layout has the parameters of all levels. Its output has the shape of a complete sample:
  /// one of a coarser resolution is enlarged by nearest-neighbor interpolation.
  func growingGenerator(labels: Int, postFilter: Int, at stage: GrowthStage) -> Network {
    var builder = NetworkBuilder()
    var path = builder.takeLayers { appendBeginning(labels: labels, to: &$0) }
    // In the order of the path, from coarse to fine.
    var enlargements: [[any Layer]] = []
    // Of each level.
    var pictures: [AffineLayer<Identity>] = []
    for k in generator.indices.reversed() {
      builder.level = level(k)
      let layer = generator.count - 1 - k
      enlargements.append(
        builder.takeLayers {
          appendEnlargement(k, "G/grown_upconv_\(layer)", isLast: false, to: &$0)
        })
      guard k <= coarsest else { continue }
      pictures.append(
        builder.layer(
          pointwise(k, "G/to_samples_\(level(k))", fromSamples: false), Identity.self,
          role: .samples))
    }
    let finest = coarsest - stage.level
    require(
      stage.level <= coarsest && (stage.blend == nil || stage.level > 0),
      "\(stage) is not one of \(coarsest + 1) levels, of which the first is not blended")
    let isBlending = stage.blend != nil
    path += enlargements[..<(generator.count - finest - (isBlending ? 1 : 0))].joined()
    let picture = pictures[stage.level]
    if let weight = stage.blend {
      let (down, across) = (generator[finest].height.stride, generator[finest].width.stride)
      let enlarged = Upsampling(
        .nearest, sampleShape(finest + 1), heightFactor: down, widthFactor: across,
        name: "G/older_samples")
      path.append(
        Blend<HyperbolicTangent>(
          builder.branch([pictures[stage.level - 1], enlarged]),
          builder.branch(enlargements[generator.count - 1 - finest] + [picture]), weight: weight,
          name: "G/blend"))
    } else {
      path.append(picture.replacing(HyperbolicTangent.self))
    }
    let factors = factors(finest)
    if finest > 0 {
      path.append(
        Upsampling(
          .nearest, sampleShape(finest), heightFactor: factors.down, widthFactor: factors.across,
          name: "G/samples"))
    }
    builder.level = 0
    path += builder.takeLayers { appendFilter(length: postFilter, to: &$0) }
    return builder.network(path)
  }
}

// MARK: - The critic

extension Pyramid {
  /// Returns the critic at `stage` of growing.
  ///
  /// Its layout has the parameters of all levels. Its input has the shape of a complete sample,
  /// which is averaged over blocks of the level's resolution.
  func growingCritic(labels: Int, isShuffled: Bool, at stage: GrowthStage) -> Network {
    var builder = NetworkBuilder()
    // Of each resolution.
    var samples: [AffineLayer<LeakyReLU>] = []
    var reductions: [[any Layer]] = []
    for k in critic.indices {
      builder.level = level(k)
      if k <= coarsest {
        samples.append(
          builder.layer(
            pointwise(k, "D/from_samples_\(level(k))", fromSamples: true), LeakyReLU.self,
            role: .samples))
      }
      reductions.append(
        builder.takeLayers {
          if k >= coarsest {
            appendAttention("D/attention", to: critic[k].inputShape, of: critic, in: &$0)
          }
          appendReduction(k, "D/grown_downconv_\(k)", isShuffled: isShuffled, to: &$0)
        })
    }
    builder.level = 0
    let finest = coarsest - stage.level
    var path: [any Layer] = []
    let factors = factors(finest)
    if finest > 0 {
      path.append(
        AveragePooling(
          sampleShape(0), down: factors.down, across: factors.across, name: "D/samples"))
    }
    let first = samples[finest]
    if let weight = stage.blend {
      let pooling = AveragePooling(
        sampleShape(finest), down: critic[finest].height.stride,
        across: critic[finest].width.stride, name: "D/older_samples")
      let blend = Blend<Identity>(
        builder.branch([pooling, samples[finest + 1]]),
        builder.branch([first] + reductions[finest]),
        weight: weight, name: "D/blend")
      path.append(PiecewiseLinearBlend(blend) ?? blend)
      path += reductions[(finest + 1)...].joined()
    } else {
      path.append(first)
      path += reductions[finest...].joined()
    }
    path += builder.takeLayers { appendValue(labels: labels, to: &$0) }
    return builder.network(path)
  }
}

extension AffineLayer {
  /// Returns the same layer with another activation.
  fileprivate func replacing<Other: Activation>(_ activation: Other.Type) -> AffineLayer<Other> {
    AffineLayer<Other>(
      convolution.geometry, direction, shuffle: shuffle, kernel: kernel, bias: bias)
  }
}
