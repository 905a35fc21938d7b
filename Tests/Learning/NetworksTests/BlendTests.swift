import Networks
import SpecGANConvolutions
import SpecGANTestSupport
import Testing

@Suite struct BlendTests {
  /// Returns a blend of a branch with pooling and a 1 × 1 convolution, and one with a 1 × 1 and a
  /// 3 × 3 convolution, and their parameters.
  private func blend<Function: Activation>(
    _ weight: Float, _ activation: Function.Type
  ) -> (layer: Blend<Function>, parameters: Parameters) {
    var builder = NetworkBuilder()
    let old = builder.takeLayers {
      $0.append(AveragePooling([4, 6, 2], down: 2, across: 3, name: "pool"))
      $0.appendConvolution(
        "old", input: [2, 2, 2], channels: 3, kernel: [1, 1], LeakyReLU.self)
    }
    let new = builder.takeLayers {
      $0.appendConvolution(
        "first", input: [4, 6, 2], channels: 2, kernel: [1, 1], LeakyReLU.self)
      $0.appendConvolution(
        "second", input: [4, 6, 2], channels: 3, kernel: [3, 3], stride: [2, 3], LeakyReLU.self)
    }
    let blend = Blend<Function>(
      builder.branch(old), builder.branch(new), weight: weight, name: "blend")
    return (blend, Parameters(glorotUniform: builder.branch(old).layout, seed: 1))
  }

  @Test(arguments: [0, 0.3, 1] as [Float]) func obeysTheLawsOfLayers(_ weight: Float) throws {
    let (layer, parameters) = blend(weight, HyperbolicTangent.self)
    checkLayer(LayerBench(layer, parameters, batch: 3))
    let (identity, others) = blend(weight, Identity.self)
    checkLayer(LayerBench(try #require(PiecewiseLinearBlend(identity)), others, batch: 3))
  }

  @Test func endsAreTheBranchesBitByBit() throws {
    for (weight, branch) in [(0, 0), (1, 1)] as [(Float, Int)] {
      let (layer, parameters) = blend(weight, Identity.self)
      let bench = LayerBench(layer, parameters, batch: 3)
      let x = randomNumbers(bench.inputCount, seed: 2)
      let engine = Engine(threads: 1)
      let network = layer.branches[branch]
      let workspace = Workspace(network, examples: 3, engine: engine)
      workspace.input.withMutableSpan { for index in 0..<$0.count { $0[index] = x[index] } }
      network.forward(workspace, Pass(parameters: parameters, examples: 0..<3, engine: engine))
      #expect(bench.forward(x) == workspace.output.values)
    }
  }

  @Test func theWeightOfAPassReplacesThatOfTheLayer() {
    let (layer, parameters) = blend(0.3, Identity.self)
    let bench = LayerBench(layer, parameters, batch: 2)
    let other = LayerBench(layer.blending(weight: 0.7), parameters, batch: 2)
    let x = randomNumbers(bench.inputCount, seed: 2)
    var pass = bench.pass
    pass.blend = 0.7
    let y = Tensor(shape: [2] + layer.outputShape)
    layer.forward(Tensor(shape: [2] + layer.inputShape, x).view, into: y.view, pass)
    #expect(y.values == other.forward(x))
    #expect(y.values != bench.forward(x))
  }

  /// A blend of branches with batch normalization has no pass for a gradient penalty.
  @Test func onlyPiecewiseLinearBranchesAreDifferentiableTwice() {
    var builder = NetworkBuilder()
    let plain = builder.takeLayers {
      $0.appendConvolution("a", input: [2, 2, 1], channels: 1, kernel: [1, 1], ReLU.self)
    }
    let normalized = builder.takeLayers {
      $0.appendConvolution("b", input: [2, 2, 1], channels: 1, kernel: [1, 1], ReLU.self)
      $0.appendBatchNormalization("c", shape: [2, 2, 1])
    }
    let curved = builder.takeLayers {
      $0.appendConvolution(
        "d", input: [2, 2, 1], channels: 1, kernel: [1, 1], HyperbolicTangent.self)
    }
    for (other, isLinear) in [(plain, true), (normalized, false), (curved, false)] {
      let blend = Blend<Identity>(
        builder.branch(plain), builder.branch(other), weight: 0.5, name: "blend")
      #expect((PiecewiseLinearBlend(blend) != nil) == isLinear)
    }
  }

  @Test(arguments: [[1, 1], [1, 4], [2, 2], [4, 1]]) func poolingTakesMeans(_ block: [Int]) {
    let (shape, down, across) = ([4, 8, 3], block[0], block[1])
    let bench = LayerBench(
      AveragePooling(shape, down: down, across: across, name: "pool"),
      Parameters(ParameterLayout()), batch: 2)
    checkLayer(bench)
    let x = randomNumbers(bench.inputCount, seed: 1)
    var means: [Float] = []
    for example in 0..<2 {
      for line in 0..<4 / down {
        for column in 0..<8 / across {
          for channel in 0..<3 {
            var sum: Double = 0
            for i in 0..<down {
              for j in 0..<across {
                let position = (example * 4 + line * down + i) * 8 + column * across + j
                sum += Double(x[position * 3 + channel])
              }
            }
            means.append(Float(sum / Double(down * across)))
          }
        }
      }
    }
    expectClose(bench.forward(x), means, terms: down * across)
  }
}

@Suite struct UpdateNumberTests {
  /// Two kernels of level 0, one of level 1, samples of both levels, and a mapping of level 0.
  private var layout: ParameterLayout {
    var layout = ParameterLayout()
    _ = layout.append("a", shape: [2])
    _ = layout.append("b", shape: [3])
    _ = layout.append("samples_0", shape: [4], role: .samples)
    layout.level = 1
    _ = layout.append("c", shape: [5])
    _ = layout.append("samples_1", shape: [6], role: .samples)
    layout.level = 0
    _ = layout.append("d", shape: [7], role: .mapping)
    return layout
  }

  @Test func anUpdateOfAllHasASectionForEachRate() {
    let sections = UpdateNumber(3).sections(of: layout)
    #expect(sections.map(\.elements) == [0..<20, 20..<27])
    #expect(sections.map(\.number) == [3, 3])
    #expect(sections.map(\.rateFactor) == [1, 0.01])
  }

  @Test func aLevelCountsFromItsFirstUpdate() {
    let numbers: [(UpdateNumber, [Range<Int>], [Int])] = [
      (UpdateNumber(3, before: [0], isBlending: false), [0..<9, 20..<27], [3, 3]),
      (
        UpdateNumber(11, before: [0, 10], isBlending: true), [0..<9, 9..<20, 20..<27], [11, 1, 11]
      ),
      (
        UpdateNumber(14, before: [0, 10], isBlending: false), [0..<5, 9..<20, 20..<27],
        [14, 4, 14]
      ),
    ]
    for (number, elements, expected) in numbers {
      let sections = number.sections(of: layout)
      #expect(sections.map(\.elements) == elements)
      #expect(sections.map(\.number) == expected)
    }
  }

  /// A level that starts later is updated as if training had begun with it, and parameters that are
  /// not used do not move.
  @Test func adamBeginsAnewWithEachLevel() {
    let (layout, engine) = (layout, Engine(threads: 1))
    let gradients = (0..<2).map { randomNumbers(layout.count, seed: UInt64($0)) }
    func updated(_ numbers: [UpdateNumber], _ gradients: [[Float]]) -> [Float] {
      let (adam, parameters) = (Adam(for: layout), Parameters(layout))
      for (number, values) in zip(numbers, gradients) {
        let gradient = Parameters(layout)
        gradient.block.withMutableSpan { for index in 0..<$0.count { $0[index] = values[index] } }
        adam.update(parameters, consuming: gradient, number: number, rate: 0.1, on: engine)
      }
      return parameters.block.values
    }
    let grown = updated(
      [
        UpdateNumber(1, before: [0], isBlending: false),
        UpdateNumber(2, before: [0, 1], isBlending: true),
      ], gradients)
    let fresh = updated([UpdateNumber(1)], [gradients[1]])
    let usual = updated([UpdateNumber(1), UpdateNumber(2)], gradients)
    #expect(grown[9..<20] == fresh[9..<20])
    #expect(grown[0..<9] == usual[0..<9])
    let unused = updated([UpdateNumber(1, before: [0], isBlending: false)], gradients)
    #expect(unused[9..<20].allSatisfy { $0 == 0 })
  }
}
