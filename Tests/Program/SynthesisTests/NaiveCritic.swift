import Networks
import SpecGANModels

/// A critic without phase shuffle, by its definition and in double precision: a slow oracle.
///
/// Weights have the reference's names; a WaveGAN's layers are pictures of one row. Padding is
/// TensorFlow's SAME, activations are LeakyReLU of slope 0.2.
struct NaiveCritic {
  private struct Layer {
    let height, width, inputs, outputs: Int
    let kernel, stride: (height: Int, width: Int)
    let weights, bias: [Double]

    var outputHeight: Int { (height + stride.height - 1) / stride.height }
    var outputWidth: Int { (width + stride.width - 1) / stride.width }

    /// Calls `body` with the positions of every product's input, output and weight, without
    /// channels.
    func forEachTap(_ body: (_ input: Int, _ output: Int, _ weight: Int) -> Void) {
      let top = ((outputHeight - 1) * stride.height + kernel.height - height) / 2
      let left = ((outputWidth - 1) * stride.width + kernel.width - width) / 2
      for y in 0..<outputHeight {
        for x in 0..<outputWidth {
          for row in 0..<kernel.height {
            for column in 0..<kernel.width {
              let (above, beside) = (
                y * stride.height + row - top, x * stride.width + column - left
              )
              guard (0..<height).contains(above), (0..<width).contains(beside) else { continue }
              body(
                (above * width + beside) * inputs, (y * outputWidth + x) * outputs,
                (row * kernel.width + column) * inputs * outputs)
            }
          }
        }
      }
    }
  }

  private var layers: [Layer] = []
  private let dense: [Double]
  private let denseBias: Double

  init(_ kind: ModelKind, _ weights: (String) throws -> [Float]) throws {
    var (height, width, inputs) = kind == .specgan ? (128, 128, 1) : (1, 16_384, 1)
    for level in 0..<5 {
      let name = "D/downconv_\(level)/" + (kind == .specgan ? "conv2d" : "conv1d")
      let bias = try weights(name + "/bias").map(Double.init)
      let layer = Layer(
        height: height, width: width, inputs: inputs, outputs: bias.count,
        kernel: kind == .specgan ? (5, 5) : (1, 25), stride: kind == .specgan ? (2, 2) : (1, 4),
        weights: try weights(name + "/kernel").map(Double.init), bias: bias)
      layers.append(layer)
      (height, width, inputs) = (layer.outputHeight, layer.outputWidth, layer.outputs)
    }
    dense = try weights("D/output/dense/kernel").map(Double.init)
    denseBias = Double(try weights("D/output/dense/bias")[0])
  }

  /// `D(x)`.
  func value(_ x: [Double]) -> Double {
    zip(activations(x)[layers.count], dense).reduce(denseBias) { $0 + $1.0 * $1.1 }
  }

  /// `∇ₓD(x)`.
  func gradient(_ x: [Double]) -> [Double] {
    let activations = activations(x)
    var cotangent = dense
    for (level, layer) in layers.enumerated().reversed() {
      for index in cotangent.indices where activations[level + 1][index] < 0 {
        cotangent[index] *= 0.2
      }
      var below = [Double](repeating: 0, count: activations[level].count)
      layer.forEachTap { input, output, weight in
        for i in 0..<layer.inputs {
          for o in 0..<layer.outputs {
            below[input + i] +=
              layer.weights[weight + i * layer.outputs + o] * cotangent[output + o]
          }
        }
      }
      cotangent = below
    }
    return cotangent
  }

  /// Returns the input and every layer's output.
  private func activations(_ x: [Double]) -> [[Double]] {
    var activations = [x]
    for layer in layers {
      let input = activations[activations.count - 1]
      let places = layer.outputHeight * layer.outputWidth
      var values = (0..<places).flatMap { _ in layer.bias }
      layer.forEachTap { place, output, weight in
        for i in 0..<layer.inputs {
          for o in 0..<layer.outputs {
            values[output + o] += layer.weights[weight + i * layer.outputs + o] * input[place + i]
          }
        }
      }
      activations.append(values.map { $0 < 0 ? 0.2 * $0 : $0 })
    }
    return activations
  }
}
