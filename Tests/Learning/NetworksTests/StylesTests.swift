import Networks
import SpecGANConvolutions
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// Conditional batch normalization, with styles that are given.
private struct Subject {
  let bench: LayerBench
  let styles: Styles

  /// The columns of the styles: one that no layer reads, the gains, the offsets, and another.
  init<Function: Activation>(
    _ shape: [Int], batch: Int, _ normalization: Pass.Normalization, _: Function.Type,
    threads: Int = 2
  ) {
    var moving = ParameterLayout()
    let moments = BatchMoments(of: shape, .unbiased, name: "G/a", in: &moving)
    let channels = moments.channels
    let layer = ConditionalBatchNormalization<Function>(
      moments, gains: .init(first: 1, count: channels),
      offsets: .init(first: 1 + channels, count: channels))
    let statistics = Parameters(initial: moving)
    let values = randomNumbers(statistics.layout.count, seed: 6).map { 1 + $0 / 2 }
    statistics.block.copy(0..<values.count, of: Tensor(shape: [values.count], values).view, to: 0)
    let columns = [batch, 2 + 2 * channels]
    let numbers = randomNumbers(columns[0] * columns[1], seed: 7).map { $0 / 2 }
    styles = Styles(
      Tensor(shape: columns, numbers).view, cotangents: Tensor(shape: columns).view)
    bench = LayerBench(
      layer, Parameters(ParameterLayout()), batch: batch, normalization: normalization,
      statistics: normalization == .moving ? statistics : nil, styles: styles, threads: threads)
  }
}

private let source = StyleSource(latent: 11, labels: 3, embedding: 5, layers: 2)

@Suite struct StylesTests {
  @Test(arguments: [Pass.Normalization.groups(of: 2), .groups(of: 4), .moving])
  func conditionalNormalizationObeysTheLawsOfLayers(_ normalization: Pass.Normalization) {
    checkLayer(Subject([3, 4, 5], batch: 4, normalization, LeakyReLU.self).bench)
    checkLayer(Subject([7, 3], batch: 4, normalization, HyperbolicTangent.self).bench)
  }

  /// The cotangents of the styles equal differences of the outputs, and columns of other layers do
  /// not change.
  @Test(arguments: [Pass.Normalization.groups(of: 4), .moving])
  func cotangentsOfStylesEqualDifferences(_ normalization: Pass.Normalization) throws {
    let subject = Subject([3, 4, 5], batch: 4, normalization, HyperbolicTangent.self)
    let bench = subject.bench
    let x = randomNumbers(bench.inputCount, seed: 1)
    let cotangent = randomNumbers(bench.outputCount, seed: 2)
    let found = try #require(subject.styles.cotangents)
    found.fill(-7)
    _ = bench.backward(cotangent, at: x)
    let values = subject.styles.values
    let (start, step) = (values.values, Float(0x1p-10))
    let width = values.stride
    for index in start.indices {
      func loss(_ step: Float) -> Double {
        values.withMutableSpan { $0[index] = start[index] + step }
        return inner(cotangent, bench.forward(x))
      }
      let difference = (loss(step) - loss(-step)) / Double(2 * step)
      _ = loss(0)
      let isRead = (1..<width - 1).contains(index % width)
      // Differences of outputs of size 1 with a step of 2⁻¹⁰ are exact to about 2⁻¹⁰.
      #expect(
        isRead
          ? abs(difference - Double(found.values[index])) <= 0.02 : found.values[index] == -7,
        "column \(index % width): \(difference), \(found.values[index])")
    }
  }

  /// With gains and offsets of zero it is batch normalization at its initial parameters.
  @Test func stylesOfZeroChangeNothing() {
    let subject = Subject([3, 4, 5], batch: 4, .groups(of: 4), ReLU.self)
    subject.styles.values.fill(0)
    var (layout, moving) = (ParameterLayout(), ParameterLayout())
    let plain = BatchNormalization<ReLU>(
      shape: [3, 4, 5], estimate: .unbiased, name: "G/a", in: &layout, statistics: &moving)
    let other = LayerBench(
      plain, Parameters(initial: layout), batch: 4, normalization: .groups(of: 4))
    let x = randomNumbers(other.inputCount, seed: 1)
    let cotangent = randomNumbers(other.outputCount, seed: 2)
    #expect(subject.bench.forward(x) == other.forward(x))
    // The means are those of float32 sums of each example.
    expectClose(
      subject.bench.backward(cotangent, at: x).x, other.backward(cotangent, at: x).x, terms: 48,
      scale: 2)
  }

  @Test func bitsDoNotDependOnThreads() {
    let results = [1, 2, 3].map { threads in
      let subject = Subject([9, 5], batch: 40, .groups(of: 20), LeakyReLU.self, threads: threads)
      let x = randomNumbers(subject.bench.inputCount, seed: 1)
      let cotangent = randomNumbers(subject.bench.outputCount, seed: 2)
      let backward = subject.bench.backward(cotangent, at: x)
      return [
        subject.bench.forward(x), backward.x, subject.styles.cotangents?.values ?? [],
      ]
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test func layersOfStylesObeyTheLawsOfLayers() {
    var layout = ParameterLayout()
    let embedding = LabelEmbedding(
      latent: source.latent, labels: source.labels, embedding: source.embedding,
      name: "G/embedding", in: &layout)
    let parts = (0..<2).map { layer in
      let kernel = layout.append("\(layer)/kernel", shape: [source.inputs, 4 + layer])
      return StyleProjections.Part(
        chunk: source.chunk(layer), kernel: kernel,
        columns: .init(first: 4 * layer, count: 4 + layer))
    }
    let biased = StyleProjections.Part(
      chunk: 1..<4, kernel: layout.append("2/kernel", shape: [3 + source.embedding, 2]),
      bias: layout.append("2/bias", shape: [2], initialValue: 0.5),
      columns: .init(first: 9, count: 2))
    let projections = StyleProjections(
      parts + [biased], divided: source.latent, shared: source.embedding, name: "styles")
    for layer in [embedding, projections] as [any Layer] {
      let parameters = Parameters(glorotUniform: layout, seed: 1)
      checkLayer(LayerBench(layer, parameters, batch: 3))
    }
    let chunk = LatentChunk(2..<5, of: 8, name: "chunk")
    checkLayer(LayerBench(chunk, Parameters(ParameterLayout()), batch: 3))
  }

  /// The chunks of a latent are equally long, and the first layer has the rest.
  @Test(arguments: [(11, 2), (100, 5), (7, 6), (13, 1)])
  func chunksPartitionTheLatent(_ latent: Int, _ layers: Int) {
    let source = StyleSource(latent: latent, labels: 0, embedding: 128, layers: layers)
    let ranges = [source.first] + (0..<layers).map(source.chunk)
    #expect(ranges.flatMap(Array.init) == Array(0..<latent))
    #expect(ranges.allSatisfy { !$0.isEmpty } && Set(ranges.dropFirst().map(\.count)).count == 1)
    #expect(source.embedding == 0)
  }

  /// The gradients of a whole network with styles equal differences, also that of its input, which
  /// `like` uses to find the closest clip.
  @Test(arguments: [Pass.Normalization.groups(of: 4), .moving])
  func gradientsOfANetworkEqualDifferences(_ normalization: Pass.Normalization) {
    let net = StyledNetwork(normalization)
    _ = net.loss()
    net.backward()
    for (entry, gradient) in net.directions() {
      checkGradient(
        gradient, of: net.parameters[entry], step: 0x1p-9, tolerance: 0.02, entry.name,
        loss: net.loss)
    }
    checkGradient(
      net.inputGradient, of: net.workspace.input, step: 0x1p-9, tolerance: 0.02, "input",
      loss: net.loss)
  }

  @Test func aNetworkWithStylesIsNotTwiceDifferentiable() {
    #expect(TwiceDifferentiableNetwork(StyledNetwork(.moving).network) == nil)
  }
}

/// A generator of eight values from two chunks of a latent and two labels.
private final class StyledNetwork {
  let network: Network
  let parameters: Parameters
  let workspace: Workspace
  private var pass: Pass
  private let cotangent: [Float]
  private let gradient: Parameters
  private(set) var inputGradient: [Float] = []

  init(_ normalization: Pass.Normalization) {
    let batch = 4
    var builder = NetworkBuilder()
    let source = StyleSource(latent: 5, labels: 2, embedding: 3, layers: 1)
    builder.beginStyles(source, scope: "G")
    builder.append(
      .init(
        scope: "G/first", operation: "dense",
        geometry: .init(inputs: source.first.count, outputs: 12), window: []),
      conditioning: [2, 2, 3], .population, HyperbolicTangent.self)
    builder.appendDense("G/last", inputs: 12, outputs: 8, HyperbolicTangent.self)
    network = builder.network
    parameters = Parameters(glorotUniform: network.layout, seed: 3)
    gradient = Parameters(network.layout)
    let engine = Engine(threads: 2)
    workspace = Workspace(differentiating: network, examples: batch, engine: engine)
    engine.fillScratch(.nan)
    pass = Pass(
      .init(
        parameters: parameters,
        statistics: normalization == .moving ? Parameters(initial: network.statistics) : nil),
      examples: 0..<batch, engine: engine)
    pass.normalization = normalization
    cotangent = randomNumbers(batch * 8, seed: 4)
    let input = randomNumbers(workspace.input.count, seed: 5)
    workspace.input.copy(
      0..<batch, of: Tensor(shape: [batch, 7], input).view, to: 0)
  }

  func loss() -> Double {
    network.forward(workspace, pass)
    return inner(cotangent, workspace.output.values)
  }

  func backward() {
    workspace.outputCotangent.copy(
      0..<4, of: Tensor(shape: [4, 8], cotangent).view, to: 0)
    network.backward(workspace, reachingInput: true, pass)
    network.accumulateGradient(workspace, into: gradient, pass)
    inputGradient = workspace.inputCotangent.values
  }

  func directions() -> [(ParameterLayout.Entry, [Float])] {
    network.layout.entries.map { ($0, gradient[$0].values) }
  }
}
