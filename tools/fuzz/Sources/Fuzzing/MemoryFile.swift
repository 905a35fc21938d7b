internal import CFuzzer
internal import Glibc

/// The file that every input becomes, in memory.
public enum MemoryFile {
  private static let descriptor: CInt = {
    let descriptor = memfd_create("input", 0)
    precondition(descriptor >= 0, "there is no file in memory to be had")
    return descriptor
  }()

  /// The path of a file that holds `count` bytes from `bytes` on, until the next call.
  public static func path(holding bytes: UnsafePointer<UInt8>?, count: Int) -> String {
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, count, 0) == count
    else { fatalError("the input could not be written") }
    return "/proc/self/fd/\(descriptor)"
  }
}
