internal import Scores
package import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANRandomness

/// The labelled slices of a cache in three parts: to learn from, to stop by, and to test with.
///
/// All slices of a file are in one part. Where every labelled file says its speaker, as those of
/// Speech Commands do, and there are three speakers or more, so are all of a speaker. About a tenth
/// goes to validation and as much to the test. Files are divided label by label, so that every
/// label with three files is in every part; of two files of a label one is learned from.
///
/// Source: Warden, "Speech Commands: A Dataset for Limited-Vocabulary Speech Recognition", 2018,
/// section 5, for the names: `<speaker>_nohash_<number>.wav`.
package struct DatasetSplit: Equatable, Sendable {
  /// What is in one part alone.
  package enum Unit: String, Codable, Sendable {
    /// A file.
    case file
    /// A speaker.
    case speaker
  }

  /// Some slices, in the cache's order.
  package struct Part: Equatable, Sendable {
    /// Their numbers in the cache.
    package private(set) var slices: [Int] = []
    /// Of each, its label's number.
    package private(set) var labels: [Int] = []
    /// The files they are of.
    package private(set) var files: [String] = []

    fileprivate init(_ files: [SlicedFile]) {
      for file in files {
        guard let label = file.label else { continue }
        slices += Array(file.slices)
        labels += [Int](repeating: label, count: file.slices.count)
        self.files.append(file.path)
      }
    }
  }

  /// What is in one part alone.
  package let unit: Unit
  /// What is learned from.
  package let training: Part
  /// What training is stopped by.
  package let validation: Part
  /// What the accuracy is of.
  package let test: Part
  /// Slices without a label, which are in no part.
  package let unlabelledCount: Int

  /// Divides `files` by chance.
  ///
  /// - Parameters:
  ///   - files: of a cache.
  ///   - classes: how many labels there are.
  ///   - seed: what the parts depend on.
  package init(of files: [SlicedFile], classes: Int, seed: UInt64) {
    let labelled = files.filter { $0.label != nil }
    unlabelledCount = files.filter { $0.label == nil }.reduce(0) { $0 + $1.slices.count }
    let speakers = labelled.compactMap(\.speaker)
    let isBySpeaker = speakers.count == labelled.count && Set(speakers).count >= 3
    unit = isBySpeaker ? .speaker : .file
    let parts =
      isBySpeaker
      ? Self.parts(of: speakers, labelled, classes, seed) : Self.parts(of: labelled, classes, seed)
    func part(_ index: Int) -> Part {
      Part(zip(labelled, parts).filter { $0.1 == index }.map(\.0))
    }
    (training, validation, test) = (part(0), part(1), part(2))
  }

  /// How many of `count` units go to validation, and how many to the test.
  private static func heldBack(of count: Int) -> Int { count < 3 ? 0 : max(1, (count + 5) / 10) }

  /// The number of the part that each of `count` units falls to: 0 training, 1 validation, 2 test.
  private static func parts(_ count: Int, _ stream: RandomStream) -> [Int] {
    let size = heldBack(of: count)
    var parts = [Int](repeating: 0, count: count)
    for (place, index) in stream.permutation(of: count).enumerated() where place < 2 * size {
      parts[index] = place < size ? 1 : 2
    }
    return parts
  }

  /// Of each file its part, label by label.
  private static func parts(of files: [SlicedFile], _ classes: Int, _ seed: UInt64) -> [Int] {
    var parts = [Int](repeating: 0, count: files.count)
    var pairs = 0
    for label in 0..<classes {
      let own = files.indices.filter { files[$0].label == label }
      let stream = RandomStream(seed: seed, purpose: .split, row: UInt32(label))
      for (index, part) in zip(own, Self.parts(own.count, stream)) { parts[index] = part }
      guard own.count == 2 else { continue }
      // One of the two, for validation and for the test in turn.
      parts[own[stream.integer(below: 2, at: 0)]] = 1 + pairs % 2
      pairs += 1
    }
    return parts
  }

  /// Of each file its speaker's part: of some tries the first with the most labels in the most
  /// parts.
  private static func parts(
    of speakers: [String], _ files: [SlicedFile], _ classes: Int, _ seed: UInt64
  ) -> [Int] {
    let names = Set(speakers).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    var best: (parts: [Int], score: Int) = ([], -1)
    for attempt in 0..<UInt32(16) {
      let stream = RandomStream(seed: seed, purpose: .split, row: attempt)
      let own = Self.parts(names.count, stream)
      let parts = speakers.map { own[numbers[$0] ?? 0] }
      // A label that is not learned is worse than any that is not tested.
      let score = Set(zip(files, parts).map { 3 * ($0.label ?? 0) + $1 })
        .reduce(0) { $0 + ($1 % 3 == 0 ? 2 * classes + 1 : 1) }
      if score > best.score { best = (parts, score) }
    }
    return best.parts
  }
}

extension SlicedFile {
  /// What stands before `_nohash_` in its name; nil where that is nothing.
  fileprivate var speaker: String? {
    let name = path.split(separator: "/").last ?? ""
    guard let mark = name.firstRange(of: "_nohash_"), mark.lowerBound > name.startIndex else {
      return nil
    }
    return String(name[..<mark.lowerBound])
  }
}

extension DatasetSplit {
  /// Refuses what no classifier can be made of; `labels` are the names of the cache at `path`.
  func check(labels: [String], path: String, seed: UInt64) throws(SpecGANError) {
    let found = Set(training.labels + validation.labels + test.labels)
    guard found.count >= 2 else { throw .fewClasses(path: path, found: found.count) }
    guard !validation.slices.isEmpty, !test.slices.isEmpty else {
      throw .noSplit(path: path, unit: unit)
    }
    let learned = Set(training.labels)
    if let missing = labels.indices.first(where: { !learned.contains($0) }) {
      throw .unlearned(label: labels[missing], seed: seed)
    }
  }
}
