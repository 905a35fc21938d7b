import Glibc

/// The system's words for `code`, by default for what its last call failed with.
package func systemReason(_ code: CInt = errno) -> String {
  unsafe String(cString: strerror(code))
}
