internal import Foundation
internal import Networks
internal import SpecGANModels
internal import SpecGANPages
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANTraining

extension RunReport {
  /// The key figures.
  var figures: HTML {
    let last = [
      (loss.isWasserstein ? "Wasserstein estimate" : "difference of values", log["wasserstein"]),
      ("spectral distance, dB", log.spectralDistances),
    ].compactMap { name, column in column.values.last.map { (name, Self.number($0)) } }
    let pace = log["seconds_per_step"].values.suffix(100).sorted()
    let rows =
      [("steps", "\(lastStep)"), ("time trained", Self.duration(secondsTrained))]
      + (pace.isEmpty ? [] : [("seconds per step", Self.number(pace[pace.count / 2]))])
      + last + [("checkpoints kept", "\(checkpoints.count)")]
      + (dataset.map { [("slices", "\($0.slices)")] } ?? [])
    return HTML(.dl, .class("figures")) {
      for (name, value) in rows {
        HTML(.div) {
          HTML(.dt) { name }
          HTML(.dd) { value }
        }
      }
    }
  }

  /// The data, the machine, the run and the configuration.
  var facts: HTML {
    HTML(.section) {
      HTML(.h2) { "Data, machine and run" }
      HTML(.div, .class("grid")) {
        card(
          "Data",
          dataset.map(dataFacts) ?? [
            ("", "Unknown: the cache does not exist, and session.json has no record of it.")
          ])
        card(
          "Machine",
          session.map(machineFacts) ?? [("", "Unknown: session.json does not exist.")])
        card("Run", runFacts)
      }
      HTML(.h2) { "Configuration" }
      HTML(.div, .class("card")) {
        HTML(.pre) { configuration?.yaml ?? "\(run.configurationPath) cannot be read." }
      }
    }
  }

  private func card(_ title: String, _ rows: [(String, String)]) -> HTML {
    HTML(.div, .class("card")) {
      HTML(.h3) { title }
      HTML(.dl, .class("facts")) {
        for (name, value) in rows {
          HTML(.dt) { name }
          HTML(.dd) { value }
        }
      }
    }
  }

  /// The largest number of labels that are listed.
  private static let mostLabels = 40

  private func dataFacts(_ data: DatasetSummary) -> [(String, String)] {
    let named = data.labels.prefix(Self.mostLabels).map { "\($0.name) (\($0.slices))" }
    let rest = data.labels.count - named.count
    let labels = named.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    return [
      ("cache", data.path), ("clips", "\(data.sounds)"), ("files skipped", "\(data.skipped)"),
      ("slices", "\(data.slices) of \(data.sliceLength) samples"),
      ("audio", Self.duration(data.seconds)),
      (
        "sample rate",
        "\(data.sampleRate) Hz, \(data.channels == 1 ? "mono" : "\(data.channels) channels")"
      ),
      ("labels", data.labels.isEmpty ? "none" : labels), ("fingerprint", data.fingerprint),
    ]
  }

  private func machineFacts(_ session: SessionRecord) -> [(String, String)] {
    [
      ("processor", session.machine.processor),
      ("cores", "\(session.machine.cores), \(session.threads) threads used"),
      ("memory", String(format: "%.1f GiB", Double(session.machine.memory) / 0x1p30)),
      ("kernel", session.machine.kernel), ("program", "specgan \(session.program)"),
      ("libraries", session.libraries.joined(separator: ", ")),
    ]
  }

  private var runFacts: [(String, String)] {
    [
      ("folder", run.path), ("steps", "\(lastStep)"),
      ("time trained", Self.duration(secondsTrained)),
      (
        "checkpoints",
        checkpoints.isEmpty ? "none yet" : checkpoints.map(String.init).joined(separator: ", ")
      ),
      ("previews", previews.madeSteps.isEmpty ? "none" : "\(previews.madeSteps.count)"),
    ]
  }

  private var secondsTrained: Double { log["wall_seconds"].values.last ?? 0 }

  private static func number(_ value: Double) -> String { String(format: "%.3g", value) }

  /// Returns the duration as `3 h 07 min`, `12 min 05 s` or `5.2 s`.
  private static func duration(_ seconds: Double) -> String {
    guard seconds >= 60, seconds < 1e12 else { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    return whole < 3600
      ? String(format: "%d min %02d s", whole / 60, whole % 60)
      : String(format: "%d h %02d min", whole / 3600, whole / 60 % 60)
  }
}
