import Foundation
import Networks
import SpecGANModels
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// One architecture of `tools/reference/architectures.py`, which has the same table.
struct GoldenArchitecture: Sendable, CustomTestStringConvertible {
  let name: String
  let gan: GAN

  var testDescription: String { name }

  /// Pictures 128 × 128.
  init(
    specgan name: String, kernel: Int, dimension: Int = 2,
    _ upsampling: NetworkConfiguration.Upsampling = .zeros, isNormalized: Bool = false
  ) {
    var specgan = SpecGANConfiguration()
    specgan.kernel = kernel
    self.name = name
    gan = .specGAN(Self.network(dimension, upsampling, isNormalized), specgan)
  }

  init(
    wavegan name: String, length: Int = 16_384, channels: Int = 1, dimension: Int = 2,
    kernel: Int = 25, _ upsampling: NetworkConfiguration.Upsampling = .zeros,
    isNormalized: Bool = false, postFilter: Int = 0
  ) {
    var wavegan = WaveGANConfiguration()
    wavegan.kernel = kernel
    wavegan.postFilter = postFilter
    self.name = name
    gan = .waveGAN(
      Self.network(dimension, upsampling, isNormalized), wavegan, length: length,
      channels: channels)
  }

  private static func network(
    _ dimension: Int, _ upsampling: NetworkConfiguration.Upsampling, _ isNormalized: Bool
  ) -> NetworkConfiguration {
    var network = NetworkConfiguration()
    network.latent = 7
    network.dimension = dimension
    network.upsampling = upsampling
    network.generatorNormalization = isNormalized ? .batch : .none
    network.criticNormalization = isNormalized ? .batch : .none
    return network
  }

  static let all: [GoldenArchitecture] = [
    .init(specgan: "specgan-nearest", kernel: 5, .nearest),
    .init(specgan: "specgan-linear", kernel: 5, .linear),
    .init(specgan: "specgan-cubic-4", kernel: 4, .cubic),
    .init(specgan: "specgan-normalized", kernel: 5, isNormalized: true),
    .init(specgan: "specgan-6", kernel: 6, dimension: 1),
    .init(wavegan: "wavegan-nearest", channels: 2, .nearest, postFilter: 512),
    .init(wavegan: "wavegan-linear-24", dimension: 1, kernel: 24, .linear),
    .init(
      wavegan: "wavegan-normalized-3", channels: 3, kernel: 3, isNormalized: true, postFilter: 7),
    .init(wavegan: "wavegan-32768", length: 32_768),
    .init(
      wavegan: "wavegan-32768-cubic", length: 32_768, dimension: 1, .cubic, isNormalized: true),
    .init(wavegan: "wavegan-65536", length: 65_536, channels: 2),
  ]
}

/// A network of an architecture, with random weights.
private struct Subject {
  enum Kind: String, CaseIterable { case generator, critic }

  static let (batch, group) = (4, 2)
  let golden: Golden
  let prefix: String
  let network: Network
  let parameters: Parameters
  let statistics: Parameters
  let workspace: Workspace
  let engine = Engine(threads: 2)

  init(_ architecture: GoldenArchitecture, _ kind: Kind) throws {
    golden = try Golden("architectures")
    prefix = "\(architecture.name)/\(kind.rawValue)"
    network = kind == .generator ? architecture.gan.generator : architecture.gan.critic
    parameters = Parameters(initial: network.layout)
    statistics = Parameters(initial: network.statistics)
    workspace = Workspace(differentiating: network, examples: Self.batch, engine: engine)
    let limits = try golden.floats("\(prefix)/limits")
    for (entry, limit) in zip(network.layout.entries, limits) {
      let drawn = randomNumbers(entry.count, seed: UInt64(100 + entry.ordinal))
      parameters[entry].withMutableSpan { span in
        for index in 0..<span.count { span[index] = drawn[index] * limit + entry.initialValue }
      }
    }
    let input = kind == .generator ? UInt64(1) : 2
    let count = Self.batch * network.inputShape.reduce(1, *)
    workspace.input.copy(
      0..<Self.batch, of: Tensor.random([Self.batch, count / Self.batch], seed: input).view, to: 0)
  }

  func pass(_ normalization: Pass.Normalization, shifts: [Int] = []) -> Pass {
    var pass = Pass(parameters: parameters, examples: 0..<Self.batch, engine: engine)
    pass.normalization = normalization
    pass.statistics = statistics
    if !shifts.isEmpty { pass.shifts = PhaseShifts([shifts], groupSize: Self.batch) }
    return pass
  }

  /// Some elements of `values`, and their sum with random weights.
  func expectCondensed(_ values: [Float], _ name: String, terms: Int) throws {
    let some = try golden.floats("\(prefix)/\(name)/some")
    let found = some.indices.map { values[$0 * values.count / some.count] }
    expectClose(found, some, terms: terms, scale: 0.25, name)
    let sum =
      inner(values, randomNumbers(values.count, seed: 4)) / Double(values.count).squareRoot()
    let scale = values.reduce(0) { max($0, abs($1)) }
    expectClose(
      [Float(sum)], try golden.floats("\(prefix)/\(name)/sum"), terms: terms, scale: scale,
      "\(name), the sum")
  }
}

/// The longest chain of sums: seven layers, of which the widest has a receptive field of 25 · 64.
private let terms = 7 * 25 * 64

@Suite struct ArchitectureTests {
  @Test(arguments: GoldenArchitecture.all)
  func passesEqualTensorFlows(_ architecture: GoldenArchitecture) throws {
    for kind in Subject.Kind.allCases {
      let subject = try Subject(architecture, kind)
      let shifts = shifts[architecture.name].flatMap { kind == .critic ? $0 : nil } ?? []
      let pass = subject.pass(.groups(of: Subject.group), shifts: shifts)
      let (network, workspace) = (subject.network, subject.workspace)
      network.forward(workspace, pass)
      try subject.expectCondensed(workspace.output.values, "y", terms: terms)
      let count = workspace.output.count
      workspace.outputCotangent.copy(
        0..<Subject.batch, of: Tensor.random([Subject.batch, count / Subject.batch], seed: 3).view,
        to: 0)
      network.backward(workspace, reachingInput: true, pass)
      try subject.expectCondensed(workspace.inputCotangent.values, "x_cotangent", terms: terms)
      let gradient = Parameters(network.layout)
      network.accumulateGradient(workspace, into: gradient, pass)
      try expectGradients(subject, gradient)
    }
  }

  /// At inference, with the moving statistics after two groups.
  @Test(arguments: GoldenArchitecture.all.filter { $0.name.contains("normalized") })
  func movingStatisticsAndWhatTheyGiveEqualTensorFlows(_ architecture: GoldenArchitecture) throws {
    for kind in Subject.Kind.allCases {
      let subject = try Subject(architecture, kind)
      subject.network.forward(subject.workspace, subject.pass(.groups(of: Subject.group)))
      let moving = subject.statistics.block.values
      expectClose(moving, try subject.golden.floats("\(subject.prefix)/moving"), terms: terms)
      subject.network.forward(subject.workspace, subject.pass(.moving))
      try subject.expectCondensed(subject.workspace.output.values, "inferred", terms: terms)
      #expect(subject.statistics.block.values == moving)
    }
  }

  /// Names and shapes, in the order in which the reference creates its variables.
  @Test(arguments: GoldenArchitecture.all)
  func variablesHaveThePublishedNames(_ architecture: GoldenArchitecture) throws {
    let text = try #require(try Golden("architectures").metadata["shapes"])
    let shapes = try JSONDecoder().decode(
      [String: [String: [Variable]]].self, from: Data(text.utf8))
    let expected = try #require(shapes[architecture.name])
    for (kind, network) in [
      ("generator", architecture.gan.generator), ("critic", architecture.gan.critic),
    ] {
      let entries = network.layout.entries + network.statistics.entries
      #expect(entries.map { Variable(name: $0.name, shape: $0.shape) } == expected[kind])
    }
  }

  private struct Variable: Decodable, Equatable {
    let name: String
    let shape: [Int]
  }

  /// The shifts after the critic's layers 0 to 3, as in the program of the file.
  private let shifts = ["wavegan-32768": [2, -1, 0, 1], "wavegan-65536": [-2, 1, 2, -1]]

  private func expectGradients(_ subject: Subject, _ gradient: Parameters) throws {
    let golden = subject.golden
    let some = try golden.floats("\(subject.prefix)/gradients/some")
    let sums = try golden.floats("\(subject.prefix)/gradients/sum")
    let largest = try golden.floats("\(subject.prefix)/gradients/largest")
    var first = 0
    for (entry, (sum, large)) in zip(subject.network.layout.entries, zip(sums, largest)) {
      let values = gradient[entry].values
      let count = min(8, entry.count)
      let expected = Array(some[first..<first + count])
      first += count
      // A bias before batch normalization has a gradient of zero, except for rounding errors in
      // proportion to the gradient of its kernel.
      let scale = entry.name.hasSuffix("bias") ? max(large, largest[entry.ordinal - 1]) : large
      let found = (0..<count).map { values[$0 * values.count / count] }
      expectClose(found, expected, terms: terms, scale: scale, entry.name)
      let weighted = inner(values, randomNumbers(values.count, seed: 4))
      expectClose(
        [Float(weighted / Double(values.count).squareRoot())], [sum], terms: terms, scale: scale,
        "\(entry.name), the sum")
    }
    #expect(first == some.count)
  }
}
