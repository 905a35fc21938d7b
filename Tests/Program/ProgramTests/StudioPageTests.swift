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
        try browser.saveFiles(in: folder.path)
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
        try expectTurnedPadsWait(browser)
        #expect(browser.complaints == [])
      }
    }
  }

  /// Kept pads that are turned need the directions; they are filled once those are known.
  private func expectTurnedPadsWait(_ browser: Browser) throws {
    try browser.begin(
      pagesWith: """
        globalThis.isPending = true;
        {
          const ask = fetch;
          globalThis.fetch = async (path, ...rest) =>
            isPending && path.includes("turn=") ? new Response("Not yet.", {status: 503})
            : isPending && path.startsWith("/directions")
            ? new Response('{"done": 1, "total": 2}', {status: 202}) : ask(path, ...rest);
        }
        """)
    try browser.reload()
    try browser.wait(for: "document.getElementById('shape-note').textContent.includes('50 %')")
    let waiting = try browser.value(
      of: "studio.padElements.flatMap((pad, at) => pad.matches('.waiting') ? [at] : [])")
    #expect(waiting as? [Int] == [1])
    #expect(try browser.value(of: "document.getElementById('note').textContent") as? String == "")
    _ = try browser.value(of: "isPending = false")
    try browser.wait(for: Self.isReady)
  }

  /// Answers to requests for a run that was left change nothing of the next one.
  @Test(.browser, .training, .timeLimit(.minutes(10)))
  func aRunThatWasLeftChangesNoOther() throws {
    try withWorkshop { shop in
      try trainBoth(shop)
      let studio = try StudioTests.Served(shop, "plain", "--quiet")
      try withTemporaryFolder { folder in
        let browser = try Browser(in: folder)
        try browser.open(address: studio.address)
        try browser.wait(for: Self.isReady)
        try morph(browser)
        try browser.wait(for: "studio.state.current.at === 0.5")
        // Every request waits until the other run is chosen.
        _ = try browser.value(
          of: """
            (() => {
              const ask = fetch, gate = new Promise(resolve => { globalThis.release = resolve; });
              globalThis.fetch = async (...request) => { await gate; return ask(...request); };
            })()
            """)
        try browser.press("b", at: "KeyB")
        try browser.press("X", at: "KeyX", withShift: true)
        _ = try browser.value(
          of: """
            (() => {
              const menu = document.getElementById("run");
              menu.value = 1;
              menu.dispatchEvent(new Event("change"));
              release();
            })()
            """)
        try browser.wait(for: "studio.state.run === 1 && \(Self.isReady)")
        #expect(try browser.value(of: "studio.state.stars.length") as? Int == 0)
        let areOwn = "studio.state.pads.every((sound, pad) => sound.number === pad && !sound.z)"
        #expect(try browser.value(of: areOwn) as? Bool == true)
        #expect(browser.complaints == [])
      }
    }
  }

  /// Trains `run` with labels and `plain` without.
  private func trainBoth(_ shop: Workshop) throws {
    try StudioTests.train(shop)
    try shop.made(
      "train", "studio.yaml", "--cache", "heard", "--steps", "3", "--run", "plain", "--set",
      "network.conditional=false")
  }

  /// Moves the slider between the two pads to the middle.
  private func morph(_ browser: Browser) throws {
    _ = try browser.value(
      of: """
        (() => {
          const slider = document.getElementById("morph");
          slider.value = 0.5;
          slider.dispatchEvent(new Event("input"));
        })()
        """)
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
        try browser.saveFiles(in: folder.path)
        try browser.open(folder.path("page.html"))
        try browser.wait(for: Self.isReady)
        try expectKeysPlay(browser)
        try browser.press("m", at: "KeyM")
        try browser.press("ArrowRight")
        try browser.wait(for: "studio.state.pad === null && studio.state.current !== null")
        try expectStars(browser)
        try browser.press("g", at: "KeyG")
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

  /// Without labels, dots have the colors of their brightness.
  @Test(.browser, .training, .timeLimit(.minutes(10)))
  func dotsWithoutLabelsAreSeen() throws {
    try withWorkshop { shop in
      try trainBoth(shop)
      try shop.made("studio", "plain", "--export", "sounds.html")
      try withTemporaryFolder { folder in
        let browser = try Browser(in: folder)
        try browser.open(shop.folder.path("sounds.html"))
        try browser.wait(for: Self.isReady)
        #expect(try browser.value(of: "studio.state.runs[0].labels.length") as? Int == 0)
        // The dullest and the brightest of those that are on no pad, over the map's background.
        try browser.wait(
          for: """
            (() => {
              const map = document.getElementById("map"), scale = devicePixelRatio;
              const canvas = new OffscreenCanvas(map.width, map.height);
              const pen = canvas.getContext("2d", {willReadFrequently: true});
              pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--well");
              pen.fillRect(0, 0, map.width, map.height);
              const ground = pen.getImageData(0, 0, 1, 1).data;
              pen.drawImage(map, 0, 0);
              const onPads = new Set(studio.state.pads.map(sound => sound.number));
              const dots = studio.state.points.filter(point => !onPads.has(point.number))
                .sort((a, b) => a.tone - b.tone);
              return dots.length > 1 && [dots[0], dots.at(-1)].every(point => {
                const {x, y} = studio.placeOf(point);
                const color = pen.getImageData(
                  Math.round(x * scale), Math.round(y * scale), 1, 1).data;
                return color.some((value, channel) => Math.abs(value - ground[channel]) > 20);
              });
            })()
            """)
        #expect(browser.complaints == [])
      }
    }
  }

  @Test(.training) func aMapOfSilenceIsNotExported() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "3")
      try shop.run(["studio", "run", "--export", "sounds.html"])
        .expectError(65, "step-00000003", "all sounds of the map are silent")
      #expect(!FileManager.default.fileExists(atPath: shop.folder.path("sounds.html")))
    }
  }

  /// Every pad sounds at its key; all together stay below −1 dBFS.
  private func expectKeysPlay(_ browser: Browser) throws {
    let keys = ["Z", "X", "C", "V", "A", "S", "D", "F", "Q", "W", "E", "R", "1", "2", "3", "4"]
    // The first key turns the sound on.
    try browser.press("Escape")
    // The analyser has more samples than arrive between two looks.
    _ = try browser.value(
      of: """
        globalThis.heard = -Infinity;
        setInterval(() => { heard = Math.max(heard, studio.levelNow()); }, 5)
        """)
    for (pad, key) in keys.enumerated() {
      let level = try peak(browser) {
        try browser.press(key.lowercased(), at: Int(key) == nil ? "Key\(key)" : "Digit\(key)")
      }
      #expect(level <= -1 + 1e-4, "\(key): \(level) dBFS")
      #expect(try browser.value(of: "studio.state.pad") as? Int == pad, "\(key)")
    }
    let latencies = try browser.value(
      of: """
        studio.state.latencies.filter(
          one => Number.isFinite(one.toStart) && Number.isFinite(one.output)).length
        """)
    #expect(latencies as? Int == keys.count)
    let sum = try peak(browser) {
      _ = try browser.value(of: "studio.padElements.forEach((_, pad) => studio.hit(pad))")
    }
    #expect(sum > -20 && sum <= -1 + 1e-4, "\(sum) dBFS")
    // MIDI: velocity is the level, other notes and messages are ignored.
    let levels = try [127, 16].map { velocity in
      try peak(browser) { _ = try browser.value(of: "studio.receive([0x90, 36, \(velocity)])") }
    }
    #expect(abs(levels[0] - levels[1] - 20 * log10(127.0 / 16)) < 1.5, "\(levels)")
    _ = try browser.value(
      of: """
        for (const message of [[0x90, 35, 100], [0x90, 52, 100], [0x80, 37, 100], [0x90, 37, 0]])
          studio.receive(message);
        """)
    #expect(try browser.value(of: "studio.state.pad") as? Int == 0)
  }

  /// Returns the highest level in dBFS of what `action` plays, from silence to silence.
  private func peak(_ browser: Browser, of action: () throws -> Void) throws -> Double {
    try browser.wait(for: "studio.levelNow() < -60 && (heard = -Infinity) < 0")
    try action()
    try browser.wait(for: "heard > -60 && studio.levelNow() < -60")
    return try #require(browser.value(of: "heard") as? Double)
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
    _ = try peak(browser) { try browser.movePointer(x: x, y: y) }
    #expect(try browser.value(of: "studio.state.pad === null") as? Bool == true)
    try browser.pointer("mousePressed", x: x, y: y)
    for step in 1...12 {
      let direction = x > 700 ? -1.0 : 1
      try browser.movePointer(x: x + direction * 13 * Double(step), y: y + 5, isDown: true)
    }
    try browser.pointer("mouseReleased", x: x, y: y)
    try browser.press("m", at: "KeyM")
    #expect(try browser.value(of: "document.activeElement.id") as? String == "map")
    try browser.press("ArrowRight")
    try browser.press("ArrowLeft")
    try browser.wait(
      for: """
        !studio.state.current.mix \
        && document.getElementById("origin").textContent === "from the map"
        """)
    _ = try peak(browser) { try browser.press("Enter") }
    // The sound goes to pad 2.
    try browser.press("X", at: "KeyX", withShift: true)
    try browser.wait(for: "studio.state.pad === 1 && studio.state.pads[1].number !== 1")
  }

  private func expectKnobsAndMorph(_ browser: Browser) throws {
    // A knob that is turned faster than sounds arrive does not jump back.
    _ = try browser.value(
      of: """
        globalThis.quickly = fetch;
        globalThis.fetch = async (...words) => {
          await new Promise(go => setTimeout(go, 300));
          return quickly(...words);
        };
        0
        """)
    try browser.press("k", at: "KeyK")
    for _ in 0..<2 { try browser.press("ArrowRight") }
    try browser.wait(for: "Object.values(studio.state.pads[1].turn ?? {}).some(Boolean)")
    for _ in 0..<3 { try browser.press("ArrowRight") }
    try browser.wait(for: "Object.values(studio.state.pads[1].turn).some(amount => amount === 0.5)")
    _ = try browser.value(of: "globalThis.fetch = quickly; 0")
    #expect(
      try browser.value(of: "studio.query(studio.state.pads[1]).includes('turn=')") as? Bool == true
    )
    _ = try peak(browser) { try morph(browser) }
    try browser.wait(for: "studio.state.current.at === 0.5")
    // A label of the current sound.
    _ = try browser.value(of: "document.querySelectorAll('#labels input')[2].click()")
    try browser.wait(for: "studio.state.current.labels === '2:1'")
  }

  /// By keys alone: star, name, and remove the star.
  private func expectStars(_ browser: Browser) throws {
    try browser.press("b", at: "KeyB")
    try browser.wait(for: "studio.state.stars.length === 1")
    try browser.press("n", at: "KeyN")
    try browser.type("my <b>sound</b>")
    try browser.press("Enter")
    try browser.wait(for: "studio.state.stars[0].title === 'my <b>sound</b>'")
    #expect(try browser.value(of: "document.querySelectorAll('#stars b').length") as? Int == 0)
    try browser.press("z", at: "KeyZ")
    try browser.wait(for: "studio.state.pad === 0")
    try browser.press("b", at: "KeyB")
    try browser.wait(for: "studio.state.stars.length === 2")
    try browser.press("b", at: "KeyB")
    try browser.wait(for: "studio.state.stars.length === 1")
    // Another document of the same address, as in another tab, renames the star.
    _ = try browser.value(
      of: """
        (() => {
          const key = Object.keys(localStorage).find(key => key.startsWith("specgan-studio"));
          const kept = JSON.parse(localStorage.getItem(key)), other = document.createElement("iframe");
          kept.stars[0].title = "renamed";
          document.body.append(other);
          other.contentWindow.localStorage.setItem(key, JSON.stringify(kept));
        })()
        """)
    try browser.wait(for: "document.querySelector('#stars input').value === 'renamed'")
  }

  private func expectDownloads(_ browser: Browser, _ folder: TemporaryFolder) throws {
    try browser.press("g", at: "KeyG")
    let sound = try saved(".wav", in: folder)
    #expect(try Data(contentsOf: URL(filePath: sound)).starts(with: Data("RIFF".utf8)))
    _ = try browser.value(of: "document.getElementById('pad-kit').click()")
    let kit = try saved(".zip", in: folder)
    let archive = try Data(contentsOf: URL(filePath: kit))
    #expect(archive.starts(with: [0x50, 0x4B, 3, 4]))
    #expect(archive.range(of: Data("/card.md".utf8)) != nil)
  }

  /// Returns the path of a download that ends in `suffix`, when it is complete.
  private func saved(_ suffix: String, in folder: TemporaryFolder) throws -> String {
    let end = ContinuousClock.now + .seconds(300)
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
