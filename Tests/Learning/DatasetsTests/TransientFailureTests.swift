import Foundation
import SpecGANDatasets
import SpecGANTestSupport
import Testing

/// Files that the system could not open are tried again by the next run.
@Suite struct TransientFailureTests {
  /// A process with a low limit of open files; eight workers open more than a hundred. Files that
  /// cannot be opened are skipped, some after they were read for their digest; the next run tries
  /// them all.
  @Test func filesThatCouldNotBeOpenedAreTriedAgain() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    for index in 0..<120 { try folder.noise("in/\(index).wav", seed: UInt64(index)) }
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      var limit = rlimit()
      #expect(unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
      limit.rlim_cur = 40
      #expect(unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
      try preprocess(["\(path)/in"], to: "\(path)/cache", workers: 8)
    }
    let rows = try Cache(path: folder.path("cache")).sources()
    let refused = rows.filter { $0.skipReason?.contains("Too many open files") == true }
    #expect(refused.count > 50)
    #expect(refused.allSatisfy { $0.bytes == nil && $0.checksum == nil })
    let second = try preprocess([folder.path("in")], to: folder.path("cache"))
    #expect(second.usedCount == 120 && second.decodedCount == refused.count)
    try preprocess([folder.path("in")], to: folder.path("fresh"))
    #expect(try folder.contents(of: "cache") == folder.contents(of: "fresh"))
  }
}
