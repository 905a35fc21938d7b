import SpecGANWorkers
import Testing

/// The quota of control groups, from the texts that Linux shows.
@Suite struct ProcessorLimitTests {
  @Test(
    arguments: [
      // Version 2: a container without a namespace of its own, Docker's --cpus 1.5, none.
      ("0::/", ["/g/cpu.max": "200000 100000\n"], 2.0),
      ("0::/a/b", ["/g/a/b/cpu.max": "max 100000\n", "/g/a/cpu.max": "150000 100000\n"], 1.5),
      ("0::/a", ["/g/a/cpu.max": "max 100000\n"], nil), ("0::/a", [:], nil), ("", [:], nil),
      // A group has no more than its parent.
      ("0::/a/b", ["/g/a/b/cpu.max": "400000 100000", "/g/a/cpu.max": "300000 100000"], 3.0),
      // Version 1, and both at once.
      (
        "4:cpu,cpuacct:/d\n3:memory:/d",
        [
          "/g/cpu,cpuacct/d/cpu.cfs_quota_us": "50000\n",
          "/g/cpu,cpuacct/d/cpu.cfs_period_us": "100000",
        ],
        0.5
      ),
      (
        "1:cpu:/d",
        ["/g/cpu/d/cpu.cfs_quota_us": "-1\n", "/g/cpu/d/cpu.cfs_period_us": "100000\n"], nil
      ),
      (
        "1:name=systemd:/\n0::/x", ["/g/unified/x/cpu.max": "250000 100000\n"], 2.5
      ),
      ("0::/a", ["/g/a/cpu.max": "much more\n"], nil), ("nonsense", ["/g/cpu.max": "1 1"], nil),
    ] as [(String, [String: String], Double?)])
  func theSmallestQuotaCounts(_ groups: String, _ files: [String: String], _ quota: Double?) {
    #expect(ProcessorLimit.quota(groups: groups, root: "/g", read: { files[$0] }) == quota)
  }

  @Test func thereIsAtLeastOneProcessor() { #expect(ProcessorLimit.count >= 1) }
}
