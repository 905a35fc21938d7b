package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANTraining
internal import Spectra

extension Configuration {
  /// Reads the configuration file at `path`.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read, or as ``init(yaml:path:)`` does.
  package init(path: String) throws(SpecGANError) {
    let text: String?
    text = try MappedFile(path: path).withBytes { bytes in
      unsafe bytes.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
    }
    guard let text else { throw .encoding(path: path) }
    try self.init(yaml: text, path: path)
  }

  /// Parses a configuration; missing keys take their defaults.
  ///
  /// A key is below its section, or has the full form `network.dimension: 16`.
  ///
  /// - Parameters:
  ///   - text: the YAML text.
  ///   - path: the path of the file, for errors.
  /// - Throws: ``SpecGANError`` for the first line that is not valid.
  package init(yaml text: String, path: String) throws(SpecGANError) {
    self.init()
    var lines: [String: Int] = [:]
    var isFormerDefault = false
    for entry in try ConfigurationEntry.entries(of: text, path: path) {
      let name = Self.currentName(of: entry.name)
      guard lines[name] == nil else {
        throw .duplicateKey(path: path, line: entry.line, key: entry.name)
      }
      let place = SettingPlace.file(path: path, line: entry.line)
      try set(entry.name, to: entry.value, at: place)
      lines[name] = entry.line
      // Version 0.2 wrote its default also for runs without a decay.
      if name != entry.name && training.plannedSteps == Self.formerDefaultPlan {
        isFormerDefault = true
      }
    }
    if isFormerDefault && training.learningRateDecay == .none { training.plannedSteps = nil }
    try checkTogether { name in lines[name].map { .file(path: path, line: $0) } }
  }

  /// Applies settings of the form `network.dimension=16`.
  ///
  /// - Parameters:
  ///   - assignments: the settings.
  ///   - source: the origin of the settings, with which the sentence of an error begins.
  /// - Throws: ``SpecGANError`` if a setting is not valid; then nothing has changed.
  package mutating func set(
    _ assignments: [String], from source: String = "The assignment"
  ) throws(SpecGANError) {
    var changed = self
    var names: Set<String> = []
    for assignment in assignments {
      let scalars = assignment.unicodeScalars
      guard let equals = scalars.firstIndex(of: "=") else {
        throw .assignment(assignment, from: source)
      }
      let name = String(scalars[..<equals])
      let text = String(scalars[scalars.index(after: equals)...])
      try changed.set(name, to: Setting.Scalar(text: text, style: .argument), at: .caller(source))
      names.insert(name)
    }
    try changed.checkTogether { names.contains($0) ? .caller(source) : nil }
    self = changed
  }

  /// Applies one setting, as ``set(_:from:)`` does.
  ///
  /// - Throws: ``SpecGANError`` if a setting is not valid; then nothing has changed.
  package mutating func set(_ assignment: String) throws(SpecGANError) {
    try set([assignment])
  }

  private mutating func set(
    _ name: String, to value: Setting.Scalar, at place: SettingPlace
  ) throws(SpecGANError) {
    guard let setting = Self.settings.first(where: { $0.name == Self.currentName(of: name) }) else {
      throw .unknownKey(place, key: name, nearest: Self.nearestKey(to: name))
    }
    guard setting.read(value, &self) else {
      throw .value(place, key: name, value: value.text, valid: setting.valid)
    }
  }

  /// Returns the current name of a key that had another one in version 0.2.
  package static func currentName(of name: String) -> String {
    name == "training.decay_steps" ? "training.planned_steps" : name
  }

  /// The default of `training.decay_steps` in version 0.2.
  private static let formerDefaultPlan = 200_000

  /// Checks the settings whose range depends on another setting.
  private func checkTogether(
    _ place: (_ name: String) -> SettingPlace?
  ) throws(SpecGANError) {
    try checkFrameStep(place)
    try checkMergedBins(place)
    try checkIterations(place)
  }

  private func checkFrameStep(
    _ place: (_ name: String) -> SettingPlace?
  ) throws(SpecGANError) {
    let longest = spectrogram.frameLength / 2
    guard spectrogram.frameStep > longest else { return }
    let key = "spectrogram.frame_step"
    throw .value(
      place(key) ?? place("spectrogram.frame_length") ?? .resolved, key: key,
      value: String(spectrogram.frameStep),
      valid: "at most half of spectrogram.frame_length, which is \(longest)")
  }

  private func checkMergedBins(
    _ place: (_ name: String) -> SettingPlace?
  ) throws(SpecGANError) {
    guard spectrogram.mergedBins > 1, !spectrogram.mergesWholeBands else { return }
    let key = "spectrogram.first_merged_bin"
    throw .value(
      place(key) ?? place("spectrogram.merged_bins") ?? .resolved, key: key,
      value: String(spectrogram.firstMergedBin),
      valid: SpecGANError.firstMergedBins(
        merged: spectrogram.mergedBins, frameLength: spectrogram.frameLength))
  }

  private func checkIterations(
    _ place: (_ name: String) -> SettingPlace?
  ) throws(SpecGANError) {
    let counts = inversion.method.iterationCounts
    guard !counts.contains(inversion.projections) else { return }
    let key = "inversion.iterations"
    throw .value(
      place(key) ?? place("inversion.method") ?? .resolved, key: key,
      value: String(inversion.projections),
      valid:
        "auto or \(counts.upperBound), the limit of inversion.method \(inversion.method.rawValue)"
    )
  }
}

extension Configuration {
  /// The names of the sections, in the order of a file.
  static let sections: [String] = settings.reduce(into: []) { sections, setting in
    if !setting.section.isEmpty && !sections.contains(setting.section) {
      sections.append(setting.section)
    }
  }

  /// Returns the key, or the section at the top level, that is closest to `name`.
  ///
  /// The part after the dot counts before the section, so that a correct key in a wrong section is
  /// found.
  static func nearestKey(to name: String) -> String {
    let candidates = keys + sections
    let nearest = candidates.min { first, second in
      distance(name, first) < distance(name, second)
    }
    return nearest ?? ""
  }

  private static func distance(_ name: String, _ candidate: String) -> (key: Int, whole: Int) {
    let last = { (name: String) in name.split(separator: ".").last.map(String.init) ?? name }
    return (last(name).editDistance(to: last(candidate)), name.editDistance(to: candidate))
  }
}
