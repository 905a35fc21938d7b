extension Configuration {
  /// The whole of it as YAML, every key in one order; reads back as the same value.
  package var yaml: String {
    blocks { setting in "\(setting.key): \(setting.yaml(self))" }.joined(separator: "\n")
  }

  /// Every key with its meaning and what else it may be, and its default where the value is
  /// another; reads back as the same value.
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
    let heading =
      "# Settings of specgan. A key that is left out takes its default, which is what is written"
    let place = self == defaults ? "here" : "here,\n# or behind it after the word default"
    return "\(heading) \(place).\n\n" + blocks.joined(separator: "\n")
  }

  /// One text for the keys at the top, and one for each section.
  private func blocks(_ line: (Setting) -> String) -> [String] {
    let top = Self.settings.filter(\.section.isEmpty).map { line($0) + "\n" }.joined()
    return [top]
      + Self.sections.map { section in
        let lines = Self.settings.filter { $0.section == section }.map { "  \(line($0))\n" }
        return "\(section):\n" + lines.joined()
      }
  }
}
