internal import SpecGANSynthesis

/// The names of a label's folder and files in a kit: `Kick/kick 01.wav`.
///
/// They hold only letters, digits, spaces and `.`, `-` and `+`, so that every file system and
/// sampler accepts them; SFZ gives `#`, `$`, `=`, `<` and `//` a meaning.
package struct VoiceName: Equatable, Sendable {
  /// The name of the folder: the label, with its first letter as a capital.
  package let folder: String
  /// The name of a file without number and extension: the label.
  package let stem: String

  /// The names of clips without a label: `Sounds/sound 01.wav`.
  package static let unlabeled = VoiceName(folder: "Sounds", stem: "sound")

  private init(folder: String, stem: String) { (self.folder, self.stem) = (folder, stem) }

  private init(_ stem: String) {
    self.stem = stem
    let name = stem.prefix(1).uppercased() + stem.dropFirst()
    folder = PlainName.isDevice(stem) ? name + "-" : name
  }

  /// Returns a name for each of `labels`. Names that differ only in case, which some file systems
  /// do not distinguish, get a number; so do those that `others` have.
  package static func names(of labels: [String], besides others: [String] = []) -> [VoiceName] {
    var taken = Set(others.map { $0.lowercased() })
    return labels.map { label in
      let plain = plain(label)
      var name = VoiceName(plain)
      var number = 2
      while !taken.insert(name.folder.lowercased()).inserted {
        name = VoiceName("\(plain) \(number)")
        number += 1
      }
      return name
    }
  }

  /// Returns `text` with a space for each other character, and none at its ends; `sound` if nothing
  /// is left.
  package static func plain(_ text: String) -> String {
    PlainName(text, keeping: ".-+")?.text ?? "sound"
  }

  /// Returns the name of clip `number`, from 1, of `count`, below the folder of the kit.
  package func file(_ number: Int, of count: Int) -> String {
    "\(folder)/\(title(number, of: count)).wav"
  }

  /// Returns the name of a clip that is called `name`, below the folder of the kit. Names that are
  /// in `taken`, in lower case, get a number; the returned one is added to it.
  func file(named name: String, besides taken: inout Set<String>) -> String {
    let plain = PlainName.stem(name, keeping: ".-+") ?? stem
    var file = "\(folder)/\(plain).wav"
    var number = 2
    while !taken.insert(file.lowercased()).inserted {
      file = "\(folder)/\(plain) \(number).wav"
      number += 1
    }
    return file
  }

  /// Returns the title of clip `number`, from 1, of `count`.
  package func title(_ number: Int, of count: Int) -> String {
    let digits = String(number)
    let width = max(String(count).count, 2)
    return stem + " " + String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }
}
