internal import Foundation

/// Bytes that Linux says can be had without swapping; nil where it does not say.
package var availableMemory: Int? {
  guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else {
    return nil
  }
  let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
  return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
}
