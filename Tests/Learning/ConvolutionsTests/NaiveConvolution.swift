import SpecGANConvolutions

/// The convolution by its definition, in four nested loops: slow, and evidently correct.
struct NaiveConvolution {
  let geometry: ConvolutionGeometry

  /// Calls `body` with the flat indices of every product `K[k] · x[x]` in `y[y]`.
  private func forEachProduct(_ batch: Int, _ body: (_ x: Int, _ k: Int, _ y: Int) -> Void) {
    let (height, width) = (geometry.height, geometry.width)
    for example in 0..<batch {
      for down in 0..<height.outputLength {
        for across in 0..<width.outputLength {
          for kernelDown in 0..<height.kernel {
            for kernelAcross in 0..<width.kernel {
              let row = down * height.stride + kernelDown - height.padding
              let column = across * width.stride + kernelAcross - width.padding
              guard (0..<height.length).contains(row), (0..<width.length).contains(column) else {
                continue
              }
              let pixel = (example * height.length + row) * width.length + column
              let tap = kernelDown * width.kernel + kernelAcross
              let position = (example * height.outputLength + down) * width.outputLength + across
              for input in 0..<geometry.inputChannels {
                for output in 0..<geometry.outputChannels {
                  body(
                    pixel * geometry.inputChannels + input,
                    (tap * geometry.inputChannels + input) * geometry.outputChannels + output,
                    position * geometry.outputChannels + output)
                }
              }
            }
          }
        }
      }
    }
  }

  func apply(_ kernel: [Float], to x: [Float], batch: Int) -> [Float] {
    var y = [Float](repeating: 0, count: batch * geometry.outputCount)
    forEachProduct(batch) { y[$2] += kernel[$1] * x[$0] }
    return y
  }

  func applyTransposed(_ kernel: [Float], to y: [Float], batch: Int) -> [Float] {
    var x = [Float](repeating: 0, count: batch * geometry.inputCount)
    forEachProduct(batch) { x[$0] += kernel[$1] * y[$2] }
    return x
  }

  func kernelGradient(x: [Float], y: [Float], batch: Int) -> [Float] {
    var gradient = [Float](repeating: 0, count: geometry.kernelCount)
    forEachProduct(batch) { gradient[$1] += x[$0] * y[$2] }
    return gradient
  }
}
