import Foundation
import SpecGANTestSupport
import Testing
import Waveforms

/// The files that `tools/fuzz/decoding` has found and kept, and those they grew from.
@Suite struct DecodingCorpusTests {
  private static func paths(in name: String) throws -> [String] {
    let folder = Fixtures.path(name)
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .map { "\(folder)/\($0)" }
  }

  /// Law: a file is refused in a sentence, or it is a sound; and that within ten seconds of
  /// computing, as the fuzzer demands; an idle machine takes less than one.
  @Test(arguments: ["fuzz/decoding", "formats"]) func everyFileKeepsTheLaw(name: String) throws {
    let paths = try Self.paths(in: name)
    #expect(paths.count > 20)
    var sounds = 0
    for path in paths {
      let start = Self.seconds()
      if case .success = try DecodingLaw.check(path, isIntact: name == "formats") { sounds += 1 }
      #expect(Self.seconds() - start < 10, "\(path)")
    }
    #expect(sounds > 0 && (name == "formats" || sounds < paths.count))
  }

  @Test func theCorpusIsSmallAndOfEveryKind() throws {
    let files = try Self.paths(in: "fuzz/decoding").map(bytes)
    #expect(files.count > 200)
    #expect(files.reduce(0) { $0 + $1.count } < 1 << 20)
    for start in ["RIFF", "FORM", "fLaC", "OggS", "ID3"] {
      #expect(files.contains { $0.starts(with: start.utf8) }, "\(start)")
    }
    #expect(files.contains { $0.first == 0xFF })
  }

  /// This thread's processor time, which neighbours do not lengthen.
  private static func seconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
