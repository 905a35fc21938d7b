import Foundation
import SpecGANErrors
import SpecGANModels
import SpecGANRunSupport
import SpecGANRuns
import SpecGANSettings
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// Files that training leaves out, because adaptive augmentation compares with them.
@Suite(.training) struct ValidationTests {
  /// A run on `clips`, such as `one/flite_slt`.
  private func small(_ clips: [String], _ folder: TemporaryFolder) throws -> SmallRun {
    for label in Set(clips.map { $0.prefix { $0 != "/" } }) {
      try FileManager.default.createDirectory(
        atPath: folder.path("sounds/\(label)"), withIntermediateDirectories: true)
    }
    for clip in clips {
      let sound = try Data(contentsOf: URL(filePath: Fixtures.path("audio/digits/\(clip).wav")))
      try folder.write(Array(sound), as: "sounds/\(clip).wav")
    }
    var small = try SmallRun(.wavegan, dimension: 1, inputs: [folder.path("sounds")], in: folder)
    small.configuration.training.augmentation = .adaptive
    return small
  }

  @Test func oneFileCannotBeSpared() throws {
    try withTemporaryFolder { folder in
      let small = try small(["one/flite_slt"], folder)
      let error = #expect(throws: SpecGANError.self) { try small.session() }
      #expect(error?.code == "runs.nothingToValidate")
      #expect(try !small.run().isStarted)
    }
  }

  /// Of two files one can be spared, unless each is the only one of a label.
  @Test func labelsKeepAFile() throws {
    try withTemporaryFolder { folder in
      var small = try small(["one/flite_slt", "two/flite_slt"], folder)
      try small.train("alike", to: 1)
      small.configuration.network.isConditional = true
      let error = #expect(throws: SpecGANError.self) { try small.session() }
      #expect(error?.code == "runs.nothingToValidate")
    }
  }
}
