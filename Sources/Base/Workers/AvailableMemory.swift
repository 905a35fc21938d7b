internal import Foundation

/// The memory that Linux can provide to this process.
///
/// Source: Linux man-pages, getrlimit(2) and proc(5).
package struct AvailableMemory: Sendable {
  /// The free memory of the machine without swapping, in bytes; nil if Linux does not report it.
  package let free: Int?
  /// The rest of the limits of `ulimit -v` and `ulimit -d`, in bytes; nil without limits.
  package let limit: Int?

  /// Creates a record of given sizes.
  package init(free: Int?, limit: Int?) { (self.free, self.limit) = (free, limit) }

  /// Measures the memory.
  package init() {
    func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
    let line = text("/proc/meminfo")?.split(separator: "\n").first {
      $0.hasPrefix("MemAvailable:")
    }
    free = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    // In pages: the first number is the address space, the sixth the data and stacks.
    let pages = text("/proc/self/statm")?.split(separator: " ").compactMap { Int($0) } ?? []
    let used = pages.count > 5 ? [(RLIMIT_AS, pages[0]), (RLIMIT_DATA, pages[5])] : []
    limit =
      used.compactMap { resource, used in
        Self.limit(of: resource).map { max(0, $0 - used * sysconf(Int32(_SC_PAGESIZE))) }
      }.min()
  }

  /// Returns the memory of each of `processes` that share the machine; limits are those of each
  /// process.
  package func share(of processes: Int) -> Int? {
    [limit, free.map { $0 / processes }].compactMap(\.self).min()
  }

  /// Returns the limit of `resource` in bytes; nil if there is none.
  private static func limit(of resource: __rlimit_resource) -> Int? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0,
      limit.rlim_cur < rlim_t(Int.max)
    else { return nil }
    return Int(limit.rlim_cur)
  }
}

/// The memory that Linux can provide to this process without swapping, in bytes; nil if Linux does
/// not report it.
package var availableMemory: Int? { AvailableMemory().share(of: 1) }
