import SpecGANConvolutions
import SpecGANTensors

/// Returns an engine with scratch memory of NaN, because its former contents must not matter.
func engine(for convolution: Convolution, threads: Int) -> Engine {
  let engine = Engine(threads: threads)
  convolution.reserveScratch(on: engine)
  engine.fillScratch(.nan)
  return engine
}

/// Memory whose content must not matter.
func poisoned(_ shape: [Int]) -> Tensor {
  let tensor = Tensor(shape: shape)
  tensor.fill(.nan)
  return tensor
}
