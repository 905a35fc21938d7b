internal import CSpecGANLinux
internal import Foundation

/// The number of processors that this process may use.
///
/// `taskset`, Slurm and Docker's `--cpuset-cpus` restrict the processors by affinity; Docker's
/// `--cpus` and Kubernetes restrict the time on them by the quota of a control group.
package enum ProcessorLimit {
  /// The number of processors, at least 1.
  package static var count: Int {
    let quota = quota(
      groups: text("/proc/self/cgroup") ?? "", root: "/sys/fs/cgroup", read: text)
    // A part of a processor is worth a thread.
    return max(1, min(affinity, Int((quota ?? .infinity).rounded(.up).clamped)))
  }

  /// The number of processors in the affinity mask of the calling thread.
  static var affinity: Int {
    // The kernel refuses a mask that is smaller than its own.
    for wordCount in [16, 256, 4096] {
      var mask = [UInt64](repeating: 0, count: wordCount)
      let result = unsafe mask.withUnsafeMutableBytes { bytes in
        unsafe specgan_getaffinity(0, UInt(bytes.count), bytes.baseAddress)
      }
      if result == 0 { return mask.reduce(0) { $0 + $1.nonzeroBitCount } }
    }
    return ProcessInfo.processInfo.activeProcessorCount
  }

  /// Returns the smallest quota of the process's control groups, in processors.
  ///
  /// Source: Linux kernel documentation, Control Group v2, "CPU Interface Files" (`cpu.max`); and
  /// "CFS Bandwidth Control" (`cpu.cfs_quota_us`) for version 1.
  ///
  /// - Parameters:
  ///   - groups: the contents of `/proc/self/cgroup`.
  ///   - root: the folder of the control groups.
  ///   - read: returns the contents of a file; nil if it does not exist.
  /// - Returns: the quota; nil if there is none.
  package static func quota(
    groups: String, root: String, read: (String) -> String?
  ) -> Double? {
    var quotas: [Double] = []
    for line in groups.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      // A group has no more than its parents. In a container the root may be the group itself.
      for group in ancestors(of: parts[2]) {
        if parts[1].isEmpty {
          for tree in [root, root + "/unified"] {
            let words = words(read("\(tree)\(group)/cpu.max"))
            if words.count == 2 { quotas.append(contentsOf: share(words[0], of: words[1])) }
          }
        } else if parts[1].split(separator: ",").contains("cpu") {
          for tree in ["cpu", String(parts[1])] {
            let folder = "\(root)/\(tree)\(group)"
            let quota = words(read("\(folder)/cpu.cfs_quota_us"))
            let period = words(read("\(folder)/cpu.cfs_period_us"))
            if let quota = quota.first, let period = period.first {
              quotas.append(contentsOf: share(quota, of: period))
            }
          }
        }
      }
    }
    return quotas.min()
  }

  /// Returns `/a/b`, `/a` and the root, which is empty, for `/a/b`.
  private static func ancestors(of group: Substring) -> [String] {
    let names = group.split(separator: "/")
    return (0...names.count).reversed().map { names.prefix($0).map { "/" + $0 }.joined() }
  }

  private static func words(_ text: String?) -> [Substring] {
    text?.split(whereSeparator: \.isWhitespace) ?? []
  }

  /// Returns the quotient of two texts; nil for `max`, and for −1, which version 1 means by none.
  private static func share(_ quota: Substring, of period: Substring) -> [Double] {
    guard let quota = Double(quota), let period = Double(period), quota > 0, period > 0 else {
      return []
    }
    return [quota / period]
  }

  private static func text(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}

extension Double {
  /// The value, at most a million.
  fileprivate var clamped: Double { Swift.min(self, 1e6) }
}
