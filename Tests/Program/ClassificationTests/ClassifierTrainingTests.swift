import Foundation
import Networks
import Scores
import SpecGANClassification
import SpecGANDatasets
import SpecGANErrors
import SpecGANModels
import SpecGANTensors
import SpecGANTestSupport
import SpecGANWorkers
import Testing
import Waveforms

/// Training of a classifier from a cache, and its predictions.
@Suite struct ClassifierTrainingTests {
  /// Three pitches are distinguished in clips that were not used for training; by chance, eight or
  /// more of nine are right once in 1036 times.
  @Test func whatDiffersIsLearned() throws {
    try withTemporaryFolder { folder in
      let tones = try TonesCache([26, 26, 26], in: folder)
      var training = try tones.training()
      let classifier = try training.run()
      let report = classifier.report
      #expect(report.outcome != .interrupted)
      #expect(report.test.slices == 9 && report.testAccuracy >= 8.0 / 9)
      #expect(report.training.classes == [20, 20, 20] && report.training.files == 60)
      #expect(report.splitBy == .file && report.fingerprint == tones.cache.fingerprint)
      #expect(classifier.labels == ["0", "1", "2"] && report.batchSize == 7)
      #expect((1...report.epochs).contains(report.bestEpoch))
    }
  }

  /// The values of the report equal those of the classifier on the same clips.
  @Test func theReportIsWhatIsFoundAgain() throws {
    try withTemporaryFolder { folder in
      let tones = try TonesCache([20, 20, 12], in: folder)
      var settings = TonesCache.settings
      settings.dropout = 0.3  // in training alone
      var training = try tones.training(settings)
      let classifier = try training.run()
      let report = classifier.report
      for (part, accuracy, loss) in [
        (training.split.test, report.testAccuracy, report.testLoss),
        (training.split.validation, report.validationAccuracy, report.validationLoss),
      ] {
        let outputs = try classifier.outputs(of: tones.slices(part), on: Engine(threads: 1))
        let found = outputs.probabilities
        #expect(try found.accuracy(against: part.labels.map { Int32($0) }) == accuracy)
        let sum = part.labels.enumerated().reduce(0.0) { sum, pair in
          sum - log(Double(found[pair.offset][pair.offset * 3 + pair.element]))
        }
        // A probability is rounded to float32.
        #expect(abs(sum / Double(part.labels.count) - loss) < 1e-6 * (1 + loss))
        #expect(outputs.features.dimension == 4 && outputs.features.count == part.slices.count)
      }
    }
  }

  /// A clip's outputs have the same bits alone and in a batch, on any number of threads.
  @Test func aSoundsOutputsAreItsOwn() throws {
    try withTemporaryFolder { folder in
      let tones = try TonesCache([12, 12], in: folder)
      var training = try tones.training()
      let classifier = try training.run()
      let slices = try tones.slices(training.split.training)
      let all = try classifier.outputs(of: slices, on: Engine(threads: 3))
      for row in 0..<slices.shape[0] {
        let one = try classifier.outputs(
          of: Tensor(copying: slices.examples(row..<row + 1)), on: Engine(threads: 1))
        #expect(one.features.values == Array(all.features[row]))
        #expect(one.probabilities.values == Array(all.probabilities[row]))
      }
    }
  }

  /// Law 1; other seeds and settings give other classifiers.
  @Test func aSeedIsTheSameBytesOnAnyThreads() throws {
    try withTemporaryFolder { folder in
      let tones = try TonesCache([14, 14, 9], in: folder)
      func trained(
        _ settings: ClassifierTraining.Settings, _ threads: Int
      ) throws -> (bytes: [UInt8], loss: Double) {
        var training = try tones.training(settings, threads: threads)
        let classifier = try training.run()
        try classifier.write(to: folder.path("file"))
        return (try folder.bytes(of: "file"), classifier.report.testLoss)
      }
      var settings = TonesCache.settings
      (settings.epochs, settings.dropout) = (2, 0.5)
      let first = try trained(settings, 1)
      for threads in [2, 3] { #expect(try trained(settings, threads).bytes == first.bytes) }
      // Not the bytes, which contain the settings.
      var losses = [first.loss]
      for change in [
        { $0.seed = 6 }, { $0.dropout = 0 }, { $0.learningRate = 1e-4 },
      ] as [(inout ClassifierTraining.Settings) -> Void] {
        var other = settings
        change(&other)
        losses.append(try trained(other, 2).loss)
      }
      #expect(Set(losses).count == 4)
    }
  }

  // MARK: - When it stops

  /// Noise of no class: the loss on the validation part soon rises, and the epoch before is kept.
  @Test func itStopsWhenNothingGetsBetter() throws {
    try withTemporaryFolder { folder in
      let tones = try TonesCache([20, 20], isPure: false, in: folder)
      var settings = TonesCache.settings
      (settings.epochs, settings.patience) = (60, 4)
      var training = try tones.training(settings)
      var losses: [Double] = []
      let classifier = try training.run(isInterrupted: { false }) { progress in
        if let score = progress.validation { losses.append(score.loss) }
      }
      let report = classifier.report
      #expect(report.outcome == .stoppedImproving && losses.count == report.epochs)
      #expect(report.epochs == report.bestEpoch + 4)
      #expect(losses.firstIndex(of: losses.min() ?? 0) == report.bestEpoch - 1)
      #expect(report.validationLoss == losses[report.bestEpoch - 1])

      // The weights are those of that epoch.
      settings.epochs = report.bestEpoch
      var again = try tones.training(settings)
      let shorter = try again.run()
      #expect(shorter.report.outcome == .finished && shorter.report.testLoss == report.testLoss)
      #expect(shorter.report.validationLoss == report.validationLoss)
    }
  }

  /// After an interruption in the third epoch it equals that of two epochs; in the first epoch, it
  /// has the current weights.
  @Test func anInterruptionKeepsTheBestSoFar() throws {
    try withTemporaryFolder { folder in
      let tones = try TonesCache([14, 14], in: folder)
      var settings = TonesCache.settings
      settings.epochs = 2
      var whole = try tones.training(settings)
      let expected = try whole.run().report
      for (last, epochs) in [(3, 3), (1, 1)] {
        var isAsked = false
        var training = try tones.training()
        let classifier = try training.run(isInterrupted: { isAsked }) {
          if $0.epoch == last && $0.updates.done == 2 { isAsked = true }
        }
        #expect(
          classifier.report.outcome == .interrupted && classifier.report.epochs == epochs)
        if last == 1 {
          #expect(classifier.report.bestEpoch == 1)
        } else {
          #expect(classifier.report.testLoss == expected.testLoss)
          #expect(classifier.report.bestEpoch == expected.bestEpoch)
        }
      }
    }
  }

  @Test func aLossThatIsNoNumberIsNamed() throws {
    try withTemporaryFolder { folder in
      let tones = try TonesCache([14, 14], in: folder)
      var settings = TonesCache.settings
      settings.learningRate = 1e38
      var training = try tones.training(settings)
      #expect(throws: SpecGANError.diverged(epoch: 1)) { try training.run() }
    }
  }

  // MARK: - Other sounds

  /// Numbers of frames that are not divisible by 16 are padded with silence; channels are averaged.
  @Test(arguments: [(1, 1), (1_500, 2), (2_049, 1), (5_000, 3)])
  func slicesOfAnyLengthAndAnyChannelsWork(_ length: Int, _ channels: Int) throws {
    try withTemporaryFolder { folder in
      var audio = AudioConfiguration()
      (audio.sliceLength, audio.channels, audio.firstSliceOnly) = (length, channels, true)
      let tones = try TonesCache([8, 8], audio: audio, in: folder)
      var settings = TonesCache.settings
      settings.epochs = 1
      var training = try tones.training(settings)
      let classifier = try training.run()
      #expect(classifier.sampleCount == length * channels)
      let slices = try tones.slices(training.split.test)
      let outputs = try classifier.outputs(of: slices, on: Engine(threads: 2))
      #expect(outputs.probabilities.count == 2)
      let wide = Tensor.random([2, length, channels], seed: 3)
      let mono = Tensor(
        shape: wide.shape,
        stride(from: 0, to: wide.values.count, by: channels).flatMap { start in
          let sum = wide.values[start..<start + channels].reduce(0.0) { $0 + Double($1) }
          return [Float](repeating: Float(sum / Double(channels)), count: channels)
        })
      #expect(
        try classifier.outputs(of: mono, on: Engine(threads: 2))
          == classifier.outputs(of: wide, on: Engine(threads: 2)))
      try classifier.write(to: folder.path("file"))
      let read = try Classifier(path: folder.path("file"))
      #expect(try read.outputs(of: slices, on: Engine(threads: 2)) == outputs)
    }
  }

  @Test func soundsThatDoNotFitAreNamed() throws {
    try withTemporaryFolder { folder in
      let tones = try TonesCache([8, 8], in: folder)
      var settings = TonesCache.settings
      settings.epochs = 1
      var training = try tones.training(settings)
      let classifier = try training.run()
      func error(_ slices: Tensor) -> SpecGANError? {
        do throws(SpecGANError) {
          _ = try classifier.outputs(of: slices, on: Engine(threads: 2))
          return nil
        } catch { return error }
      }
      #expect(error(Tensor(shape: [0, 2_048])) == .tooFew(what: "clips", found: 0, needed: 1))
      #expect(
        error(Tensor(shape: [2, 2_047])) == .soundLength(found: 2_047, expected: 2_048))
      var bad = [Float](repeating: 0, count: 3 * 2_048)
      bad[2_048 + 77] = .nan
      #expect(error(Tensor(shape: [3, 2_048], bad)) == .notFinite(what: "clips", row: 1))
    }
  }

  /// Spectrograms are the same whether they are cached or computed each time, also for one slice at
  /// two positions.
  @Test func keptPicturesAreThoseMadeAnew() throws {
    try withTemporaryFolder { folder in
      let cache = try TonesCache([4, 4], in: folder).cache
      let engine = Engine(threads: 2)
      let network = ClassifierNetwork(frames: 16, bands: 128, channels: 1, classes: 2).network
      func pictures(_ examples: MelExamples, _ indices: [Int]) throws -> [Float] {
        let workspace = Workspace(network, examples: 4, engine: engine)
        try examples.load(indices, into: workspace)
        return workspace.input.values
      }
      let kept = try MelExamples(cache, .published, workers: engine.workers)
      let made = try MelExamples(cache, .published, workers: engine.workers, mostKept: 0)
      for indices in [[3, 1, 1, 5], [5, 0, 3, 3], [1, 2]] {
        #expect(try pictures(kept, indices) == pictures(made, indices))
      }
    }
  }

  // MARK: - Caches that make no classifier

  @Test func filesThatContradictTheSlicesAreNamed() throws {
    try withTemporaryFolder { folder in
      let cache = try TonesCache([3, 3], in: folder).cache
      let rows = try folder.bytes(of: "cache/sources.jsonl").split(separator: 10)
      func error(_ lines: [ArraySlice<UInt8>]) throws -> SpecGANError? {
        try folder.write(lines.flatMap { $0 + [10] }, as: "cache/sources.jsonl")
        do throws(SpecGANError) {
          _ = try cache.slicedFiles()
          return nil
        } catch { return error }
      }
      #expect(try error(Array(rows)) == nil)
      // One too few, one too many, and a file whose slices have two labels.
      let longer = String(decoding: rows[2], as: UTF8.self)
        .replacingOccurrences(of: "\"slices\":1", with: "\"slices\":2")
      for lines in [
        Array(rows.dropLast()), rows + [rows[0]],
        rows[..<2] + [ArraySlice(longer.utf8)] + rows[4...],
      ] {
        #expect(try error(lines)?.code == "datasets.damaged")
      }
    }
  }

  @Test func cachesWithoutClassesOrPartsAreNamed() throws {
    func error(_ counts: [Int]) throws -> SpecGANError? {
      try withTemporaryFolder { folder in
        let tones = try TonesCache(counts, in: folder)
        do throws(SpecGANError) {
          _ = try ClassifierTraining(
            from: tones.cache, TonesCache.settings, engine: Engine(threads: 1))
          return nil
        } catch {
          #expect(error.description.hasPrefix(tones.cache.path))
          return error
        }
      }
    }
    let few = try error([9])
    #expect(few?.code == "classification.fewClasses" && few?.found == "1")
    let unsplit = try error([1, 1, 2])
    #expect(unsplit?.code == "classification.noSplit" && unsplit?.key == "file")
    #expect(try error([2, 2]) == nil)
  }
}
