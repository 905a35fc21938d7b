import Foundation
import SpecGANDatasets
import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
import Testing

/// Law 5: a reader sees the old cache or the new one, each complete.
@Suite struct AtomicityTests {
  /// Creates an old cache of one file, and files for a new one.
  private func makeOldCache(_ folder: TemporaryFolder) throws -> String {
    try folder.noise("in/a.wav", seed: 1)
    let old = try preprocess([folder.path("in")], to: folder.path("cache")).fingerprint
    for index in 0..<9 { try folder.noise("in/\(index).wav", seed: UInt64(index + 2)) }
    return old
  }

  /// A separate process that is killed at the given moment leaves the old cache.
  @Test(arguments: [1, 2, 3])
  func aKilledRunLeavesTheOldCache(moment: Int) async throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let old = try makeOldCache(folder)
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, moment = moment as Int] in
      var calls = 0
      _ = try preprocessor(in: path).run { _ in
        calls += 1
        if calls == moment { kill(getpid(), SIGKILL) }
      }
    }
    let names = try folder.names()
    #expect(names == [".cache.partial", "cache", "in"])
    let cache = try Cache(path: folder.path("cache"))
    try cache.verify()
    #expect(cache.fingerprint == old)

    let new = try preprocess([folder.path("in")], to: folder.path("cache"))
    #expect(try Cache(path: folder.path("cache")).count == 10)
    #expect(new.fingerprint != old)
    #expect(try folder.names() == ["cache", "in"])
  }

  @Test(arguments: 0..<3) func anInterruptedRunLeavesNothing(moment: Int) throws {
    try withTemporaryFolder { folder in
      let old = try makeOldCache(folder)
      var calls = 0
      #expect(throws: SpecGANError.interrupted) {
        try preprocessor(in: folder.path).run(isInterrupted: {
          calls += 1
          return calls > moment
        })
      }
      #expect(try folder.names() == ["cache", "in"])
      #expect(try Cache(path: folder.path("cache")).fingerprint == old)
    }
  }

  @Test func aReaderKeepsTheCacheItOpened() throws {
    try withTemporaryFolder { folder in
      _ = try makeOldCache(folder)
      let old = try Cache(path: folder.path("cache"))
      let slices = try old.slices()
      let before = slices.values(0)
      try preprocess([folder.path("in")], to: folder.path("cache"))
      #expect(slices.values(0) == before)
      #expect(try Cache(path: folder.path("cache")).slices().values(0) != before)
      #expect(throws: SpecGANError.self) { try old.slices() }
    }
  }

  /// A new cache replaces the old one after a delay that grows with every repetition, up to twice
  /// the time of opening and reading a cache.
  @Test(.slow) func whoeverOpensACacheSeesOneOfThem() throws {
    try withTemporaryFolder { folder in
      for index in 0..<9 { try folder.noise("many/\(index).wav", seed: UInt64(index)) }
      try folder.noise("few/1.wav", seed: 99)
      for name in ["many", "few"] {
        try preprocess([folder.path(name)], to: folder.path("\(name).cache"))
      }
      let place = { @Sendable (name: String) in
        unsafe symlink("\(name).cache", folder.path("link"))
        unsafe rename(folder.path("link"), folder.path("cache"))
      }
      let duration = try ContinuousClock().measure {
        try Cache(path: folder.path("many.cache")).verify()
      }
      let step = duration / .microseconds(1) * 2 / 100
      var (found, replacedCount): (Set<Int>, Int) = ([], 0)
      for round in 0..<100 {
        _ = place("many")
        let writer = Thread {
          usleep(UInt32(step * Double(round)))
          _ = place("few")
        }
        writer.start()
        let cache = try Cache(path: folder.path("cache"))
        found.insert(cache.count)
        do throws(SpecGANError) { try cache.verify() } catch {
          #expect(error == .replaced(path: folder.path("cache")))
          replacedCount += 1
        }
        while !writer.isFinished { usleep(100) }
      }
      #expect(found.isSubset(of: [1, 9]))
      #expect(replacedCount > 0, "no cache was replaced between opening and reading it")
    }
  }

  /// A shard that vanishes between the passes is not created again without its slices.
  @Test(arguments: ["slices", "spectrograms"]) func aVanishedShardIsAnError(kind: String) throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/a.wav")
      let shard = folder.path(".cache.partial/\(kind)-00000.safetensors")
      let error = #expect(throws: SpecGANError.self) {
        try preprocessor(in: folder.path).run { progress in
          if progress.phase == .decoding { try? FileManager.default.removeItem(atPath: shard) }
        }
      }
      #expect(error?.description.hasPrefix("\(shard) cannot be written: No such file") == true)
      #expect(try folder.names() == ["in"])
    }
  }

  @Test func aLivingRunIsNotDisturbed() throws {
    try withTemporaryFolder { folder in
      _ = try makeOldCache(folder)
      var inner: (any Error)?
      _ = try preprocessor(in: folder.path).run { _ in
        do { _ = try preprocessor(in: folder.path).run() } catch { inner = error }
      }
      #expect(inner as? SpecGANError == .busy(path: folder.path("cache")))
      #expect(try Cache(path: folder.path("cache")).count == 10)
    }
  }

  @Test func anotherProcessAtTheSameOutputIsBusy() async throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    _ = try makeOldCache(folder)
    let lock = try #require(try takeLock(folder.path(".cache.partial")))
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      #expect(throws: SpecGANError.busy(path: "\(path)/cache")) {
        try preprocessor(in: path).run()
      }
    }
    withExtendedLifetime(lock) {}
    #expect(try Cache(path: folder.path("cache")).count == 1)
  }

  private func takeLock(_ path: String) throws -> FolderLock? {
    try Folder.create(path)
    return try FolderLock.take(path)
  }

  /// A folder with the name of the unfinished cache, but with other files, is not changed.
  @Test func aFolderOfTheUnfinishedNameIsLeftAlone() throws {
    try withTemporaryFolder { folder in
      _ = try makeOldCache(folder)
      try folder.makeParent(of: ".cache.partial/notes.txt")
      try folder.write([1], as: ".cache.partial/notes.txt")
      try folder.write([2], as: ".cache.partial/moments.safetensors")
      #expect(throws: SpecGANError.self) { try preprocessor(in: folder.path).run() }
      #expect(try folder.bytes(of: ".cache.partial/notes.txt") == [1])
      #expect(try folder.bytes(of: ".cache.partial/moments.safetensors") == [2])
      #expect(try Cache(path: folder.path("cache")).count == 1)
    }
  }

  @Test func whatIsNoCacheIsLeftAlone() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/a.wav")
      try folder.write([1], as: "file")
      try folder.makeParent(of: "folder/x")
      try folder.write([1], as: "folder/cache.json")
      try preprocess([folder.path("in")], to: folder.path("cache"))
      try folder.write([1], as: "cache/notes.txt")
      for output in ["file", "folder", "in", "cache"] {
        let before = try? folder.contents(of: output)
        let error = #expect(throws: SpecGANError.self) {
          try preprocess([folder.path("in")], to: folder.path(output))
        }
        #expect(error?.description.contains(folder.path(output)) == true)
        #expect(try before == nil || folder.contents(of: output) == before)
      }
      #expect(try folder.names() == ["cache", "file", "folder", "in"])
    }
  }

  @Test func linksToTheOutputAndEmptyFoldersServe() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/a.wav")
      try folder.makeParent(of: "empty/x")
      try FileManager.default.createSymbolicLink(
        atPath: folder.path("link"), withDestinationPath: "empty")
      for _ in 0..<2 { try preprocess([folder.path("in")], to: folder.path("link/")) }
      try Cache(path: folder.path("empty")).verify()
      try Cache(path: folder.path("link")).verify()
      try preprocess([folder.path("in")], to: folder.path("new/deep/cache"))
      #expect(try folder.names() == ["empty", "in", "link", "new"])
    }
  }

  @Test func anOutputThatCannotBeWrittenIsAnError() throws {
    let error = #expect(throws: SpecGANError.self) { try preprocess([drums], to: "/proc/cache") }
    #expect(error?.description.hasPrefix("/proc/cache cannot be written") == true)
  }

  private func makeFolder() throws -> TemporaryFolder {
    try TemporaryFolder()  // the exit test is asynchronous, so it cannot be a closure's
  }
}
