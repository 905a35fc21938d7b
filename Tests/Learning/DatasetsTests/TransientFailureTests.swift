import Foundation
import SpecGANDatasets
import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
import Testing

/// Failures of the system say nothing about a file: they end the work, and no file is lost to them.
@Suite struct TransientFailureTests {
  /// A process with a low limit of open files; eight workers open more than a hundred.
  @Test func tooManyOpenFilesAreNoBadFiles() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    for index in 0..<120 { try folder.noise("in/\(index).wav", seed: UInt64(index)) }
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      var limit = rlimit()
      #expect(unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
      limit.rlim_cur = 40
      #expect(unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
      let error = #expect(throws: SpecGANError.self) {
        try preprocess(["\(path)/in"], to: "\(path)/cache", workers: 8)
      }
      #expect(error?.systemFailure == .refusal && error?.errno == EMFILE)
      #expect(error?.sentence.contains("Too many open files; raise the limit") == true)
    }
    #expect(try folder.names() == ["in"])
    #expect(try preprocess([folder.path("in")], to: folder.path("cache")).usedCount == 120)
  }

  @Test(arguments: [
    (EMFILE, SpecGANError.SystemFailure.refusal), (ENFILE, .refusal), (ENOMEM, .refusal),
    (EIO, .inputOutput), (ESTALE, .inputOutput), (EACCES, nil), (EISDIR, nil), (ELOOP, nil),
  ])
  func whatTheSystemFailedAtIsKnownByItsNumber(
    _ number: CInt, _ failure: SpecGANError.SystemFailure?
  ) {
    let error = SpecGANError.unreadable(path: "x", reason: "y", errno: number)
    #expect(error.systemFailure == failure)
    #expect(SpecGANError.damaged(path: "cache", cause: error).systemFailure == failure)
    #expect(error.advice?.contains("permissions") == (failure == nil))
  }
}
