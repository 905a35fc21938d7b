import Foundation
import Safetensors
import Scores
import SpecGANClassification
import SpecGANErrors
import SpecGANRandomness
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// A classifier's file: it is read as it was written, and other files are refused.
@Suite struct ClassifierFileTests {
  /// A classifier of two channels, which is also left as the file `whole`.
  private func made(_ folder: TemporaryFolder) throws -> (classifier: Classifier, bytes: [UInt8]) {
    let tones = try TonesCache([6, 6], in: folder)
    var settings = TonesCache.settings
    (settings.channels, settings.epochs, settings.dropout) = (2, 1, 0.5)
    var training = try tones.training(settings)
    let classifier = try training.run()
    try classifier.write(to: folder.path("whole"))
    return (classifier, try folder.bytes(of: "whole"))
  }

  @Test func whatWasWrittenIsReadToTheBit() throws {
    try withTemporaryFolder { folder in
      let (classifier, bytes) = try made(folder)
      let read = try Classifier(path: folder.path("whole"))
      #expect(read.labels == classifier.labels && read.report == classifier.report)
      #expect(read.audio == classifier.audio)
      let slices = Tensor.random([3, 2_048], seed: 1)
      #expect(
        try read.outputs(of: slices, on: Engine(threads: 1))
          == classifier.outputs(of: slices, on: Engine(threads: 2)))
      try read.write(to: folder.path("again"))
      #expect(try folder.bytes(of: "again") == bytes)
    }
  }

  /// Law 6.
  @Test func everyFlippedBitAndEveryTruncationIsFound() throws {
    try withTemporaryFolder { folder in
      let whole = try made(folder).bytes
      let stream = RandomStream(seed: 21, purpose: .order)
      for bit in whole.bitsToFlip(60, seed: 21) {
        let what = "bit \(bit % 8) of byte \(bit / 8)"
        try expectFound(whole.flipping(bit), whole, folder, what)
      }
      for draw in 2_000..<UInt64(2_040) {
        let count = stream.integer(below: whole.count, at: draw)
        try expectFound(Array(whole.prefix(count)), whole, folder, "the first \(count) bytes")
      }
    }
  }

  /// Expects that `bytes` are refused with a sentence that names the file, or read as exactly the
  /// classifier in `whole`.
  private func expectFound(
    _ bytes: [UInt8], _ whole: [UInt8], _ folder: TemporaryFolder, _ what: String
  ) throws {
    let path = try folder.write(bytes, as: "damaged")
    do throws(SpecGANError) {
      let classifier = try Classifier(path: path)
      try classifier.write(to: folder.path("taken"))
    } catch {
      #expect(error.description.hasPrefix(path), "\(what): \(error)")
      return
    }
    #expect(try folder.bytes(of: "taken") == whole, "\(what) went unnoticed")
  }

  // MARK: - Other files

  /// The parts of a file, to be written again without checksums, as another program may.
  private func rewritten(
    _ folder: TemporaryFolder, _ change: (inout [String: String]) -> Void,
    tensors: (String, [Float]) -> [Float]? = { $1 }
  ) throws -> String {
    let file = try SafetensorsFile(path: folder.path("whole"))
    var metadata = file.metadata.filter { !$0.key.hasPrefix("checksum/") }
    change(&metadata)
    var contents = SafetensorsContents(metadata: metadata)
    for name in file.names {
      guard let values = tensors(name, try file.floats(name)) else { continue }
      contents.append(name, shape: file.entry(name)?.shape ?? [], values)
    }
    try contents.write(to: folder.path("other"))
    return folder.path("other")
  }

  private func error(_ path: String) -> SpecGANError? {
    do throws(SpecGANError) {
      _ = try Classifier(path: path)
      return nil
    } catch { return error }
  }

  @Test func whatIsNoClassifierIsNamed() throws {
    try withTemporaryFolder { folder in
      _ = try made(folder)
      #expect(error(try rewritten(folder) { _ in }) == nil)
      let path = folder.path("other")
      for key in ["kind", "schema_version", "labels", "audio", "spectrogram", "report"] {
        #expect(error(try rewritten(folder) { $0[key] = nil }) == .notClassifier(path: path))
      }
      #expect(
        error(try rewritten(folder) { $0["schema_version"] = "9" })
          == .classifierVersion(path: path, found: "9"))
      for (key, old, new) in [
        ("labels", "\"0\",", ""), ("labels", "]", ",\"2\"]"),
        ("audio", "\"channels\":1", "\"channels\":0"),
        ("audio", "\"slice_length\":2048", "\"slice_length\":-5"),
        ("audio", "\"slice_length\":2048", "\"slice_length\":9223372036854775807"),
        ("audio", "\"sample_rate\":16000", "\"sample_rate\":0"),
        ("spectrogram", "\"frame_step\":128", "\"frame_step\":64"),
        ("report", "\"channels\":2", "\"channels\":0"),
        ("report", "\"channels\":2", "\"channels\":1099511627776"),
        ("report", "\"test_accuracy\":", "\"test_accuracy\":9"),
      ] {
        let changed = try rewritten(folder) {
          $0[key] = $0[key]?.replacingOccurrences(of: old, with: new)
        }
        #expect(error(changed) == .notClassifier(path: path), "\(key): \(new)")
      }
    }
  }

  /// Version 2 had no choice of features: all were the published ones.
  @Test func filesOfVersionTwoReadPublishedFeatures() throws {
    try withTemporaryFolder { folder in
      _ = try made(folder)
      let path = try rewritten(folder) {
        $0["schema_version"] = "2"
        $0["spectrogram"] = #"{"bands":128,"floor":1e-06,"frame_length":1024,"frame_step":128}"#
        $0["report"] = $0["report"]?.replacing(#""features":"audible","#, with: "")
      }
      #expect(try Classifier(path: path).features == .published)
    }
  }

  /// Before any memory is allocated for them.
  @Test func weightsOfOtherShapesAreNamed() throws {
    try withTemporaryFolder { folder in
      _ = try made(folder)
      let path = folder.path("other")
      let larger = try rewritten(folder) {
        $0["report"] = $0["report"]?.replacingOccurrences(
          of: "\"channels\":2", with: "\"channels\":1024")
      }
      #expect(error(larger)?.code == "safetensors.shape" && error(larger)?.path == path)
      let missing = try rewritten(folder, { _ in }) { name, values in
        name == "C/bands/batch_normalization/moving_mean" ? nil : values
      }
      #expect(error(missing)?.code == "safetensors.missing" && error(missing)?.path == path)
      let bad = try rewritten(folder, { _ in }) { name, values in
        name == "C/output/dense/bias" ? [0, .nan] : values
      }
      #expect(error(bad) == .weights(path: path, name: "C/output/dense/bias"))
    }
  }
}
