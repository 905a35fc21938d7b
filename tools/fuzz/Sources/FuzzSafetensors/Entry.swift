internal import CFuzzer
internal import Fuzzing

/// The program's main function, by the name that SwiftPM gives it; libFuzzer's own stays unused.
@_cdecl("FuzzSafetensors_main")
public func main(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var (count, arguments) = (count, arguments)
  return LLVMFuzzerRunDriver(&count, &arguments, test)
}

/// Checks one input of libFuzzer.
private func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let path = MemoryFile.path(holding: bytes, count: count)
  do throws(SafetensorsLaw.Violation) { _ = try SafetensorsLaw.check(path) } catch {
    fatalError("the law is broken: \(error)")
  }
  return 0
}
