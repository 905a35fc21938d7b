import Foundation
import SpecGANTestSupport
import Testing

/// A page of clips, as a browser shows it and a person without a mouse uses it.
@Suite(.serialized, .training) struct ClipPageTests {
  /// The page of eight clips, moved to a folder without other files.
  private func withPage(_ body: (Workshop, _ page: String) throws -> Void) throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "2", "--set", "network.conditional=true")
      try shop.made(
        "generate", "run", "--output", "my clips", "--count", "8", "--page", "page.html")
      try FileManager.default.createDirectory(
        atPath: shop.folder.path("moved"), withIntermediateDirectories: true)
      try FileManager.default.moveItem(
        atPath: shop.folder.path("page.html"), toPath: shop.folder.path("moved/page.html"))
      try body(shop, shop.folder.path("moved/page.html"))
    }
  }

  private func list(_ browser: Browser) throws -> String {
    try #require(
      try browser.value(of: "document.querySelector('.list').textContent") as? String)
  }

  private func current(_ browser: Browser) throws -> Int? {
    try browser.value(of: "Number(document.querySelector('[aria-current]').dataset.number)") as? Int
  }

  private func type(_ text: String, _ browser: Browser) throws {
    for character in text { try browser.press(String(character)) }
  }

  /// Steps, stars and names with keys; the saved list selects these clips.
  @Test(.browser, .timeLimit(.minutes(10))) func clipsAreStarredWithKeysAndWrittenByTheirList()
    throws
  {
    try withPage { shop, page in
      try withTemporaryFolder { folder in
        let browser = try Browser(in: folder)
        try browser.open(page)
        try browser.saveFiles(in: shop.folder.path("."))
        #expect(try current(browser) == 0)
        try type("jjk", browser)
        #expect(try current(browser) == 1)
        for key in ["ArrowRight", "ArrowRight", "ArrowLeft", "s", "n"] { try browser.press(key) }
        try type("s? k", browser)
        try browser.press("Enter")
        for key in ["End", "s", "n", "x", "Escape", "Home", "k"] { try browser.press(key) }
        #expect(try current(browser) == 0)
        let lines = try list(browser).split(separator: "\n").map(String.init)
        #expect(lines.count == 5 && lines.prefix(3).allSatisfy { $0.hasPrefix("# ") })
        #expect(Array(lines.suffix(2)) == ["2\ts? k", "7"])
        try browser.press("e")
        let saved = shop.folder.path("page-starred.txt")
        for _ in 0..<200 where !FileManager.default.fileExists(atPath: saved) { usleep(25_000) }
        #expect(
          try String(decoding: shop.folder.bytes(of: "page-starred.txt"), as: UTF8.self)
            == list(browser))
        try expectHelp(browser)
        try expectStoredStars(browser)
        #expect(browser.complaints == [])
      }
      // The command on the page, as a shell runs it, gives the same bytes.
      let text = String(decoding: try shop.folder.bytes(of: "page-starred.txt"), as: UTF8.self)
      let command = try #require(
        text.split(separator: "\n").first { $0.hasPrefix("# specgan gen") })
      let result = try RunningProgram(
        "/bin/sh", ["-c", "specgan() { '\(Program.path)' \"$@\"; }\n\(command.dropFirst(2))"],
        in: shop.folder
      ).wait()
      #expect(result.status == 0, "\(result.messages)")
      let (many, few) = (
        try shop.contents(of: "my clips"), try shop.contents(of: "page-starred")
      )
      #expect(few["s k.wav"] == many["00002-two.wav"] && few["s k.wav"] != nil)
      #expect(few["00007-three.wav"] == many["00007-three.wav"])
    }
  }

  /// The help opens with a key, in which other keys do nothing, and closes again.
  private func expectHelp(_ browser: Browser) throws {
    let isOpen = "document.querySelector('.help').open"
    try browser.press("?")
    #expect(try browser.value(of: isOpen) as? Bool == true)
    let before = try list(browser)
    try type("js", browser)
    #expect(try list(browser) == before)
    try browser.press("Enter")
    #expect(try browser.value(of: isOpen) as? Bool == false)
  }

  /// Stars and names are there after the page is opened again, and can be filtered.
  private func expectStoredStars(_ browser: Browser) throws {
    let before = try list(browser)
    try browser.reload()
    #expect(try list(browser) == before)
    try browser.press("f")
    let shown =
      "[...document.querySelectorAll('.clip')].filter(card => !card.hidden).map(card => card.dataset.number)"
    #expect(try browser.value(of: shown) as? [String] == ["2", "7"])
    #expect(try current(browser) == 2)
    // The star of the last shown clip goes, and the one before it is reached.
    for key in ["j", "s"] { try browser.press(key) }
    #expect(try browser.value(of: shown) as? [String] == ["2"])
    #expect(try current(browser) == 2)
    for key in ["f", "End", "s"] { try browser.press(key) }
    #expect(try list(browser) == before)
    // Another document with the same storage, as in another tab, removes the stars.
    _ = try browser.value(
      of: """
        (() => {
          const key = Object.keys(localStorage)[0], other = document.createElement("iframe");
          document.body.append(other);
          other.contentWindow.localStorage.setItem(key, '{"stars": [], "names": []}');
        })()
        """)
    try browser.wait(for: "!document.querySelector('.count').textContent.includes('★')")
  }

  /// Clips and their nearest training clips play, one at a time, with their lengths; buttons have
  /// names; only those of one clip are reached with the tab key.
  @Test(.browser, .timeLimit(.minutes(10))) func everythingIsHeardSeenAndNamed() throws {
    try withPage { _, page in
      try withTemporaryFolder { folder in
        let browser = try Browser(in: folder)
        try browser.open(page)
        try expectPlaying(browser)
        let pictures = try browser.value(
          of: """
            Promise.all([...document.images].map(async image => {
              image.loading = "eager";
              await image.decode();
              return image.naturalWidth;
            }))
            """)
        #expect(pictures as? [Int] == [Int](repeating: 128, count: 8))
        let unnamed = try browser.value(
          of: """
            [...document.querySelectorAll("button, select, input")].filter(
              control => !(control.getAttribute("aria-label") || control.textContent.trim())).length
            """)
        #expect(unnamed as? Int == 0)
        let tabbed = try browser.value(
          of:
            "[...document.querySelectorAll('.clip button')].filter(button => button.tabIndex === 0).map(button => button.closest('.clip').dataset.number)"
        )
        #expect(tabbed as? [String] == ["1", "1", "1", "1"])
        try expectOrders(browser)
        let shots = try [false, true].map { try browser.picture(isDark: $0) }
        #expect(shots[0] != shots[1] && shots[0].count > 1_000)
        #expect(browser.complaints == [])
        try browser.expectFitsPhone(page, width: 360)
      }
    }
  }

  /// Stepping, the space bar and `r` play the clip, the clip again, and its nearest training clip.
  private func expectPlaying(_ browser: Browser) throws {
    try browser.begin(
      pagesWith: """
        window.played = [];
        {
          const play = HTMLMediaElement.prototype.play;
          HTMLMediaElement.prototype.play = function () {
            const done = play.call(this);
            done.then(() => played.push([this.src, this.duration]));
            return done;
          };
        }
        """)
    try browser.reload()
    for (index, key) in ["j", " ", "r"].enumerated() {
      try browser.press(key)
      try browser.wait(for: "played.length === \(index + 1)")
    }
    let played = try browser.value(
      of: """
        (() => {
          const card = document.querySelectorAll(".clip")[1], slice = card.querySelector(".real").dataset.slice;
          const real = document.querySelector(`.reals [data-slice="${slice}"]`).dataset.sound;
          const sources = [card.dataset.sound, card.dataset.sound, real];
          return played.map(([source, duration], index) => source === sources[index] && duration === 1.024);
        })()
        """)
    #expect(played as? [Bool] == [true, true, true])
    #expect(
      try browser.value(of: "document.querySelectorAll('.playing').length") as? Int == 1)
    try browser.press("Escape")
    #expect(
      try browser.value(of: "document.querySelectorAll('.playing').length") as? Int == 0)
  }

  /// Clips are sorted by label, score and distance; the list keeps the order of the numbers.
  private func expectOrders(_ browser: Browser) throws {
    for (order, sign) in [("label", 1), ("score", -1), ("distance", 1)] {
      let isSorted = try browser.value(
        of: """
          (() => {
            const select = document.querySelector(".order");
            select.value = "\(order)";
            select.dispatchEvent(new Event("change"));
            const values = [...document.querySelectorAll(".clip")].map(card => card.dataset["\(order)"]);
            return values.length === 8 && values.every((value, index) => index === 0 ||
              ("\(order)" === "label" ? value >= values[index - 1] : \(sign) * (value - values[index - 1]) >= 0));
          })()
          """)
      #expect(isSorted as? Bool == true, "\(order)")
    }
  }

  /// Without storage, as for pages from disk in some browsers, the page works and says so.
  @Test(.browser, .timeLimit(.minutes(10))) func aPageNeedsNoStorage() throws {
    try withPage { _, page in
      try withTemporaryFolder { folder in
        let browser = try Browser(in: folder)
        try browser.open(page)
        try browser.begin(
          pagesWith: """
            Object.defineProperty(window, "localStorage", {
              get() { throw new DOMException("denied", "SecurityError"); }
            });
            """)
        try browser.reload()
        for key in ["s", "j", "s"] { try browser.press(key) }
        #expect(try list(browser).hasSuffix("\n0\n1\n"))
        let text = try browser.value(of: "document.querySelector('.storage').textContent")
        #expect((text as? String)?.contains("does not keep stars") == true)
        try browser.emulate(["prefers-reduced-motion": "reduce"])
        let motion = try browser.value(
          of: "getComputedStyle(document.querySelector('.message')).transitionDuration")
        #expect(motion as? String == "0s")
        #expect(browser.complaints == [])
      }
    }
  }
}
