import Foundation
import SpecGANTestSupport
import Testing

/// A user's folder: a configuration of tiny networks, six spoken digits, and their cache.
struct Workshop {
  let folder: TemporaryFolder

  init(_ folder: TemporaryFolder, clips: [String] = Self.clips) throws {
    self.folder = folder
    for clip in clips { try copy("audio/digits/\(clip).wav", as: "sounds/\(clip).wav") }
    try write(Self.configuration, as: "tiny.yaml")
    try made("preprocess", "sounds", "--output", "cache")
  }

  private static let clips = ["one", "two", "three"].flatMap { digit in
    ["flite_slt", "flite_kal16"].map { "\(digit)/\($0)" }
  }

  static let configuration = """
    network: {dimension: 4}
    training: {batch_size: 8, seed: 3}
    monitoring: {preview_count: 0, tensorboard: false, report: false}

    """

  /// Runs the program, which must succeed.
  @discardableResult
  func made(
    _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ProgramResult {
    try made(arguments, sourceLocation: sourceLocation)
  }

  /// Runs the program with `arguments`, and expects that it succeeds.
  @discardableResult
  func made(
    _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ProgramResult {
    let result = try run(arguments)
    #expect(
      result.status == 0, "\(arguments.joined(separator: " ")): \(result.messages)",
      sourceLocation: sourceLocation)
    return result
  }

  /// Runs the program.
  func run(_ arguments: [String]) throws -> ProgramResult { try Program.run(arguments, in: folder) }

  /// Runs the program with `--json` and parses the one line of output.
  func json(
    _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let result = try run(arguments + ["--json"])
    #expect(result.status == 0, "\(result.messages)", sourceLocation: sourceLocation)
    return try object(result.output, sourceLocation: sourceLocation)
  }

  /// Returns the JSON object that is the only line of `output`.
  func object(
    _ output: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    #expect(output.hasSuffix("}\n"), sourceLocation: sourceLocation)
    #expect(output.count(where: \.isNewline) == 1, sourceLocation: sourceLocation)
    let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
    return try #require(object as? [String: Any], sourceLocation: sourceLocation)
  }

  /// Copies a file of `Fixtures`, and creates its folders.
  func copy(_ fixture: String, as name: String) throws {
    let target = URL(filePath: folder.path(name))
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: URL(filePath: Fixtures.path(fixture)), to: target)
  }

  /// Writes `text` to the file `name`.
  func write(_ text: String, as name: String) throws {
    try folder.write(Array(text.utf8), as: name)
  }

  /// Makes the folder `name`, and those above it.
  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder.path(name), withIntermediateDirectories: true)
  }

  /// Removes the file or folder `name`.
  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: folder.path(name))
  }

  /// Returns the names in the folder `name`, sorted.
  func names(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path(name)).sorted()
  }

  /// Returns every file below the folder `name`, with its bytes.
  func contents(of name: String) throws -> [String: [UInt8]] {
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path(name))
    return try files.reduce(into: [:]) { contents, file in
      let path = "\(name)/\(file)"
      let kind = try FileManager.default.attributesOfItem(atPath: folder.path(path))[.type]
      if kind as? FileAttributeType == .typeRegular { contents[file] = try folder.bytes(of: path) }
    }
  }

  /// Returns the objects of a file of JSON lines.
  func lines(of name: String) throws -> [[String: Any]] {
    try String(decoding: folder.bytes(of: name), as: UTF8.self).split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }
}

/// Calls `body` with a workshop, and removes it afterwards.
func withWorkshop<Result>(_ body: (Workshop) throws -> Result) throws -> Result {
  try withTemporaryFolder { try body(Workshop($0)) }
}

extension ProgramResult {
  /// Expects an error: the status, nothing on standard output, and one sentence with its place.
  func expectError(
    _ status: Int32, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let lines = messages.split(separator: "\n")
    let sentence = lines.first { $0.hasPrefix("Error: ") } ?? ""
    #expect(self.status == status, "\(messages)", sourceLocation: sourceLocation)
    #expect(!isKilled && output.isEmpty, "\(output)", sourceLocation: sourceLocation)
    // The argument parser adds the usage of the command.
    let isUsage = status == 64 && lines.contains { $0.hasPrefix("Usage: ") }
    #expect(lines.count == 1 || isUsage, "\(messages)", sourceLocation: sourceLocation)
    #expect(isUsage || sentence.hasSuffix("."), "\(messages)", sourceLocation: sourceLocation)
    for word in words {
      #expect(sentence.contains(word), "\(messages)", sourceLocation: sourceLocation)
    }
  }
}
