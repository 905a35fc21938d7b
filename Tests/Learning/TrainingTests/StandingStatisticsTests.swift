import Networks
import SpecGANModels
import SpecGANRandomness
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing

@Suite struct StandingStatisticsTests {
  private func gan(_ normalization: NetworkConfiguration.GeneratorNormalization) -> GAN {
    var network = NetworkConfiguration()
    var specgan = SpecGANConfiguration()
    (network.latent, network.dimension, network.generatorNormalization) = (7, 2, normalization)
    network.embedding = 3
    (specgan.frames, specgan.bins) = (32, 32)
    return .specGAN(network, specgan, labels: 3)
  }

  /// They are the means over 16 batches of the means and variances of each layer's inputs.
  @Test(arguments: [NetworkConfiguration.GeneratorNormalization.batch, .conditional])
  func theyAreMeansOverBatches(
    _ normalization: NetworkConfiguration.GeneratorNormalization
  ) throws {
    let (gan, batch, engine) = (gan(normalization), 6, Engine(threads: 2))
    let weights = gan.initialGenerator(seed: 1)
    let found = try #require(gan.standingStatistics(of: weights, batch: batch, on: engine))
    let workspace = Workspace(gan.generator, examples: batch, engine: engine)
    var sums = [String: [Double]]()
    let stream = RandomStream(seed: 0, purpose: .standingStatistics)
    for number in 0..<16 {
      let latents = Tensor(shape: [batch, 7])
      latents.withMutableSpan {
        stream.fill(&$0, from: UInt64(number * batch * 7), lowest: -1, width: 2)
      }
      gan.place(
        latents.view, labels: (0..<batch).map { (number * batch + $0) % 3 }, into: workspace.input)
      var pass = Pass(parameters: weights, examples: 0..<batch, engine: engine)
      pass.normalization = .groups(of: batch)
      gan.generator.forward(workspace, pass)
      for (index, layer) in gan.generator.layers.enumerated()
      where layer.name.hasSuffix("/batch_normalization") {
        let channels = try #require(layer.inputShape.last)
        let values = workspace.values[index].values
        for channel in 0..<channels {
          let own = stride(from: channel, to: values.count, by: channels).map { Double(values[$0]) }
          let mean = own.reduce(0, +) / Double(own.count)
          let variance =
            own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count - 1)
          for (name, value) in [("/moving_mean", mean), ("/moving_variance", variance)] {
            sums[layer.name + name, default: [Double](repeating: 0, count: channels)][channel] +=
              value / 16
          }
        }
      }
    }
    #expect(sums.count == found.layout.entries.count && sums.count == 10)
    for (name, slice) in found.slices {
      let wanted = try #require(sums[name]).map { Float($0) }
      // The means of 16 numbers move one by one in float32.
      expectClose(slice.values, wanted, terms: 32, name)
    }
  }

  @Test func generatorsWithoutBatchNormalizationHaveNone() {
    let gan = gan(.none)
    let weights = gan.initialGenerator(seed: 1)
    #expect(gan.standingStatistics(of: weights, batch: 4, on: Engine(threads: 1)) == nil)
  }
}
