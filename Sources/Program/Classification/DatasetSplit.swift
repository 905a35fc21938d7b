internal import Scores
package import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANRandomness

/// A split of a cache's labeled slices into training, validation and test.
///
/// All slices of a file are in one part. If every labeled file names its speaker, as in Speech
/// Commands, and there are at least three speakers, all files of a speaker are in one part. About a
/// tenth goes to validation and a tenth to the test. Files are divided per label, so that every
/// label with three files is in every part; of two files of a label one is for training.
///
/// Source: Warden, "Speech Commands: A Dataset for Limited-Vocabulary Speech Recognition", 2018,
/// section 5, for the names: `<speaker>_nohash_<number>.wav`.
package struct DatasetSplit: Equatable, Sendable {
  /// The unit that is never divided.
  package enum Unit: String, Codable, Sendable {
    /// A file.
    case file
    /// A speaker.
    case speaker
  }

  /// Some slices, in the cache's order.
  package struct Part: Equatable, Sendable {
    /// The indices of the slices in the cache.
    package private(set) var slices: [Int] = []
    /// The index of each slice's label.
    package private(set) var labels: [Int] = []
    /// The files of the slices.
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

  /// The unit that is never divided.
  package let unit: Unit
  /// The training part.
  package let training: Part
  /// The validation part, which decides when training stops.
  package let validation: Part
  /// The test part.
  package let test: Part
  /// The number of slices without a label, which are in no part.
  package let unlabeledCount: Int

  /// Divides `files` at random.
  ///
  /// - Parameters:
  ///   - files: the files of a cache.
  ///   - classes: the number of labels.
  ///   - seed: the random seed.
  package init(of files: [SlicedFile], classes: Int, seed: UInt64) {
    let labeled = files.filter { $0.label != nil }
    unlabeledCount = files.filter { $0.label == nil }.reduce(0) { $0 + $1.slices.count }
    let speakers = labeled.compactMap(\.speaker)
    let isBySpeaker = speakers.count == labeled.count && Set(speakers).count >= 3
    unit = isBySpeaker ? .speaker : .file
    let parts =
      isBySpeaker
      ? Self.parts(of: speakers, labeled, classes, seed) : Self.parts(of: labeled, classes, seed)
    func part(_ index: Int) -> Part {
      Part(zip(labeled, parts).filter { $0.1 == index }.map(\.0))
    }
    (training, validation, test) = (part(0), part(1), part(2))
  }

  /// Returns the size of the validation part, and of the test part, of `count` units.
  private static func heldBack(of count: Int) -> Int { count < 3 ? 0 : max(1, (count + 5) / 10) }

  /// Returns the part of each of `count` units: 0 training, 1 validation, 2 test.
  private static func parts(_ count: Int, _ stream: RandomStream) -> [Int] {
    let size = heldBack(of: count)
    var parts = [Int](repeating: 0, count: count)
    for (place, index) in stream.permutation(of: count).enumerated() where place < 2 * size {
      parts[index] = place < size ? 1 : 2
    }
    return parts
  }

  /// Returns the part of each file, divided per label.
  private static func parts(of files: [SlicedFile], _ classes: Int, _ seed: UInt64) -> [Int] {
    var parts = [Int](repeating: 0, count: files.count)
    var pairs = 0
    for label in 0..<classes {
      let own = files.indices.filter { files[$0].label == label }
      let stream = RandomStream(seed: seed, purpose: .split, row: UInt32(label))
      for (index, part) in zip(own, Self.parts(own.count, stream)) { parts[index] = part }
      guard own.count == 2 else { continue }
      // One of the two, alternately for validation and the test.
      parts[own[stream.integer(below: 2, at: 0)]] = 1 + pairs % 2
      pairs += 1
    }
    return parts
  }

  /// Returns the part of each file's speaker: of 16 random splits the first with the most labels in
  /// the most parts.
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
      // A label without training slices is worse than any number without test slices.
      let score = Set(zip(files, parts).map { 3 * ($0.label ?? 0) + $1 })
        .reduce(0) { $0 + ($1 % 3 == 0 ? 2 * classes + 1 : 1) }
      if score > best.score { best = (parts, score) }
    }
    return best.parts
  }
}

extension SlicedFile {
  /// The part of its name before `_nohash_`; nil if that is empty.
  fileprivate var speaker: String? {
    let name = path.split(separator: "/").last ?? ""
    guard let mark = name.firstRange(of: "_nohash_"), mark.lowerBound > name.startIndex else {
      return nil
    }
    return String(name[..<mark.lowerBound])
  }
}

extension DatasetSplit {
  /// Whether there are several labels, each of a single file: names of files rather than classes.
  package var hasSingleFiles: Bool {
    let parts = [training, validation, test]
    let labels = Set(parts.flatMap(\.labels))
    return labels.count > 1 && parts.reduce(0) { $0 + $1.files.count } == labels.count
  }

  /// Refuses a split that is not sufficient for a classifier; `labels` are the names of the cache
  /// at `path`.
  func check(labels: [String], path: String, seed: UInt64) throws(SpecGANError) {
    let found = Set(training.labels + validation.labels + test.labels)
    guard found.count >= 2 else { throw .fewClasses(path: path, found: found.count) }
    guard !hasSingleFiles else { throw .singleFiles(path: path) }
    guard !validation.slices.isEmpty, !test.slices.isEmpty else {
      throw .noSplit(path: path, unit: unit)
    }
    let learned = Set(training.labels)
    if let missing = labels.indices.first(where: { !learned.contains($0) }) {
      throw .unlearned(label: labels[missing], seed: seed)
    }
  }
}
