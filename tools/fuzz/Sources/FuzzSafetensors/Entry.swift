internal import CFuzzer
internal import Fuzzing

/// The program, by the name that Swift packages give it. libFuzzer's own main function stays unused.
@_cdecl("FuzzSafetensors_main")
public func main(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var (count, arguments) = (count, arguments)
  return LLVMFuzzerRunDriver(&count, &arguments, test)
}

/// One input of libFuzzer's.
private func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let path = MemoryFile.path(holding: bytes, count: count)
  do throws(SafetensorsLaw.Violation) { _ = try SafetensorsLaw.check(path) } catch {
    fatalError("the law is broken: \(error)")
  }
  return 0
}
