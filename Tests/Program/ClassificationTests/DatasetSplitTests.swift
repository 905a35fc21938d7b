import SpecGANClassification
import SpecGANDatasets
import SpecGANTestSupport
import Testing

/// The split of a dataset into parts for training, validation and test.
@Suite struct DatasetSplitTests {
  /// Returns `counts[label]` files of each label, with one to three slices each.
  private static func files(
    _ counts: [Int], name: (_ label: Int, _ index: Int) -> String = { "\($0)/\($1).wav" }
  ) -> [SlicedFile] {
    var files: [SlicedFile] = []
    for (label, count) in counts.enumerated() {
      for index in 0..<count {
        let first = files.last?.slices.upperBound ?? 0
        files.append(
          SlicedFile(
            path: name(label, index), label: label, slices: first..<first + 1 + index % 3))
      }
    }
    return files
  }

  private func parts(_ split: DatasetSplit) -> [DatasetSplit.Part] {
    [split.training, split.validation, split.test]
  }

  /// Every file once, all its slices with it, and its label with them.
  private func expectDivided(_ split: DatasetSplit, _ files: [SlicedFile]) {
    let parts = parts(split)
    #expect(parts.flatMap(\.files).sorted() == files.map(\.path).sorted())
    for part in parts {
      let own = files.filter { part.files.contains($0.path) }
      #expect(part.slices == own.flatMap { Array($0.slices) })
      #expect(
        part.labels == own.flatMap { [Int](repeating: $0.label ?? -1, count: $0.slices.count) })
    }
  }

  @Test(arguments: UInt64(0)..<20) func aTenthOfEachLabelsFilesIsHeldBackTwice(_ seed: UInt64) {
    let counts = [3, 4, 10, 14, 15, 100]
    let files = Self.files(counts)
    let split = DatasetSplit(of: files, classes: counts.count, seed: seed)
    #expect(split.unit == .file && split.unlabeledCount == 0)
    expectDivided(split, files)
    for (label, heldBack) in [1, 1, 1, 1, 2, 10].enumerated() {
      func count(_ part: DatasetSplit.Part) -> Int {
        part.files.count { $0.hasPrefix("\(label)/") }
      }
      #expect(parts(split).map(count) == [counts[label] - 2 * heldBack, heldBack, heldBack])
    }
  }

  /// A single file is used for training; of two, one is, and the others go to the other parts in
  /// turn.
  @Test(arguments: UInt64(0)..<20) func labelsOfOneAndTwoFilesAreLearned(_ seed: UInt64) {
    let files = Self.files([1, 2, 2, 2, 2, 1])
    let split = DatasetSplit(of: files, classes: 6, seed: seed)
    expectDivided(split, files)
    #expect(Set(split.training.labels) == Set(0..<6))
    #expect(split.validation.files.count == 2 && split.test.files.count == 2)
    #expect(Set(split.validation.labels + split.test.labels) == [1, 2, 3, 4])
  }

  private static func speaker(_ label: Int, _ index: Int) -> String {
    "\(label)/s\(index % 23)_nohash_\(index / 23).wav"
  }

  @Test(arguments: UInt64(0)..<20) func aSpeakerIsInOnePart(_ seed: UInt64) {
    let files = Self.files([40, 30, 23], name: Self.speaker)
    let split = DatasetSplit(of: files, classes: 3, seed: seed)
    #expect(split.unit == .speaker)
    expectDivided(split, files)
    let speakers = parts(split).map { part in
      Set(part.files.map { $0.dropFirst(2).prefix { $0 != "_" } })
    }
    #expect(speakers.map(\.count) == [19, 2, 2])
    #expect(speakers.reduce(0) { $0 + $1.count } == Set(speakers.flatMap(\.self)).count)
  }

  /// A label with only two speakers is in the training part, whatever the seed.
  @Test(arguments: UInt64(0)..<20) func labelsOfFewSpeakersAreLearned(_ seed: UInt64) {
    var files = Self.files([40, 40], name: Self.speaker)
    let first = files.last?.slices.upperBound ?? 0
    for index in 0..<2 {
      files.append(
        SlicedFile(
          path: "2/s\(index)_nohash_0.wav", label: 2, slices: first + index..<first + index + 1))
    }
    let split = DatasetSplit(of: files, classes: 3, seed: seed)
    #expect(split.unit == .speaker && split.training.labels.contains(2))
  }

  /// One name without a speaker, or fewer than three speakers: by file.
  @Test func whereNamesDoNotSayTheSpeakerFilesAreDivided() {
    func unit(_ names: [String]) -> DatasetSplit.Unit {
      let files = names.enumerated().map { index, name in
        SlicedFile(path: "a/" + name, label: index % 2, slices: index..<index + 1)
      }
      return DatasetSplit(of: files, classes: 2, seed: 0).unit
    }
    let names = (0..<12).map { "s\($0)_nohash_0.wav" }
    #expect(unit(names) == .speaker)
    #expect(unit(names.dropLast() + ["other.wav"]) == .file)
    #expect(unit(names.dropLast() + ["_nohash_0.wav"]) == .file)
    #expect(unit(names.map { "one" + $0.dropFirst(2) }) == .speaker)
    #expect(unit((0..<12).map { "s\($0 % 2)_nohash_\($0).wav" }) == .file)
    // A folder's name does not name a speaker.
    #expect(unit((0..<12).map { "s\($0)_nohash_0/x.wav" }) == .file)
  }

  /// Files without a label are in no part, and do not influence the split by speaker.
  @Test func theUnlabelledAreCounted() {
    let files = Self.files([20, 20], name: Self.speaker)
    let end = files.last?.slices.upperBound ?? 0
    let more = files + [SlicedFile(path: "other.wav", label: nil, slices: end..<end + 5)]
    let split = DatasetSplit(of: more, classes: 2, seed: 4)
    #expect(split.unlabeledCount == 5 && split.unit == .speaker)
    expectDivided(split, files)
  }

  @Test func theSeedDecides() {
    let files = Self.files([20, 20])
    func split(_ seed: UInt64) -> DatasetSplit {
      DatasetSplit(of: files, classes: 2, seed: seed)
    }
    #expect(split(1) == split(1))
    #expect(Set((0..<10).map { split($0).test.files }).count == 10)
    let speakers = Self.files([40, 40], name: Self.speaker)
    #expect(
      Set((0..<10).map { DatasetSplit(of: speakers, classes: 2, seed: $0).test.files }).count > 5)
  }
}
