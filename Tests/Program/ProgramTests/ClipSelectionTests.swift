import Foundation
import Safetensors
import SpecGANTestSupport
import Testing

/// Make many, keep few: `generate --page`, the list of starred clips, and `generate --only`.
@Suite(.serialized, .training) struct ClipSelectionTests {
  /// A run of three labels, and eight clips with a page.
  private func withPage(
    _ settings: String..., options: [String] = [], _ body: (Workshop) throws -> Void
  ) throws {
    try withWorkshop { shop in
      try shop.made(
        ["train", "tiny.yaml", "--steps", "2"] + settings.flatMap { ["--set", $0] })
      try shop.made(
        ["generate", "run", "--output", "many", "--count", "8", "--seed", "5"]
          + ["--page", "many.html"] + options)
      try body(shop)
    }
  }

  /// The WAV files in a page, by the numbers of the clips.
  private func sounds(_ page: String, _ shop: Workshop) throws -> [Int: [UInt8]] {
    let text = String(decoding: try shop.folder.bytes(of: page), as: UTF8.self)
    let card = #/<li class="clip" data-number="(\d+)".*?data-sound="data:audio/wav;base64,(.*?)"/#
    return try text.matches(of: card).reduce(into: [:]) { sounds, match in
      let number = try #require(Int(match.output.1))
      sounds[number] = Array(try #require(Data(base64Encoded: String(match.output.2))))
    }
  }

  /// The comment of a page by which its list is refused for other clips.
  private func comment(_ page: String, _ shop: Workshop) throws -> String {
    let text = String(decoding: try shop.folder.bytes(of: page), as: UTF8.self)
    return String(try #require(text.firstMatch(of: #/data-source="(.*?)"/#)).output.1)
  }

  @Test(arguments: ["network.conditional=true", "model=wavegan"])
  func aSelectionHasTheBytesOfTheFirstClips(_ setting: String) throws {
    try withPage(setting) { shop in
      let many = try shop.contents(of: "many")
      let isLabeled = setting.hasPrefix("network")
      let labels = isLabeled ? ["-one", "-three", "-two"] : [""]
      func name(_ number: Int) -> String { "0000\(number)\(labels[number % labels.count]).wav" }
      let shown = try sounds("many.html", shop)
      #expect(shown.count == 8)
      for (number, wav) in shown { #expect(wav == many[name(number)]) }
      let list = "# mine\r\n\(try comment("many.html", shop))\r\n6\tBig kick\r\n2\r\n7\tbig kick"
      try shop.write(list, as: "list.txt")
      let only = ["--latents", "many/latents.safetensors", "--only", "list.txt"]
      let report = try shop.object(
        shop.made(["generate", "run", "--output", "few", "--page", "few/p.html", "--json"] + only)
          .output)
      let files = ["Big kick.wav", name(2), "big kick 2.wav"]
      #expect(report["files"] as? [String] == files.map { "few/\($0)" })
      #expect(
        report["numbers"] as? [Int] == [6, 2, 7] && report["page"] as? String == "few/p.html")
      let few = try shop.contents(of: "few")
      #expect(
        Set(few.keys) == Set(files + ["latents.safetensors", "manifest.jsonl", "p.html"]))
      #expect(report["page_bytes"] as? Int == few["p.html"]?.count)
      for (file, number) in zip(files, [6, 2, 7]) { #expect(few[file] == many[name(number)]) }
      #expect(
        try sounds("few/p.html", shop) == [6: few[files[0]], 2: few[files[1]], 7: few[files[2]]])
      // The clips of the selection keep their numbers: in the names of files, on its page, for
      // lists, and for other commands.
      let latents = ["--latents", "few/latents.safetensors"]
      try shop.made(["generate", "run", "--output", "again", "--threads", "1"] + latents)
      let again = try shop.contents(of: "again")
      for number in [6, 2, 7] { #expect(again[name(number)] == many[name(number)]) }
      #expect(again["latents.safetensors"] == few["latents.safetensors"])
      try shop.write("\(try comment("few/p.html", shop))\n7\n", as: "one.txt")
      try shop.made(
        ["generate", "run", "--output", "one", "--only", "one.txt"] + latents)
      #expect(try shop.contents(of: "one")[name(7)] == many[name(7)])
      try shop.made(
        ["vary", "run", "7", "--output", "near", "--distances", "0", "--count", "1"] + latents)
      #expect(
        try shop.contents(of: "near").first { $0.key.hasPrefix("00001") }?.value == many[name(7)])
      try shop.made(
        ["interpolate", "run", "--from", "2", "--to", "7", "--count", "2", "--output", "way"]
          + latents + ["--level", "as-is", "--replace"])
      let way = try SafetensorsFile(path: shop.folder.path("way/latents.safetensors"))
      let all = try SafetensorsFile(path: shop.folder.path("many/latents.safetensors"))
      let width = 100
      let z = try all.floats("z")
      #expect(try way.floats("z") == Array(z[2 * width..<3 * width] + z[7 * width..<8 * width]))
    }
  }

  /// The page depends on the clips alone, and not on the number of threads.
  @Test func aPageIsTheSameAgain() throws {
    try withPage(options: ["--threads", "3"]) { shop in
      let first = try shop.folder.bytes(of: "many.html")
      let command = ["generate", "run", "--output", "many", "--count", "8", "--seed", "5"]
      try shop.run(command + ["--page", "many.html", "--output", "other"])
        .expectError(73, "many.html exists already")
      try shop.made(command + ["--page", "many.html", "--replace", "--threads", "1"])
      #expect(try shop.folder.bytes(of: "many.html") == first)
      // Pictures and 24 bits are for the files alone.
      try shop.made(
        command + ["--page", "many.html", "--replace", "--pictures", "--format", "pcm24"])
      #expect(try sounds("many.html", shop).count == 8)
      try shop.remove("cache")
      try shop.made(command + ["--page", "many.html", "--replace"])
      let text = String(decoding: try shop.folder.bytes(of: "many.html"), as: UTF8.self)
      #expect(text.contains("the cache of the run was not found"))
    }
  }

  /// The page has the clips that `--keep` keeps.
  @Test func thePageHasTheKeptClips() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "2", "--model", "wavegan")
      let report = try shop.object(
        shop.made(
          [
            "generate", "run", "--output", "kept", "--count", "20", "--keep", "3", "--page",
            "kept/page.html", "--json",
          ] + ["--keep-by", "critic"]
        ).output)
      let kept = try shop.contents(of: "kept")
      let shown = try sounds("kept/page.html", shop)
      for number in 0..<3 { #expect(shown[number] == kept["0000\(number).wav"]) }
      #expect(shown.count == 3 && (report["numbers"] as? [Int])?.count == 3)
      let text = String(decoding: kept["page.html"] ?? [], as: UTF8.self)
      #expect(text.contains("Those of 20 clips with the highest critic scores"))
    }
  }

  @Test func aKitHasTheClipsOfTheList() throws {
    try withPage("model=wavegan", "network.conditional=true") { shop in
      try shop.write("4\n0\tx\n", as: "list.txt")
      let only = ["--latents", "many/latents.safetensors", "--only", "list.txt"]
      let report = try shop.object(
        shop.made(["kit", "run", "--output", "kit", "--json"] + only).output)
      let voices = try #require(report["voices"] as? [[String: Any]])
      let numbers = voices.flatMap { voice in
        ((voice["clips"] as? [[String: Any]]) ?? []).compactMap { $0["number"] as? Int }
      }
      #expect(Set(numbers) == [4, 0])
      // A name of the list is that of the file.
      let files = voices.flatMap { voice in
        ((voice["clips"] as? [[String: Any]]) ?? []).compactMap { $0["file"] as? String }
      }
      #expect(files.contains { $0.hasSuffix("/x.wav") } && files.count == 2)
    }
  }

  /// A page never replaces another kind of file, such as audio or the latents.
  @Test func aPageHasTheExtensionOfAPage() throws {
    try withPage("model=wavegan") { shop in
      let own = try shop.folder.bytes(of: "sounds/one/flite_slt.wav")
      let others = ["sounds/one/flite_slt.wav", "many/latents.safetensors", "page", "my.html/page"]
      for page in others {
        try shop.run(["generate", "run", "--output", "no", "--page", page, "--replace"])
          .expectError(64, "--page is \(page);", ".html or .htm")
        try shop.run(["studio", "run", "--export", page, "--replace"])
          .expectError(64, "--export is \(page);", ".html or .htm")
      }
      #expect(try shop.folder.bytes(of: "sounds/one/flite_slt.wav") == own)
      #expect(try !shop.names(in: "").contains("no"))
      try shop.made("generate", "run", "--output", "new", "--count", "1", "--page", "P.HTM")
      #expect(try shop.names(in: "").contains("P.HTM"))
    }
  }

  @Test func otherListsAreRefused() throws {
    try withPage("model=wavegan") { shop in
      let latents = "many/latents.safetensors"
      func refused(_ list: String, _ options: String...) throws -> ProgramResult {
        try shop.write(list, as: "list.txt")
        return try shop.run(
          ["generate", "run", "--output", "no", "--only", "list.txt", "--latents", latents]
            + options)
      }
      try refused("1\n9").expectError(65, "list.txt, line 2: clip 9", latents, "clips 0 to 7")
      try refused("1\n1").expectError(65, "list.txt, line 2: clip 1", "line 1")
      try refused("").expectError(65, "list.txt lists no clip")
      try refused("x").expectError(65, "list.txt, line 1: \"x\"")
      try refused("1", "--keep", "1").expectError(64, "--only", "--keep")
      try refused("1", "--page", "").expectError(64, "--page is empty")
      try refused("1", "--page", "none/a.html").expectError(73, "none/a.html")
      try refused("1", "--raw", latents, "--replace").expectError(64, latents)
      try refused("1", "--raw", "list.txt", "--replace").expectError(64, "list.txt")
      try refused("1", "--page", "x.htm", "--raw", "x.htm").expectError(64, "x.htm")
      try shop.write("", as: "run/checkpoints/a.html")
      try refused("1", "--page", "run/checkpoints/a.html", "--replace")
        .expectError(73, "run/checkpoints/a.html")
      try shop.run(["generate", "run", "--output", "no", "--only", "list.txt"])
        .expectError(64, "--only needs --latents")
      try shop.run(["kit", "run", "--output", "no", "--only", "list.txt"])
        .expectError(64, "--only needs --latents")
      try shop.run(
        ["generate", "run", "--output", "no", "--only", "none.txt", "--latents", latents]
      ).expectError(66, "none.txt does not exist")
      // A list of other clips, or of the same latents by another checkpoint.
      let comment = try comment("many.html", shop)
      #expect(try refused("\(comment)\n1\n", "--quiet").status == 0)
      try shop.remove("no")
      try shop.made("generate", "run", "--output", "more", "--count", "9", "--seed", "5")
      try shop.write("\(comment)\n1", as: "list.txt")
      try shop.run([
        "generate", "run", "--output", "no", "--only", "list.txt", "--latents",
        "more/latents.safetensors",
      ]).expectError(65, "list.txt, line 1: the list is of other latents than more/")
      try shop.made("train", "tiny.yaml", "--steps", "3", "--resume", "--set", "model=wavegan")
      try refused("\(comment)\n1").expectError(65, "list.txt, line 1", "another checkpoint")
      #expect(try refused("1").status == 0)
      try shop.remove("no")
      // The latents beside the clips are not replaced by those of a selection.
      let own = try shop.run([
        "generate", "run/checkpoints/step-00000002.safetensors", "--output", "many", "--replace",
        "--only", "list.txt", "--latents", latents,
      ])
      own.expectError(64, latents)
      #expect(try shop.names(in: "").contains("no") == false)
    }
  }
}
