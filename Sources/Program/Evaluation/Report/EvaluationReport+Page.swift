internal import Foundation
internal import Scores
internal import SpecGANPages
internal import SpecGANRuns

extension EvaluationReport {
  /// The page: the scores, their meaning, and the clips.
  var page: Page {
    Page(title: title) {
      HTML(.header) {
        HTML(.h1) { title }
        HTML(.p, .class("soft")) { subtitle }
        if !remarks.isEmpty { notes }
      }
      scoreTable
      histograms
      clusters
      extrapolations
      soundTable
      nearestTable
      meanings
      HTML(.footer) {
        "Written by specgan \(Versions.program) on "
        Date.now.formatted(.iso8601.dateSeparator(.dash).timeSeparator(.colon))
        ". This page needs no network."
      }
    }
  }

  private var title: String {
    "Scores of " + headings.dropFirst(2).joined(separator: ", ")
  }

  private var subtitle: String {
    let accuracy = classifierAccuracy.map {
      " (test accuracy \(Score.percentage($0)))"
    }
    let judge =
      request.classifier.map { "features of the classifier \($0)\(accuracy ?? "")" }
      ?? "log-mel features"
    let heldOut = request.heldOut.map { ", held-out clips from \($0)" } ?? ""
    return "Real clips from \(request.real)\(heldOut); \(judge); "
      + "at most \(request.count) clips per set, seed \(request.seed), \(request.splits) splits."
  }

  private var notes: HTML {
    HTML(.ul, .class("notes")) {
      for remark in remarks { HTML(.li) { remark } }
    }
  }

  // MARK: - Scores

  private var scoreTable: HTML {
    HTML(.section) {
      HTML(.h2) { "Scores" }
      HTML(.div, .class("wide")) {
        HTML(.table, .class("scores")) {
          HTML(.thead) {
            HTML(.tr) {
              HTML(.th) { "score" }
              HTML(.th, .class("sign")) { "better" }
              for (heading, set) in zip(headings, sets) {
                HTML(.th, Attribute("scope", "col"), Attribute("title", set.path)) { heading }
              }
              for (heading, group) in zip(groupHeadings, groups) {
                HTML(
                  .th, Attribute("scope", "col"),
                  Attribute("title", group.names.joined(separator: ", "))
                ) { heading }
              }
            }
          }
          HTML(.tbody) {
            row(
              "clips", "", "Number of clips used.",
              sets.map(\.countText) + groups.map { _ in "" })
            for kind in shownKinds {
              row(
                kind.name, kind.direction.sign, kind.explanation,
                sets.map { $0.text(of: kind) } + groups.map { $0.text(of: kind) })
            }
          }
        }
      }
    }
  }

  private func row(
    _ name: String, _ sign: String, _ explanation: String, _ cells: [String]
  ) -> HTML {
    HTML(.tr) {
      HTML(.th, Attribute("scope", "row"), Attribute("title", explanation)) { name }
      HTML(.td, .class("sign")) { sign }
      for cell in cells { HTML(.td) { cell } }
    }
  }

  private var meanings: HTML {
    HTML(.section) {
      HTML(.h2) { "Meaning of the scores" }
      HTML(.p, .class("soft")) {
        "↑: higher is better. ↓: lower is better. → 1 and → real: the value of real audio. "
        classes != nil
          ? "Features are those of the classifier. Values from different classifiers cannot be compared."
          : "Features are means of log-mel spectrograms over 8 time ranges and 16 band groups, standardized by the real clips. They cannot be compared with values on a classifier's features."
      }
      HTML(.div, .class("grid")) {
        for kind in shownKinds {
          HTML(.div, .class("card")) {
            HTML(.h3) { "\(kind.name) \(kind.direction.sign)" }
            HTML(.p) { kind.explanation }
            HTML(.p) { HTML(.small) { kind.source } }
          }
        }
      }
    }
  }

  // MARK: - Charts

  /// The predicted classes, set by set, on one scale.
  private var histograms: HTML {
    guard let classes, let real = sets[0].classShares else { return HTML() }
    return barCharts(
      "Predicted classes",
      "Share of clips per predicted class. Marks show the shares of real clips.",
      zip(headings, sets).compactMap { heading, set in
        set.classShares.map { (heading, Self.bars(classes, $0, real)) }
      })
  }

  /// The shares of each set in the clusters of the real clips, the largest first.
  private var clusters: HTML {
    barCharts(
      "Clusters of the real clips",
      "Share of clips in each of the K clusters of NDB and JSD, the largest first. Marks show the shares of real clips.",
      zip(headings, sets).compactMap { heading, set in
        guard let clusters = set.clusters else { return nil }
        let order = clusters.realShares.indices.sorted {
          clusters.realShares[$0] > clusters.realShares[$1]
        }
        return (
          heading,
          Self.bars(
            (1...order.count).map(String.init), order.map { clusters.generatedShares[$0] },
            order.map { clusters.realShares[$0] })
        )
      })
  }

  private static func bars(
    _ names: [String], _ values: [Double], _ marks: [Double]
  ) -> [BarChart.Bar] {
    zip(zip(names, values), marks).map { .init(name: $0.0, value: $0.1, mark: $1) }
  }

  /// Returns a chart for each set, on one scale.
  private func barCharts(
    _ title: String, _ explanation: String, _ charts: [(heading: String, bars: [BarChart.Bar])]
  ) -> HTML {
    guard !charts.isEmpty else { return HTML() }
    let highest = charts.flatMap { $0.bars.map(\.value) }.max() ?? 1
    return HTML(.section) {
      HTML(.h2) { title }
      HTML(.p, .class("soft")) { explanation }
      HTML(.div, .class("grid")) {
        for chart in charts {
          BarChart(title: chart.heading, bars: chart.bars, highest: highest).html
        }
      }
    }
  }

  /// The Fréchet distances of subsets of increasing size, and the line through them.
  private var extrapolations: HTML {
    let all = zip(headings, sets).compactMap { heading, set in
      set.extrapolation.map { (heading, $0) }
    }
    guard !all.isEmpty else { return HTML() }
    return HTML(.section) {
      HTML(.h2) { "Fréchet distance by number of clips" }
      HTML(.div, .class("grid")) {
        for (heading, line) in all { Self.chart(of: line, heading).html }
      }
    }
  }

  private static func chart(of line: FrechetExtrapolation, _ title: String) -> LineChart {
    let inverses = line.sizes.reversed().map { 1 / Double($0) }
    let ends = [0] + inverses.suffix(1)
    return LineChart(
      title: title,
      explanation: String(
        format: "%d to %d clips; the line extrapolates to infinitely many, r² = %.3f.",
        line.sizes.first ?? 0, line.sizes.last ?? 0, line.determination),
      xTitle: "1 / clips", hasWholeX: false,
      series: [
        .init(name: "measured", x: inverses, y: line.distances.reversed()),
        .init(name: "line", x: ends, y: ends.map { line.distance + line.slope * $0 }),
      ])
  }
}
