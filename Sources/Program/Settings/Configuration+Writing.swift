extension Configuration {
  /// The complete configuration as YAML, every key in a fixed order. It reads back as the same
  /// value.
  package var yaml: String {
    blocks { setting in "\(setting.key): \(setting.yaml(self))" }.joined(separator: "\n")
  }

  /// The complete configuration as YAML, with a comment on each key: its meaning, its allowed
  /// values, and its default if the value is another. It reads back as the same value.
  package var commented: String {
    let defaults = Configuration()
    let blocks = blocks { setting in
      let text = "\(setting.key): \(setting.yaml(self))"
      let indentation = setting.section.isEmpty ? 2 : 0
      let space = String(repeating: " ", count: max(2, 28 + indentation - text.count))
      let brief = setting.brief.isEmpty ? "" : "; \(setting.brief)"
      let usual = setting.yaml(defaults)
      let otherwise = setting.yaml(self) == usual ? "" : "; default \(usual)"
      return "\(text)\(space)# \(setting.comment)\(brief)\(otherwise)"
    }
    let heading = "# Settings of specgan. A missing key takes its default, which is the value here"
    let place = self == defaults ? "" : ",\n# or the one after the word default"
    return "\(heading)\(place).\n\n" + blocks.joined(separator: "\n")
  }

  /// Returns one text for the keys at the top level, and one per section.
  private func blocks(_ line: (Setting) -> String) -> [String] {
    let top = Self.settings.filter(\.section.isEmpty).map { line($0) + "\n" }.joined()
    return [top]
      + Self.sections.map { section in
        let lines = Self.settings.filter { $0.section == section }.map { "  \(line($0))\n" }
        return "\(section):\n" + lines.joined()
      }
  }
}
