import SpecGANTensors
import SpecGANTestSupport
import Testing

@Suite struct TensorTests {
  @Test func startsAsAlignedZeros() {
    let tensor = Tensor(shape: [3, 5])
    #expect(tensor.values == [Float](repeating: 0, count: 15))
    #expect(tensor.stride == 5)
    tensor.withSpan { span in
      unsafe span.withUnsafeBufferPointer { buffer in
        #expect(UInt(bitPattern: buffer.baseAddress) % 64 == 0)
      }
    }
  }

  @Test func copiesExamplesToTheirPlace() {
    let source = Tensor(shape: [3, 2], [1, 2, 3, 4, 5, 6])
    let target = Tensor(shape: [4, 2])
    target.copy(1..<3, of: source.view, to: 2)
    #expect(target.values == [0, 0, 0, 0, 3, 4, 5, 6])
  }

  @Test func aSliceIsAPartOfItsTensor() {
    let tensor = Tensor(shape: [6], [0, 1, 2, 3, 4, 5])
    let slice = tensor.part(offset: 2, shape: [3])
    #expect(slice.values == [2, 3, 4])
    slice.withMutableSpan { $0[0] = 9 }
    #expect(tensor.values == [0, 1, 9, 3, 4, 5])
  }

  /// A window onto a part of a window, and a copy, which is not a window.
  @Test func aWindowOntoExamplesWritesToItsTensor() {
    let tensor = Tensor(shape: [4, 1, 2], (0..<8).map(Float.init))
    let last = tensor.examples(1..<4).examples(2..<3)
    #expect(last.shape == [1, 1, 2] && last.count == 2 && last.stride == 2)
    let copy = Tensor(copying: last)
    last.fill(9)
    #expect(tensor.values == [0, 1, 2, 3, 4, 5, 9, 9])
    #expect(copy.shape == [1, 1, 2] && copy.values == [6, 7])
    let joined = Tensor(joining: [last, tensor.examples(0..<2)])
    #expect(joined.shape == [3, 1, 2] && joined.values == [9, 9, 0, 1, 2, 3])
    #expect(Tensor(shape: []).view.shape.isEmpty && Tensor(shape: []).view.count == 1)
    #expect(tensor.examples(2..<2).shape == [0, 1, 2] && tensor.examples(2..<2).count == 0)
  }

  /// The memory exists as long as a window onto it.
  @Test func aWindowKeepsItsTensorsMemory() {
    weak var owner: Tensor?
    var window: TensorView?
    do {
      let tensor = Tensor(shape: [2, 2], [1, 2, 3, 4])
      (owner, window) = (tensor, tensor.examples(1..<2))
    }
    #expect(owner != nil)
    #expect(window?.values == [3, 4])
    window = nil
    #expect(owner == nil)
  }

  @Test func wrongSizesTrap() async {
    await #expect(processExitsWith: .failure) { _ = Tensor(shape: [2], [1]) }
    await #expect(processExitsWith: .failure) {
      _ = Tensor(shape: [2]).part(offset: 1, shape: [2])
    }
    await #expect(processExitsWith: .failure) { _ = Tensor(shape: [3, 2]).examples(1..<4) }
    await #expect(processExitsWith: .failure) {
      Tensor(shape: [2, 2]).copy(0..<2, of: Tensor(shape: [2, 2]).view, to: 1)
    }
  }
}
