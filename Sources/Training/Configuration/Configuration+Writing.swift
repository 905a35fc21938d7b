extension Configuration {
  /// The whole of it as YAML, every key in one order; reads back as the same value.
  public var yaml: String {
    blocks { setting in "\(setting.key): \(setting.yaml(self))" }.joined(separator: "\n")
  }

  /// Every key at its default, with its meaning and what else it may be; reads back as the default.
  public static var commented: String {
    let defaults = Configuration()
    let blocks = defaults.blocks { setting in
      let text = "\(setting.key): \(setting.yaml(defaults))"
      let indentation = setting.section.isEmpty ? 2 : 0
      let space = String(repeating: " ", count: max(2, 28 + indentation - text.count))
      let brief = setting.brief.isEmpty ? "" : "; \(setting.brief)"
      return "\(text)\(space)# \(setting.comment)\(brief)"
    }
    return "# Settings of specgan. A key that is left out takes the default written here.\n\n"
      + blocks.joined(separator: "\n")
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
