import Foundation
import SpecGANTestSupport
import Testing

/// An evaluation's page, as a browser shows it.
@Suite(.serialized) struct EvaluationPageTests {
  /// The name of a folder, which would be markup and a request if it were not escaped.
  private static let hostileName = "<img src=x onerror=alert(1)>&\"'"

  @Test(
    .browser,
    .timeLimit(.minutes(10)))
  func aPageOpensFromDiskAndShowsEverything() throws {
    try withWorkshop { shop in
      let page = try hostilePage(shop)
      try withTemporaryFolder { folder in
        let browser = try Browser(in: folder)
        try browser.open(page)
        try expectTable(browser)
        try expectCharts(browser)
        try expectSounds(browser)
        let pictures = try [false, true].map { try browser.picture(isDark: $0) }
        #expect(pictures[0] != pictures[1] && pictures[0].count > 1_000)
        #expect(browser.complaints == [])
        try browser.expectFitsPhone(page)
      }
    }
  }

  /// The page of a run and of a folder with a hostile name, moved to a folder without other files.
  private func hostilePage(_ shop: Workshop) throws -> String {
    try SyntheticSounds.write(12, seed: 1, to: "known", shop)
    try SyntheticSounds.write(5, seed: 2, to: Self.hostileName, shop)
    try shop.made("preprocess", "known", "--output", "real")
    try shop.made(
      "classifier", "train", "real", "--output", "judge", "--channels", "2", "--epochs", "1")
    try shop.made("train", "tiny.yaml", "--steps", "1")
    try shop.made(
      "evaluate", "run", Self.hostileName, "--real", "real", "--classifier", "judge", "--count",
      "20", "--splits", "2", "--output", "out")
    try FileManager.default.createDirectory(
      atPath: shop.folder.path("moved"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      atPath: shop.folder.path("out/scores.html"), toPath: shop.folder.path("moved/page.html"))
    return shop.folder.path("moved/page.html")
  }

  private func expectTable(_ browser: Browser) throws {
    let heads = try browser.value(
      of: "[...document.querySelectorAll('.scores thead th')].map(head => head.textContent)")
    #expect(
      heads as? [String] == ["score", "better", "real", "held-out", "run", Self.hostileName])
    let widths = try browser.value(
      of: "new Set([...document.querySelectorAll('.scores tr')].map(row => row.cells.length)).size")
    #expect(widths as? Int == 1)
    let text = try #require(try browser.value(of: "document.body.innerText") as? String)
    for words in [
      "inception score", "|D| train", "→ 1", "Gray and Markel", "held out", "nearest real clips",
      "seed 0", "This page needs no network",
    ] {
      #expect(text.contains(words), "\(words) in \(text)")
    }
    #expect(try browser.value(of: "document.querySelectorAll('img[src=x]').length") as? Int == 0)
  }

  /// One histogram per set with one bar per class, the shares in clusters of all but the real set,
  /// and the extrapolation line of sets that have one, with its values under the pointer.
  private func expectCharts(_ browser: Browser) throws {
    let bars = try browser.value(
      of: """
        [...document.querySelectorAll("figure.chart")].map(figure =>
          [...figure.querySelectorAll("rect")].filter(bar =>
            bar.getBoundingClientRect().width > 3 && getComputedStyle(bar).fill !== "none").length)
        """)
    let counts = try #require(bars as? [Int])
    #expect(counts.prefix(7) == [4, 4, 4, 4, 2, 2, 2], "\(counts)")
    #expect(counts.dropFirst(7).allSatisfy { $0 == 0 } && (2...3).contains(counts.count - 7))
    let box = try browser.value(
      of: """
        (() => {
          const svg = [...document.querySelectorAll("figure.chart svg")].at(-1);
          svg.scrollIntoView();
          const box = svg.getBoundingClientRect();
          return [box.right - box.width * 12 / 480, box.top + box.height / 2];
        })()
        """)
    let place = try #require(box as? [Double])
    try browser.movePointer(x: place[0], y: place[1])
    let text = try browser.value(
      of: "[...document.querySelectorAll('figure.chart output')].at(-1).textContent")
    // The smallest of the subsets has eight.
    #expect((text as? String)?.hasPrefix("1 / clips 0.125: measured ") == true, "\(text)")
  }

  /// Eight clips of each set; and four with their neighbors of all but the real set. Held-out clips
  /// are fewer.
  private func expectSounds(_ browser: Browser) throws {
    let rows = try browser.value(
      of: """
        [...document.querySelectorAll(".sounds tr")].map(row => [
          row.querySelectorAll("audio").length,
          [...row.querySelectorAll("img")].filter(
            image => image.complete && image.naturalWidth === 128).length])
        """)
    let counts = try #require(rows as? [[Int]])
    #expect(counts.map { $0[0] } == counts.map { $0[1] })
    #expect(
      counts.map { $0[0] } == [8, counts[1][0], 8, 8] + [Int](repeating: 4, count: 6))
    #expect((4...8).contains(counts[1][0]))
    let durations = try browser.value(
      of: """
        Promise.all([...document.querySelectorAll("audio")].map(player => new Promise(resolve => {
          const tell = () => resolve(player.error ? -1 : player.duration);
          if (player.readyState >= 1) tell();
          else { player.onloadedmetadata = tell; player.onerror = tell; }
        })))
        """)
    #expect((durations as? [Double])?.allSatisfy { $0 == 1.024 } == true, "\(durations)")
  }
}
