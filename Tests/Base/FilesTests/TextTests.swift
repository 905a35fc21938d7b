import SpecGANFiles
import Testing

@Suite struct TextTests {
  @Test(arguments: [
    ("kitten", "sitting", 3), ("", "abc", 3), ("kick", "kick", 0), ("ab", "ba", 2),
    (String(repeating: "a", count: 300), String(repeating: "a", count: 200), 0),
  ])
  func editDistances(_ first: String, _ second: String, _ distance: Int) {
    #expect(first.editDistance(to: second) == distance)
    #expect(second.editDistance(to: first) == distance)
  }

  @Test func digitsAreGrouped() {
    #expect([0, 999, 1_000, -1_234_567].map(\.grouped) == ["0", "999", "1,000", "-1,234,567"])
  }

  /// Files in the output or in a folder above it, which is created with it.
  @Test func filesAlongAnOutput() {
    #expect(Folder.isAlong("a/b", "a/p.html") && Folder.isAlong("a/b", "a/b/p.html"))
    #expect(Folder.isAlong("a/b", "p.html") && Folder.isAlong("a/b", "./a//p.html"))
    #expect(!Folder.isAlong("a/b", "c/p.html") && !Folder.isAlong("a/b", "a/b/c/p.html"))
  }
}
