import Networks
import SpecGANConvolutions
import SpecGANTensors
import SpecGANTestSupport
import Testing

@Suite struct LabelProjectionTests {
  private func bench(threads: Int = 2) -> LayerBench {
    var layout = ParameterLayout()
    let layer = LabelProjection(
      features: 37, labels: 3, name: "D/output", embeddingName: "D/embedding", in: &layout)
    let parameters = Parameters(glorotUniform: layout, seed: 2)
    parameters[layer.bias].fill(0.25)
    return LayerBench(layer, parameters, batch: 5, threads: threads)
  }

  @Test func obeysTheLawsOfLayers() { checkLayer(bench()) }

  /// Both kernels together are a dense layer with the sum `ψ + V_l` for each label.
  @Test func valuesEqualThoseOfADenseLayer() {
    let bench = bench()
    let entries = bench.parameters.layout.entries
    var layout = ParameterLayout()
    let (kernel, bias) = (layout.append("k", shape: [37, 3]), layout.append("b", shape: [3]))
    let merged = Parameters(layout)
    let (shared, own) = (bench.parameters[entries[0]].values, bench.parameters[entries[2]].values)
    merged[kernel].withMutableSpan { span in
      for index in span.indices { span[index] = shared[index / 3] + own[index] }
    }
    merged[bias].fill(0.25)
    let dense = LayerBench(
      AffineLayer<Identity>(.init(inputs: 37, outputs: 3), kernel: kernel, bias: bias), merged,
      batch: 5)
    let x = randomNumbers(bench.inputCount, seed: 1)
    expectClose(bench.forward(x), dense.forward(x), terms: 37)
    let cotangent = randomNumbers(bench.outputCount, seed: 2)
    let (found, wanted) = (
      bench.backward(cotangent, at: x), dense.backward(cotangent, at: x)
    )
    expectClose(found.x, wanted.x, terms: 4)
    expectClose(found.gradient[entries[2]].values, wanted.gradient[kernel].values, terms: 5)
  }

  @Test func bitsDoNotDependOnThreads() {
    let results = [1, 2, 5].map { threads in
      let bench = bench(threads: threads)
      let x = randomNumbers(bench.inputCount, seed: 1)
      let backward = bench.backward(randomNumbers(bench.outputCount, seed: 2), at: x)
      return [bench.forward(x), backward.x, backward.gradient.block.values]
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}
