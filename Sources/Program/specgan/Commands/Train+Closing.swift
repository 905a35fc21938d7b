import Foundation
import SpecGANBenchmarks
import SpecGANChecksums
import SpecGANDatasets
import SpecGANFiles
import SpecGANModels
import SpecGANReports
import SpecGANRuns
import SpecGANSessions
import SpecGANSettings
import SpecGANTraining

/// The sentences of `train` on the steps that its time is for, and on what follows it.
extension Train {
  /// Returns a sentence on the number of steps that the time is for, by `estimate`.
  ///
  /// `isNew` says whether the session begins at step 0, and `areChosen` whether this command has
  /// chosen the settings, so that ``TrainingPace/recognizableSteps`` is of such networks.
  func sentence(on estimate: StepEstimate, isNew: Bool, areChosen: Bool) -> String {
    let steps =
      if let steps = estimate.steps, let minutes {
        "about \(steps.grouped) \(isNew ? "" : "more ")steps in \((60 * minutes).duration)"
      } else {
        "about \(Int(estimate.stepsPerHour).grouped) steps an hour"
      }
    let seconds = Double(TrainingPace.recognizableSteps) * estimate.secondsPerStep
    return "Pace: \(steps) at the present load of this machine."
      + (areChosen
        ? " Short drum sounds were recognizable after about \(TrainingPace.recognizableSteps.grouped) steps, "
          + "at this pace after \(seconds.duration)."
        : "")
  }

  /// Writes the card of the run of `session`, which was trained on `cache`, unless it is up to
  /// date or somebody has changed it. A failure is a warning.
  ///
  /// - Returns: whether the run has a card.
  func writeCard(of session: TrainingSession, on cache: Cache) -> Bool {
    guard session.trainer.step > 0 else { return false }
    let path = session.run.cardPath
    do {
      let card = RunCard(
        of: session.checkpoint, run: RunCard.name(of: session.run.path),
        session: try SessionRecord(of: session.run), sources: try cache.sources())
      let text = card.text + Self.seal(of: card.text)
      let earlier = (try? MappedFile(path: path).contents).map {
        String(decoding: $0, as: UTF8.self)
      }
      if let earlier, !Self.isSealed(earlier) {
        progress.messages.warn(
          "\(path) is not as train has written it, and stays; specgan card prints the present one.")
        return false
      }
      // A finished run stays as it is.
      if earlier != text { try AtomicFile.replace(path, with: text) }
      return true
    } catch {
      progress.messages.warn("\(error) All other files of the run are written.")
      return false
    }
  }

  /// The end of a card that `train` has written, which Markdown does not show.
  private static func seal(of text: String) -> String {
    let bytes = Array(text.utf8)
    let checksum = unsafe CRC32C(of: bytes.span.bytes).value
    return "\n<!-- Written by train, which replaces it unless it is changed: "
      + "\(checksum) -->\n"
  }

  /// Whether `card` is as `train` has written it.
  private static func isSealed(_ card: String) -> Bool {
    guard let end = card.range(of: "\n<!-- Written by train", options: .backwards) else {
      return false
    }
    let text = String(card[..<end.lowerBound])
    return card == text + seal(of: text)
  }

  /// Returns the commands that resume the run of `session`, and those that use it.
  func anytime(_ session: TrainingSession) -> String {
    // Without a plan, a limit is needed again.
    let limit =
      session.configuration.needsPlan ? minutes.map { " --minutes \($0)" } ?? "" : ""
    return """
      Resume with
        specgan train \(session.run.configurationPath.pathInShell) --resume\(limit)
      \(nextSteps(session))
      """
  }

  /// Returns the step and the score of the best checkpoint, and the commands that resume the run or
  /// use it.
  func afterTheBest(_ session: TrainingSession) -> String {
    guard let best = session.scores.bestScheduled else { return anytime(session) }
    // The steps waited so far: scores may be further apart than the patience.
    let waited = max(session.configuration.training.patience, session.trainer.step - best.step)
    return """
      The score has not improved since step \(best.step) \
      (\(Double(best.value).rounded(to: 2)) dB). Resume with
        specgan train \(session.run.configurationPath.pathInShell) --resume --set training.patience=\(min(2 * waited, 1_000_000_000))
      \(nextSteps(session, ofBest: true))
      """
  }

  /// Returns the commands that generate clips, write a kit if the run has labels, and start the
  /// studio; with the best checkpoint if `ofBest`.
  private func nextSteps(_ session: TrainingSession, ofBest: Bool = false) -> String {
    let run = session.run.path.pathInShell + (ofBest ? " --best" : "")
    let hasLabels = session.configuration.network.isConditional
    let commands = [
      "specgan generate \(run) --output new-sounds --page new-sounds.html",
      hasLabels ? "specgan kit \(run) --output my-kit" : nil,
      "specgan studio \(run)",
    ]
    let uses =
      hasLabels
      ? "Generate clips with a page to hear them, write a kit of all labels, or play in the browser"
      : "Generate clips with a page to hear them, or play in the browser"
    return "\(uses) with\n"
      + commands.compactMap(\.self).map { "  " + $0 }.joined(separator: "\n")
  }
}
