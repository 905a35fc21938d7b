import Foundation
import SpecGANTestSupport
import Testing

/// The studio's page as a browser shows it.
@Suite(.serialized) struct StudioPageTests {
  private static let isReady = """
    globalThis.studio !== undefined && studio.state.points.length > 0 \
    && document.querySelector(".pad.waiting") === null
    """

  @Test(.browser, .training, .timeLimit(.minutes(10)))
  func theServedPagePlays() throws {
    try withWorkshop { shop in
      try StudioTests.train(shop)
      let studio = try StudioTests.Served(shop, "--quiet")
      try withTemporaryFolder { folder in
        let browser = try Browser(in: folder)
        try browser.saveDownloads(in: folder.path)
        try browser.open(address: studio.address)
        try browser.wait(for: Self.isReady)
        try expectKeysPlay(browser)
        try expectWalking(browser)
        try browser.wait(for: "studio.state.directions.length > 0")
        try expectKnobsAndMorph(browser)
        try expectStars(browser)
        try expectDownloads(browser, folder)
        try expectLooks(browser)
        // Stars are kept by the browser.
        let stars = try browser.value(of: "studio.state.stars.length") as? Int
        try browser.open(address: studio.address, width: 360, height: 740)
        try browser.wait(for: Self.isReady)
        #expect(try browser.value(of: "studio.state.stars.length") as? Int == stars)
        try expectNarrow(browser)
        #expect(browser.complaints == [])
      }
    }
  }

  @Test(.browser, .training, .timeLimit(.minutes(10)))
  func theExportedPagePlaysFromDisk() throws {
    try withWorkshop { shop in
      try StudioTests.train(shop)
      try shop.made("studio", "run", "--export", "sounds.html")
      try withTemporaryFolder { folder in
        try FileManager.default.moveItem(
          atPath: shop.folder.path("sounds.html"), toPath: folder.path("page.html"))
        let browser = try Browser(in: folder)
        try browser.saveDownloads(in: folder.path)
        try browser.open(folder.path("page.html"))
        try browser.wait(for: Self.isReady)
        try expectKeysPlay(browser)
        try browser.press("KeyM", "m")
        try browser.press("ArrowRight", "ArrowRight")
        try browser.wait(for: "studio.state.pad === null && studio.state.current !== null")
        try expectStars(browser)
        try browser.press("KeyG", "g")
        let file = try saved(".wav", in: folder)
        // The recipe names everything that generates the sound again.
        try FileManager.default.copyItem(atPath: file, toPath: shop.folder.path("saved.wav"))
        try shop.made("generate", "run", "--output", "again", "--latents", "saved.wav")
        let isHidden = """
          ["shape-card", "morph-card", "pad-kit", "star-kit", "labels"].every(
            id => getComputedStyle(document.getElementById(id)).display === "none")
          """
        #expect(try browser.value(of: isHidden) as? Bool == true)
        try expectLooks(browser)
        try browser.open(folder.path("page.html"), width: 360, height: 740)
        try browser.wait(for: Self.isReady)
        try expectNarrow(browser)
        #expect(browser.complaints == [])
      }
    }
  }

  /// Every pad sounds at its key, alone below the limiter's knee; all together stay below −1 dBFS.
  private func expectKeysPlay(_ browser: Browser) throws {
    let keys = ["Z", "X", "C", "V", "A", "S", "D", "F", "Q", "W", "E", "R", "1", "2", "3", "4"]
    // The first key turns the sound on.
    try browser.press("Space", " ")
    for (pad, key) in keys.enumerated() {
      let code = Int(key) == nil ? "Key\(key)" : "Digit\(key)"
      try browser.press(code, key.lowercased())
      try browser.wait(for: "studio.state.pad === \(pad) && studio.levelNow() > -60")
    }
    let level = try browser.value(
      of: """
        (async () => {
          let peak = -Infinity;
          for (let pad = 0; pad < 16; pad++) studio.hit(pad);
          const end = performance.now() + 700;
          while (performance.now() < end) {
            peak = Math.max(peak, studio.levelNow());
            await new Promise(resolve => setTimeout(resolve, 5));
          }
          return peak;
        })()
        """)
    let peak = try #require(level as? Double)
    #expect(peak > -20 && peak <= -1 + 1e-4, "\(peak) dBFS")
    // From the event to the start of a pad, of which the first waits for the output.
    let delays = try browser.value(
      of: "studio.state.latencies.slice(1).map(one => one.toStart).sort((a, b) => a - b)")
    let sorted = try #require(delays as? [Double])
    #expect(sorted.count >= 15 && sorted[sorted.count / 2] < 50, "\(sorted) ms")
    // MIDI: velocity is the level, other notes and messages are ignored.
    let gains = try browser.value(
      of: """
        (async () => {
          const peaks = [];
          for (const velocity of [127, 16]) {
            await new Promise(resolve => setTimeout(resolve, 1500));
            studio.receive([0x90, 36, velocity]);
            let peak = -Infinity;
            for (let step = 0; step < 60; step++) {
              peak = Math.max(peak, studio.levelNow());
              await new Promise(resolve => setTimeout(resolve, 10));
            }
            peaks.push(peak);
          }
          studio.receive([0x90, 35, 100]); studio.receive([0x90, 52, 100]);
          studio.receive([0x80, 37, 100]); studio.receive([0x90, 37, 0]);
          return [peaks[0] - peaks[1], studio.state.pad];
        })()
        """)
    let found = try #require(gains as? [Double])
    #expect(abs(found[0] - 20 * log10(127.0 / 16)) < 1.5 && found[1] == 0, "\(found)")
  }

  /// Pointing plays a dot, dragging plays what is between dots, and arrow keys walk.
  private func expectWalking(_ browser: Browser) throws {
    let place = try browser.value(
      of: """
        (() => {
          const box = document.getElementById("map").getBoundingClientRect();
          const {x, y} = studio.placeOf(studio.state.points[20]);
          return [box.left + x, box.top + y];
        })()
        """)
    let (x, y) = try { ($0[0], $0[1]) }(#require(place as? [Double]))
    try browser.movePointer(x: x, y: y)
    try browser.wait(for: "studio.state.pad === null && studio.levelNow() > -60")
    try browser.pointer("mousePressed", x: x, y: y)
    for step in 1...12 {
      let direction = x > 700 ? -1.0 : 1
      try browser.movePointer(x: x + direction * 13 * Double(step), y: y + 5, isDown: true)
    }
    try browser.pointer("mouseReleased", x: x, y: y)
    try browser.press("KeyM", "m")
    #expect(try browser.value(of: "document.activeElement.id") as? String == "map")
    try browser.press("ArrowRight", "ArrowRight")
    try browser.press("ArrowLeft", "ArrowLeft")
    try browser.wait(
      for: """
        !studio.state.current.mix \
        && document.getElementById("origin").textContent === "from the map"
        """)
    try browser.press("Enter", "Enter")
    try browser.wait(for: "studio.levelNow() > -60")
    // The sound goes to pad 2.
    try browser.press("KeyX", "X", withShift: true)
    try browser.wait(for: "studio.state.pad === 1 && studio.state.pads[1].number !== 1")
  }

  private func expectKnobsAndMorph(_ browser: Browser) throws {
    try browser.press("KeyK", "k")
    for _ in 0..<5 { try browser.press("ArrowRight", "ArrowRight") }
    try browser.wait(for: "Object.values(studio.state.pads[1].turn).some(amount => amount === 0.5)")
    #expect(
      try browser.value(of: "studio.query(studio.state.pads[1]).includes('turn=')") as? Bool == true
    )
    _ = try browser.value(
      of: """
        (() => {
          const slider = document.getElementById("morph");
          slider.value = 0.5;
          slider.dispatchEvent(new Event("input"));
        })()
        """)
    try browser.wait(for: "studio.state.current.at === 0.5 && studio.levelNow() > -60")
    // A label of the current sound.
    _ = try browser.value(of: "document.querySelectorAll('#labels input')[2].click()")
    try browser.wait(for: "studio.state.current.labels === '2:1'")
  }

  /// By keys alone: star, name, and remove the star.
  private func expectStars(_ browser: Browser) throws {
    try browser.press("KeyB", "b")
    try browser.wait(for: "studio.state.stars.length === 1")
    try browser.press("KeyN", "n")
    try browser.type("my <b>sound</b>")
    try browser.press("Enter", "Enter")
    try browser.wait(for: "studio.state.stars[0].title === 'my <b>sound</b>'")
    #expect(try browser.value(of: "document.querySelectorAll('#stars b').length") as? Int == 0)
    try browser.press("KeyZ", "z")
    try browser.wait(for: "studio.state.pad === 0")
    try browser.press("KeyB", "b")
    try browser.wait(for: "studio.state.stars.length === 2")
    try browser.press("KeyB", "b")
    try browser.wait(for: "studio.state.stars.length === 1")
  }

  private func expectDownloads(_ browser: Browser, _ folder: TemporaryFolder) throws {
    try browser.press("KeyG", "g")
    let sound = try saved(".wav", in: folder)
    #expect(try Data(contentsOf: URL(filePath: sound)).starts(with: Data("RIFF".utf8)))
    _ = try browser.value(of: "document.getElementById('pad-kit').click()")
    let kit = try saved(".zip", in: folder)
    #expect(try Data(contentsOf: URL(filePath: kit)).starts(with: [0x50, 0x4B, 3, 4]))
  }

  /// Returns the path of a download that ends in `suffix`, when it is complete.
  private func saved(_ suffix: String, in folder: TemporaryFolder) throws -> String {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
      if let name = try folder.names().first(where: { $0.hasSuffix(suffix) }) {
        return folder.path(name)
      }
      usleep(50_000)
    }
    throw BrowserError.silent("no download \(suffix)")
  }

  /// Light and dark differ, and everything that is operated has a name.
  private func expectLooks(_ browser: Browser) throws {
    let pictures = try [false, true].map { try browser.picture(isDark: $0) }
    #expect(pictures[0] != pictures[1] && pictures[0].count > 10_000)
    let nameless = try browser.value(
      of: """
        [...document.querySelectorAll("button, input, select, canvas[tabindex]")].filter(
          element => element.checkVisibility() && !element.getAttribute("aria-label")
            && !element.textContent.trim() && !(element.labels?.length > 0)).map(e => e.outerHTML)
        """)
    #expect(nameless as? [String] == [])
  }

  private func expectNarrow(_ browser: Browser) throws {
    let width = try browser.value(of: "document.documentElement.scrollWidth")
    #expect(try #require(width as? Int) <= 360)
    let wide = try browser.value(
      of: """
        [...document.querySelectorAll("body *")].filter(element => element.checkVisibility()
          && element.getBoundingClientRect().right > 361).map(element => element.id || element.className)
        """)
    #expect(wide as? [String] == [])
  }
}
