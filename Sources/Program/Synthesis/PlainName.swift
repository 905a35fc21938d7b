internal import Foundation

/// A name of a file that every file system accepts, from free text.
package struct PlainName: Equatable, Sendable {
  /// The name, without an extension.
  package let text: String

  /// The longest name in bytes, so that a file's name fits a tar archive.
  private static let longest = 64
  /// The names that Windows reserves for devices.
  private static let devices: Set<String> = Set(
    ["con", "prn", "aux", "nul"] + (1...9).flatMap { ["com\($0)", "lpt\($0)"] })

  /// Keeps the letters, digits, spaces and `marks` of `text`. Other characters become a space, and
  /// there is none at the ends; nil if nothing is left.
  package init?(_ text: String, keeping marks: String) {
    var name = ""
    for character in text {
      let isPlain = character.isLetter || character.isNumber || marks.contains(character)
      if isPlain {
        if name.utf8.count + String(character).utf8.count > Self.longest { break }
        name.append(character)
      } else if let last = name.last, last != " " {
        name.append(" ")
      }
    }
    // Windows drops dots and spaces at the end; a dot at the start hides a file.
    let trimmed = name.trimmingCharacters(in: CharacterSet(charactersIn: " ."))
    guard !trimmed.isEmpty else { return nil }
    self.text = trimmed
  }

  /// Returns whether Windows reserves `name` for a device, in any case and with any extension.
  package static func isDevice(_ name: String) -> Bool {
    devices.contains(name.prefix { $0 != "." }.lowercased())
  }
}

extension PlainName {
  /// Returns the name of a file, without its extension, from free text as in
  /// ``init(_:keeping:)``; nil if nothing is left.
  ///
  /// It is no device's, and does not begin with a hyphen, which would be taken for an option.
  package static func stem(_ text: String, keeping marks: String) -> String? {
    let rest = PlainName(text, keeping: marks)?.text.drop { $0 == "-" || $0 == " " } ?? ""
    if rest.isEmpty { return nil }
    guard isDevice(String(rest)) else { return String(rest) }
    return "\(rest.prefix { $0 != "." })-\(rest.drop { $0 != "." })"
  }

  /// Returns the names of the files of clips, without extensions: for each clip its own name, or
  /// that of its number.
  ///
  /// A name gets a number if it differs from another one at most in case, which some file systems
  /// do not distinguish.
  ///
  /// - Parameters:
  ///   - names: the names of the clips; nil for none.
  ///   - numbered: the names by their numbers, which stay as they are.
  ///   - others: the names of other files.
  /// - Returns: the names.
  package static func stems(
    _ names: [String?], numbered: [String], besides others: [String]
  ) -> [String] {
    let plain = names.map { $0.flatMap { stem($0, keeping: ".-+_'&()") } }
    var taken = Set(others.map { $0.lowercased() })
    for (index, name) in numbered.enumerated() where plain[index] == nil {
      taken.insert(name.lowercased())
    }
    return numbered.indices.map { index in
      guard let name = plain[index] else { return numbered[index] }
      var (stem, number) = (name, 2)
      while !taken.insert(stem.lowercased()).inserted {
        stem = "\(name) \(number)"
        number += 1
      }
      return stem
    }
  }
}
