import Foundation
import SpecGANErrors
import SpecGANRandomness
import SpecGANSynthesis
import SpecGANTestSupport
import Testing

/// Lists of clips: every clip of a list is read, and a line that could be misread is refused.
@Suite struct ClipListTests {
  private static let comment =
    "# specgan clips: latents 0123456789abcdef, generator fedcba9876543210"

  private func entries(_ text: String) throws -> [ClipList.Entry] {
    try ClipList(Array(text.utf8), path: "l.txt").entries
  }

  /// Whatever comments, empty lines, spaces and line ends are between them, the same clips are read
  /// in the same order.
  @Test(arguments: 0..<200) func whatIsWrittenIsRead(_ seed: Int) throws {
    let stream = RandomStream(seed: UInt64(seed), stream: 2)
    var place: UInt64 = 0
    func draw(_ count: Int) -> Int {
      place += 1
      return stream.integer(below: count, at: place)
    }
    let words = ["kick", "tom 2", "ü#太鼓", "# 1", "\u{1F941}", "a\"b'c", "0", "e\u{301}"]
    let ends = ["\n", "\r\n", "\n \n", "\n# 7\tno\r\n", "\n\t\n", "\n\(Self.comment)\n"]
    let numbers = Set((0..<1 + draw(20)).map { _ in draw(1000) }).sorted { $0 ^ 341 < $1 ^ 341 }
    var text = draw(2) == 0 ? "" : "\u{FEFF}"
    var expected: [(Int, String?)] = []
    for number in numbers {
      let name = draw(2) == 0 ? nil : words[draw(words.count)]
      expected.append((number, name))
      text += ["", " ", "00"][draw(3)] + "\(number)" + ["", " "][draw(2)]
      text += (name.map { "\t\($0)" } ?? ["", "\t", "\t "][draw(3)]) + ["", " "][draw(2)]
      text += ends[draw(ends.count)]
    }
    if draw(2) == 0 { text.removeLast() }
    let found = try entries(text)
    #expect(found.map(\.number) == expected.map(\.0) && found.map(\.name) == expected.map(\.1))
    #expect(found.map(\.line) == found.map(\.line).sorted())
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for entry in found {
      #expect(String(lines[entry.line - 1])?.contains("\(entry.number)") == true)
    }
  }

  /// Each line names its file and its number.
  @Test(
    arguments: [
      ("1\n17 Big kick\n", "synthesis.listLine", 2), ("-1", "synthesis.listLine", 1),
      ("+1", "synthesis.listLine", 1), ("1.0", "synthesis.listLine", 1),
      ("1 # nice", "synthesis.listLine", 1), ("kick\t3", "synthesis.listLine", 1),
      ("1\ta\tb", "synthesis.listLine", 1), ("\t1", "synthesis.listLine", 1),
      ("１", "synthesis.listLine", 1), ("1,2", "synthesis.listLine", 1),
      ("1\r2", "synthesis.listLine", 1), ("99999999999999999999", "synthesis.listLine", 1),
      ("3\n# x\n4\n\n3\tother", "synthesis.repeatedClip", 5),
      ("3\n03", "synthesis.repeatedClip", 2),
      ("# specgan clips: latents 0123\n1", "synthesis.listSource", 1),
      ("1\n# specgan clips:", "synthesis.listSource", 2),
      (comment + "0\n1", "synthesis.listSource", 1),
    ] as [(String, String, Int)]) func otherLinesAreRefused(
      _ text: String, _ code: String, _ line: Int
    )
  {
    let error = #expect(throws: SpecGANError.self) { _ = try entries(text) }
    #expect(error?.code.rawValue == code && error?.line == line && error?.path == "l.txt")
    #expect(error?.sentence.hasPrefix("l.txt, line \(line): ") == true)
    #expect(error?.sentence.contains("\n") == false && error?.sentence.hasSuffix(".") == true)
  }

  @Test func aListIsTextWithAClip() {
    for text in ["", "\n\n", "# 1\n", "\u{FEFF}", Self.comment] {
      let error = #expect(throws: SpecGANError.self) { _ = try entries(text) }
      #expect(error?.code == "synthesis.emptyList" && error?.sentence.contains("l.txt") == true)
    }
    // Latin-1, UTF-16 with and without its mark, and a binary file.
    for bytes in [
      [0x31, 0x0A, 0x32, 0x09, 0xFC], [0xFF, 0xFE, 0x31, 0], [0x31, 0, 0x0A, 0],
      [0x78, 0, 0, 0, 0, 0, 0, 0, 0x7B],
    ] as [[UInt8]] {
      let error = #expect(throws: SpecGANError.self) { _ = try ClipList(bytes, path: "l.txt") }
      let expected: Set = ["synthesis.listEncoding", "synthesis.listLine"]
      #expect(expected.contains(error?.code.rawValue ?? ""))
    }
    let missing = #expect(throws: SpecGANError.self) { _ = try ClipList(file: "/no/list.txt") }
    #expect(missing?.kind == .missing)
  }

  @Test func theSourceIsRead() throws {
    let list = try ClipList(Array("# a\n\(Self.comment)\r\n1\n".utf8), path: "l.txt")
    #expect(list.sources.map(\.line) == [2])
    #expect(list.sources[0].source.comment == Self.comment)
    #expect(try ClipList(Array("1".utf8), path: "l.txt").sources.isEmpty)
    // Two lists in one file.
    let twice = "\(Self.comment)\n1\n\(Self.comment)\n2\n"
    #expect(try ClipList(Array(twice.utf8), path: "l.txt").sources.map(\.line) == [1, 3])
  }

  // MARK: - Names of files

  @Test(
    arguments: [
      (["Big kick", nil, "big KICK"], [], ["Big kick", "1", "big KICK 2"]),
      (["1", nil, "../../etc"], [], ["1 2", "1", "etc"]),
      (["???", "--", " "], [], ["0", "1", "2"]),
      (["overview", "CON", "-rf"], ["overview"], ["overview 2", "CON-", "rf"]),
      (["a/b", "a\\b", "A:B"], [], ["a b", "a b 2", "A B 3"]),
      ([".x.", "é", "e\u{301}"], [], ["x", "é", "e\u{301} 2"]),
      (["Bob's kick_2 (& more)", "太鼓", "\u{202E}x\n"], [], ["Bob's kick_2 (& more)", "太鼓", "x"]),
    ] as [([String?], [String], [String])])
  func namesAreSafeAndDiffer(_ names: [String?], _ others: [String], _ stems: [String]) {
    let numbered = names.indices.map(String.init)
    #expect(PlainName.stems(names, numbered: numbered, besides: others) == stems)
  }

  @Test func namesAreNotTooLong() {
    let names = [String?](repeating: String(repeating: "é", count: 200), count: 3)
    let stems = PlainName.stems(names, numbered: ["0", "1", "2"], besides: [])
    #expect(Set(stems).count == 3 && stems.allSatisfy { $0.utf8.count <= 70 })
  }
}
