import Foundation
import SpecGANTestSupport
import Testing

/// A run's page, as a browser shows it.
@Suite(.serialized, .training) struct ReportTests {
  private static let configuration = """
    monitoring: {preview_count: 3}
    training: {batch_size: 4, checkpoint_steps: 2}
    network: {dimension: 4}

    """

  /// A label that would be markup and a request if it were not escaped.
  private static let hostileLabel = "<img src=x onerror=alert(1)>&\"'"

  @Test(
    .browser,
    .timeLimit(.minutes(10)))
  func aPageOpensFromDiskAndShowsEverything() throws {
    try withWorkshop { shop in
      let page = try hostilePage(shop)
      try withTemporaryFolder { folder in
        let browser = try Browser(in: folder)
        try browser.open(page)
        try expectCurves(browser)
        try expectPreviews(browser, shop)
        try expectText(browser)
        try expectPlaying(browser)
        try expectReadOut(browser)
        try expectColors(browser)
        #expect(browser.complaints == [])
        try browser.expectFitsPhone(page)
      }
    }
  }

  /// A run with three clips per preview and a hostile label, moved away from its cache.
  private func hostilePage(_ shop: Workshop) throws -> String {
    let label = Self.hostileLabel
    try shop.copy("audio/digits/one/flite_slt.wav", as: "hostile/\(label)/<b>one.wav")
    try shop.made("preprocess", "hostile", "sounds", "--output", "cache")
    try shop.write(Self.configuration, as: "seen.yaml")
    try shop.made("train", "seen.yaml", "--steps", "6")
    try FileManager.default.moveItem(
      atPath: shop.folder.path("run"), toPath: shop.folder.path("moved"))
    try shop.remove("cache")
    try shop.remove("moved/report.html")
    try shop.made("report", "moved")
    return shop.folder.path("moved/report.html")
  }

  private func expectCurves(_ browser: Browser) throws {
    let boxes = try browser.value(
      of: """
        [...document.querySelectorAll("figure.chart path.strong")].map(path => {
          const box = path.getBBox(), seen = path.getBoundingClientRect();
          // The distance is constant while the clips of a tiny network cannot be heard.
          const mayBeFlat = path.closest("figure").textContent.includes("Spectral distance");
          return box.width > 100 && (box.height > 10 || mayBeFlat) && seen.width > 80
            && getComputedStyle(path).stroke !== "none";
        })
        """)
    // Spectral distances may exist.
    let count = (boxes as? [Bool])?.count ?? 0
    #expect(boxes as? [Bool] == [Bool](repeating: true, count: count) && (7...8).contains(count))
    let figures = try browser.value(
      of: "document.querySelectorAll('figure.chart svg title').length")
    #expect(figures as? Int == count - 1, "two norms share a chart")
  }

  /// Three clips, real ones and those after steps 1, 2, 5 and 6 and at the checkpoint of step 4,
  /// with the lengths of their files.
  private func expectPreviews(_ browser: Browser, _ shop: Workshop) throws {
    let widths = try browser.value(
      of: "[...document.images].map(image => image.complete ? image.naturalWidth : 0)")
    #expect(widths as? [Int] == [Int](repeating: 128, count: 18))
    let durations = try browser.value(
      of: """
        Promise.all([...document.querySelectorAll("audio")].map(player => new Promise(resolve => {
          const tell = () => resolve(player.error ? -1 : player.duration);
          if (player.readyState >= 1) tell();
          else { player.onloadedmetadata = tell; player.onerror = tell; }
        })))
        """)
    let wav = try WAVFile(shop.folder.bytes(of: "moved/previews/step-00000006/00.wav"))
    let expected = Double(wav.samples.count) / Double(wav.rate)
    #expect(durations as? [Double] == [Double](repeating: expected, count: 18))
    let heads = try browser.value(
      of: "[...document.querySelectorAll('.sounds thead th')].map(head => head.textContent)")
    let found = try #require(heads as? [String])
    #expect(
      found.map { $0.replacing(", best", with: "") } == [
        "real", "step 6", "step 5", "step 4", "step 2", "step 1",
      ])
    let scores = try shop.lines(of: "moved/log.jsonl").compactMap { line in
      (line["spectral_distance"] as? Double).flatMap { score in
        (line["step"] as? Int).map { (score, $0) }
      }
    }
    let best = try #require(scores.min { $0 < $1 }).1
    #expect(found.filter { $0.hasSuffix(", best") } == ["step \(best), best"])
  }

  private func expectText(_ browser: Browser) throws {
    let text = try #require(try browser.value(of: "document.body.innerText") as? String)
    for words in [
      Self.hostileLabel, "SpecGAN, dimension 4, at step 6", "reached the requested number of steps",
      "batch_size: 4", "specgan 0.3.0", "fftw-3", "Linux", "7 of 16384 samples", "16000 Hz",
    ] {
      #expect(text.contains(words), "\(words) in \(text)")
    }
    #expect(try browser.value(of: "document.querySelectorAll('img[src=x], b').length") as? Int == 0)
  }

  /// A player plays, and another one stops it.
  private func expectPlaying(_ browser: Browser) throws {
    let state = try browser.value(
      of: """
        (async () => {
          const [first, second] = document.querySelectorAll("audio");
          await first.play();
          for (let waited = 0; first.currentTime < .1 && waited < 200; waited += 1)
            await new Promise(resolve => setTimeout(resolve, 25));
          const time = first.currentTime;
          await second.play();
          await new Promise(resolve => setTimeout(resolve, 50));
          return [time >= .1, first.paused, second.paused];
        })()
        """)
    #expect(state as? [Bool] == [true, true, false])
  }

  private func expectReadOut(_ browser: Browser) throws {
    let box = try browser.value(
      of: """
        (() => {
          const svg = document.querySelector("figure.chart svg");
          svg.scrollIntoView();
          const box = svg.getBoundingClientRect();
          return [box.right - box.width * 12 / 480, box.top + box.height / 2];
        })()
        """)
    let place = try #require(box as? [Double])
    try browser.movePointer(x: place[0], y: place[1])
    let text = try browser.value(of: "document.querySelector('figure.chart output').textContent")
    #expect((text as? String)?.hasPrefix("step 6: ") == true, "\(text)")
  }

  /// The light and the dark page differ.
  private func expectColors(_ browser: Browser) throws {
    let pictures = try [false, true].map { try browser.picture(isDark: $0) }
    #expect(pictures[0] != pictures[1] && pictures[0].count > 1_000)
    let ground = try browser.value(of: "getComputedStyle(document.body).backgroundColor")
    #expect(ground as? String == "rgb(19, 21, 23)")
  }

  // MARK: - Without a browser

  @Test func thePageIsKeptUpToDateAndCanBeLeftOut() throws {
    try withWorkshop { shop in
      try shop.write(Self.configuration, as: "seen.yaml")
      try shop.made("train", "seen.yaml", "--steps", "2")
      let page = try shop.folder.bytes(of: "run/report.html")
      #expect(String(decoding: page, as: UTF8.self).contains("at step 2</h1>"))
      try shop.made("train", "seen.yaml", "--steps", "3", "--resume")
      let later = String(decoding: try shop.folder.bytes(of: "run/report.html"), as: UTF8.self)
      #expect(later.contains("at step 3</h1>") && later.contains("stopped"))
      #expect(!later.contains("http://") && !later.contains("https://"))
      let report = try shop.json("report", "run", "--output", "page.html")
      #expect(report["report"] as? String == "page.html" && report["step"] as? Int == 3)
      try shop.made(
        "train", "seen.yaml", "--steps", "1", "--run", "silent", "--set", "monitoring.report=false")
      #expect(try !shop.names(in: "silent").contains("report.html"))
    }
  }

  @Test func whatIsNoRunHasNoPage() throws {
    try withWorkshop { shop in
      try shop.run(["report", "no"]).expectError(66, "no does not exist")
      try shop.run(["report", "sounds"]).expectError(65, "sounds is not a run")
      try shop.made("train", "tiny.yaml", "--steps", "1")
      try shop.run(["report", "run", "--output", "no/page.html"]).expectError(73, "no/page.html")
      try shop.run(["report", "run", "--output", ""]).expectError(64, "--output is empty")
    }
  }

  /// Damaged contents leave gaps in the page; the page is still written.
  @Test func aDamagedRunStillHasAPage() throws {
    try withWorkshop { shop in
      try shop.write(Self.configuration, as: "seen.yaml")
      try shop.made("train", "seen.yaml", "--steps", "2")
      try shop.write("not a sound", as: "run/previews/step-00000001/01.wav")
      try shop.write("{", as: "run/session.json")
      try shop.write("model: [", as: "run/configuration.yaml")
      let log = String(decoding: try shop.folder.bytes(of: "run/log.jsonl"), as: UTF8.self)
      try shop.write(log + "nonsense\n{\"step\": 3, \"wasserstein\":", as: "run/log.jsonl")
      try shop.made("report", "run")
      let page = String(decoding: try shop.folder.bytes(of: "run/report.html"), as: UTF8.self)
      #expect(
        page.contains("A run at step 2") && page.contains("configuration.yaml cannot be read"))
    }
  }
}
