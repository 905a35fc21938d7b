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
    target.copy(1..<3, of: source, to: 2)
    #expect(target.values == [0, 0, 0, 0, 3, 4, 5, 6])
  }

  @Test func aSliceIsAPartOfItsTensor() {
    let tensor = Tensor(shape: [6], [0, 1, 2, 3, 4, 5])
    let slice = tensor.part(offset: 2, shape: [3])
    #expect(slice.values == [2, 3, 4])
    slice.withMutableSpan { $0[0] = 9 }
    #expect(tensor.values == [0, 1, 9, 3, 4, 5])
  }

  @Test func wrongSizesTrap() async {
    await #expect(processExitsWith: .failure) { _ = Tensor(shape: [2], [1]) }
    await #expect(processExitsWith: .failure) {
      _ = Tensor(shape: [2]).part(offset: 1, shape: [2])
    }
    await #expect(processExitsWith: .failure) {
      Tensor(shape: [2, 2]).copy(0..<2, of: Tensor(shape: [2, 2]), to: 1)
    }
  }
}
