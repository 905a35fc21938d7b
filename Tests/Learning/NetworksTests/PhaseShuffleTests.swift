import Networks
import SpecGANConvolutions
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// A shuffle before a layer that does nothing else: one position under the kernel, and the identity
/// of four channels.
@Suite struct PhaseShuffleTests {
  private func bench(_ shifts: [[Int]], groupSize: Int) -> LayerBench {
    bench(PhaseShifts(shifts, groupSize: groupSize))
  }

  private func bench(_ shifts: PhaseShifts) -> LayerBench {
    var layout = ParameterLayout()
    let layer = AffineLayer<Identity>(
      ConvolutionGeometry(
        length: .init(length: 9, kernel: 1, stride: 1), inputChannels: 4, outputChannels: 4),
      shuffle: PhaseShuffle(along: .positions, index: 0),
      kernel: layout.append("kernel", shape: [4, 4]), bias: layout.append("bias", shape: [4]))
    let parameters = Parameters(layout)
    parameters[layer.kernel].withMutableSpan { kernel in
      for channel in 0..<4 { kernel[5 * channel] = 1 }
    }
    return LayerBench(layer, parameters, batch: 3, shifts: shifts)
  }

  /// A shift copies, so that results are exact.
  @Test(arguments: -2...2)
  func equalsTheReferenceProgram(_ shift: Int) throws {
    let golden = try Golden("layers")
    let name = "phase_shuffle/\(shift)"
    let bench = bench([[shift]], groupSize: 3)
    #expect(bench.forward(try golden.floats(name + "/x")) == (try golden.floats(name + "/y")))
    let backward = bench.backward(
      try golden.floats(name + "/cotangent"),
      at: randomNumbers(bench.inputCount, seed: 1))
    // Reflected positions are sums of two.
    expectClose(backward.x, try golden.floats(name + "/x_cotangent"), terms: 2)
  }

  @Test(arguments: -3...3)
  func obeysTheLawsOfLayers(_ shift: Int) {
    checkLayer(bench([[shift]], groupSize: 3))
  }

  /// Around a convolution that pads and strides, along either axis.
  @Test(arguments: [PictureShift.Axis.lines, .positions], [-3, 2])
  func convolutionsOfShiftedPicturesObeyThem(_ axis: PictureShift.Axis, _ shift: Int) {
    var layout = ParameterLayout()
    let layer = AffineLayer<LeakyReLU>(
      ConvolutionGeometry(
        height: .init(length: 7, kernel: 5, stride: 2),
        width: .init(length: 8, kernel: 3, stride: 2), inputChannels: 3, outputChannels: 5),
      shuffle: PhaseShuffle(along: axis, index: 0),
      kernel: layout.append("kernel", shape: [5, 3, 3, 5]), bias: layout.append("bias", shape: [5]))
    let parameters = Parameters(layout)
    parameters[layer.kernel].withMutableSpan { kernel in
      let values = randomNumbers(kernel.count, seed: 5)
      for index in values.indices { kernel[index] = values[index] }
    }
    checkLayer(
      LayerBench(
        layer, parameters, batch: 3, shifts: PhaseShifts([[shift], [0], [1]], groupSize: 1)))
  }

  /// By the definition, example by example.
  @Test(arguments: [PictureShift.Axis.lines, .positions])
  func picturesAreShiftedAlongTheirAxis(_ axis: PictureShift.Axis) {
    var layout = ParameterLayout()
    let layer = AffineLayer<Identity>(
      ConvolutionGeometry(
        height: .init(length: 4, kernel: 1, stride: 1),
        width: .init(length: 5, kernel: 1, stride: 1), inputChannels: 1, outputChannels: 1),
      shuffle: PhaseShuffle(along: axis, index: 0),
      kernel: layout.append("kernel", shape: [1, 1]), bias: layout.append("bias", shape: [1]))
    let parameters = Parameters(layout)
    parameters[layer.kernel].fill(1)
    let y = LayerBench(
      layer, parameters, batch: 1, shifts: PhaseShifts([[2]], groupSize: 1)
    ).forward((0..<20).map(Float.init))
    let origins = [2, 1, 0, 1, 2]
    for line in 0..<4 {
      for position in 0..<5 {
        let origin =
          axis == .lines ? origins[line] * 5 + position : line * 5 + origins[position]
        #expect(y[line * 5 + position] == Float(origin))
      }
    }
  }

  @Test func groupsHaveShiftsOfTheirOwn() {
    let x = randomNumbers(3 * 36, seed: 1)
    let mixed = bench([[1], [0], [-2]], groupSize: 1).forward(x)
    for (example, shift) in [1, 0, -2].enumerated() {
      let alone = bench([[shift]], groupSize: 3).forward(x)
      let part = example * 36..<(example + 1) * 36
      #expect(mixed[part] == alone[part])
    }
  }

  @Test func withoutShiftsNothingMoves() {
    let bench = bench(PhaseShifts())
    let x = randomNumbers(bench.inputCount, seed: 1)
    #expect(bench.forward(x) == x)
  }
}
