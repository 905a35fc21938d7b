internal import SpecGANFiles

/// A key of a configuration: its name, its key path, and its allowed values.
struct Setting: Sendable {
  /// A text from a file or a command line.
  struct Scalar {
    /// The notation of a scalar.
    enum Style {
      case plain
      case quoted
      case argument
      /// A list or a mapping; `text` is a description of it.
      case collection
    }

    let text: String
    let style: Style
  }

  typealias Path<Value> = any WritableKeyPath<Configuration, Value> & Sendable

  /// The name: `section.key`, or `key` at the top level.
  let name: String
  /// The meaning in one line.
  let comment: String
  /// The allowed values, as a noun phrase.
  let valid: String
  /// The allowed values in a word or two; empty if any text is allowed.
  let brief: String
  /// The function that applies a text to a configuration; it returns false if the text is not
  /// valid.
  let read: @Sendable (Scalar, inout Configuration) -> Bool
  /// The current value as YAML.
  let yaml: @Sendable (Configuration) -> String

  /// The part of ``name`` before the dot; empty at the top level.
  var section: String { name.firstIndex(of: ".").map { String(name[..<$0]) } ?? "" }
  /// The part of ``name`` after the dot.
  var key: String { section.isEmpty ? name : String(name.dropFirst(section.count + 1)) }
}

// MARK: - Kinds

extension Setting {
  /// A constraint on the integers of a setting.
  enum Kind: String {
    case any = "a whole number"
    case even = "an even number"
    case powerOfTwo = "a power of two"

    /// The constraint in a word or two after a range; empty if there is none.
    fileprivate var brief: String {
      switch self {
      case .any: ""
      case .even: ", even"
      case .powerOfTwo: ", a power of two"
      }
    }

    fileprivate func contains(_ value: some FixedWidthInteger) -> Bool {
      switch self {
      case .any: true
      case .even: value.isMultiple(of: 2)
      case .powerOfTwo: value > 0 && value.nonzeroBitCount == 1
      }
    }
  }

  static func integer<Value: FixedWidthInteger & LosslessStringConvertible & Sendable>(
    _ name: String, _ path: Path<Value>, _ range: ClosedRange<Value>, kind: Kind = .any,
    _ comment: String
  ) -> Setting {
    setting(
      name, path, comment,
      valid: "\(kind.rawValue) from \(range.lowerBound) to \(range.upperBound)",
      brief: "\(range.lowerBound) to \(range.upperBound)" + kind.brief,
      yaml: { String($0) },
      parse: { scalar in
        guard scalar.style != .quoted, let value = Value(scalar.text), range.contains(value),
          kind.contains(value)
        else { return nil }
        return value
      })
  }

  /// Returns a setting of an integer, or the word `auto` for nil.
  static func automaticInteger(
    _ name: String, _ path: Path<Int?>, _ range: ClosedRange<Int>, _ comment: String
  ) -> Setting {
    automatic(
      name, path, comment,
      valid: "auto or a whole number from \(range.lowerBound) to \(range.upperBound)",
      brief: "auto or \(range.lowerBound) to \(range.upperBound)", yaml: { String($0) },
      parse: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } })
  }

  /// Returns a setting of a number, or the word `auto` for nil.
  static func automaticNumber<Value: BinaryFloatingPoint & LosslessStringConvertible & Sendable>(
    _ name: String, _ path: Path<Value?>, _ bounds: Bounds<Value>, _ comment: String
  ) -> Setting {
    automatic(
      name, path, comment, valid: "auto or a number \(bounds)", brief: "auto or \(bounds)",
      yaml: yamlNumber,
      parse: { text in Value(text).flatMap { bounds.contains($0) ? $0 : nil } })
  }

  /// Returns a setting of a number, or the word `none` for nil.
  static func optionalNumber<Value: BinaryFloatingPoint & LosslessStringConvertible & Sendable>(
    _ name: String, _ path: Path<Value?>, _ bounds: Bounds<Value>, _ comment: String
  ) -> Setting {
    automatic(
      name, path, comment, absent: "none", valid: "none or a number \(bounds)",
      brief: "none or \(bounds)", yaml: yamlNumber,
      parse: { text in Value(text).flatMap { bounds.contains($0) ? $0 : nil } })
  }

  /// Returns a setting of one of several words, or the word `auto` for nil.
  static func automaticChoice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: Path<Value?>, _ comment: String
  ) -> Setting {
    let names = list(["auto"] + Value.allCases.map(\.rawValue))
    return automatic(
      name, path, comment, valid: names, brief: names, yaml: \.rawValue,
      parse: { Value(rawValue: $0) })
  }

  private static func automatic<Value: Sendable>(
    _ name: String, _ path: Path<Value?>, _ comment: String, absent: String = "auto",
    valid: String, brief: String, yaml: @escaping @Sendable (Value) -> String,
    parse: @escaping @Sendable (String) -> Value?
  ) -> Setting {
    setting(
      name, path, comment, valid: valid, brief: brief,
      yaml: { $0.map(yaml) ?? absent },
      parse: { scalar -> Value?? in
        guard scalar.style != .quoted else { return nil }
        if scalar.text == absent { return .some(nil) }
        return parse(scalar.text).map { .some($0) }
      })
  }

  static func number<Value: BinaryFloatingPoint & LosslessStringConvertible & Sendable>(
    _ name: String, _ path: Path<Value>, _ bounds: Bounds<Value>, _ comment: String
  ) -> Setting {
    setting(
      name, path, comment, valid: "a number \(bounds)", brief: "\(bounds)", yaml: yamlNumber,
      parse: { scalar in
        guard scalar.style != .quoted, let value = Value(scalar.text), bounds.contains(value) else {
          return nil
        }
        return value
      })
  }

  static func flag(_ name: String, _ path: Path<Bool>, _ comment: String) -> Setting {
    setting(
      name, path, comment, valid: "true or false", brief: "true or false", yaml: { String($0) },
      parse: { $0.style == .quoted ? nil : Bool($0.text) })
  }

  static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: Path<Value>, _ comment: String
  ) -> Setting {
    let names = Value.allCases.map(\.rawValue)
    return setting(
      name, path, comment, valid: list(names), brief: list(names), yaml: \.rawValue,
      parse: { Value(rawValue: $0.text) })
  }

  /// Returns `a`, `a or b`, or `a, b or c`.
  private static func list(_ names: [String]) -> String {
    let last = names.last ?? ""
    return names.count < 2 ? last : names.dropLast().joined(separator: ", ") + " or " + last
  }

  /// Returns a setting of a path, in which a leading `~` stands for the home folder.
  static func path(_ name: String, _ path: Path<String>, _ comment: String) -> Setting {
    setting(
      name, path, comment, valid: "a non-empty text", brief: "", yaml: yamlText,
      parse: { scalar in
        let isNull = scalar.style == .plain && ["~", "null"].contains(scalar.text)
        if scalar.text.isEmpty || isNull || scalar.text.contains("\0") { return nil }
        return Folder.expandingHome(scalar.text)
      })
  }

  private static func setting<Value>(
    _ name: String, _ path: Path<Value>, _ comment: String, valid: String,
    brief: String, yaml: @escaping @Sendable (Value) -> String,
    parse: @escaping @Sendable (Scalar) -> Value?
  ) -> Setting {
    Setting(
      name: name, comment: comment, valid: valid, brief: brief,
      read: { scalar, configuration in
        guard scalar.style != .collection, let value = parse(scalar) else { return false }
        configuration[keyPath: path] = value
        return true
      },
      yaml: { yaml($0[keyPath: path]) })
  }
}

/// A range of numbers that includes or excludes each end.
struct Bounds<Value: BinaryFloatingPoint & LosslessStringConvertible & Sendable>:
  Sendable, CustomStringConvertible
{
  let lowest: Value
  let highest: Value
  var includesLowest = true
  var includesHighest = true

  /// Returns whether `value` is in the range; false for NaN.
  func contains(_ value: Value) -> Bool {
    (includesLowest ? value >= lowest : value > lowest)
      && (includesHighest ? value <= highest : value < highest)
  }

  var description: String {
    let lower = (includesLowest ? "from " : "above ") + yamlNumber(lowest)
    return lower + (includesHighest ? (includesLowest ? " to " : " up to ") : " and below ")
      + yamlNumber(highest)
  }
}
