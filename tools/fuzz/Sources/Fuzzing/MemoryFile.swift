internal import CFuzzer
internal import Glibc

/// A file in memory that holds the current input.
public enum MemoryFile {
  private static let descriptor: CInt = {
    let descriptor = memfd_create("input", 0)
    precondition(descriptor >= 0, "memfd_create failed")
    return descriptor
  }()

  /// Returns the path of a file that holds the `count` bytes at `bytes`, until the next call.
  public static func path(holding bytes: UnsafePointer<UInt8>?, count: Int) -> String {
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, count, 0) == count
    else { fatalError("the input could not be written") }
    return "/proc/self/fd/\(descriptor)"
  }
}
