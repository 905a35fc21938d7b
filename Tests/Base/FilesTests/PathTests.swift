import Foundation
import SpecGANFiles
import SpecGANTestSupport
import Testing

@Suite struct PathTests {
  @Test func aTildeIsTheHomeFolder() {
    let home = ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()
    #expect(Folder.expandingHome("~") == home)
    #expect(Folder.expandingHome("~/a/~") == home + "/a/~")
    for path in ["", "a", "/~", "./~", "~a", "a/~/b"] {
      #expect(Folder.expandingHome(path) == path)
    }
  }

  @Test func anAbsolutePathBeginsAtTheRoot() {
    let here = FileManager.default.currentDirectoryPath
    #expect(Folder.absolute("/a//b/./c/") == "/a/b/c")
    #expect(Folder.absolute("a/../b") == here + "/a/../b")
    #expect(Folder.absolute(".") == here)
  }

  @Test(arguments: [
    ("a/run", "a/cache", "../run"), ("run", "a/b/cache", "../../../run"), ("a", "a", "."),
    ("a/b", "a", "b"), ("a", "a/b", ".."),
  ]) func aRelativePathLeadsFromOneToTheOther(
    _ path: String, _ folder: String, _ relative: String
  ) throws {
    try withTemporaryFolder { root in
      for name in [path, folder] { try Folder.create(root.path(name)) }
      #expect(Folder.relativePath(of: root.path(path), from: root.path(folder)) == relative)
      #expect(try Folder.areSame(root.path("\(folder)/\(relative)"), root.path(path)))
      #expect(Folder.relativePath(of: root.path("no"), from: root.path(folder)) == nil)
    }
  }
}
