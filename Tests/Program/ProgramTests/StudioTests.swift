import Foundation
import Glibc
import SpecGANTestSupport
import Testing

/// The studio as it is served.
@Suite(.serialized, .training) struct StudioTests {
  /// A shop with a conditional run whose sounds are audible.
  static func train(_ shop: Workshop) throws {
    try shop.write(
      """
      spectrogram: {normalization: range, subtract_floor: true, headroom: 3, log_floor: 0.01}
      network: {dimension: 2, latent: 7, conditional: true}
      training: {batch_size: 3, seed: 3}
      monitoring: {preview_count: 0, tensorboard: false, report: false}

      """, as: "studio.yaml")
    try shop.made("preprocess", "sounds", "--output", "heard", "--config", "studio.yaml")
    try shop.made("train", "studio.yaml", "--cache", "heard", "--steps", "3")
  }

  /// A served studio.
  struct Served {
    let program: RunningProgram
    let port: Int
    var address: String { "http://127.0.0.1:\(port)/" }

    init(_ shop: Workshop, _ arguments: String...) throws {
      program = try Program.start(["studio", "run", "--port", "0"] + arguments, in: shop.folder)
      let program = program
      try #require(program.wait { program.outputSoFar.hasSuffix("/\n") }, "\(program.messages)")
      let line = program.outputSoFar.trimmingCharacters(in: .newlines)
      #expect(line.hasPrefix("http://127.0.0.1:") && !line.contains("\n"), "\(line)")
      port = try #require(URL(string: line)?.port)
    }

    func ask(_ path: String, host: String? = nil, _ headers: String...) throws
      -> LoopbackClient.Response
    {
      try LoopbackClient.ask(path, at: port, host: host, headers: headers)
    }

    /// Waits until the directions are known.
    func findDirections() throws {
      let end = ContinuousClock.now + .seconds(120)
      while try ask("/directions").status == 202, ContinuousClock.now < end { usleep(100_000) }
    }
  }

  /// The bytes of the page's sounds are those of `generate`; nothing in the run changes.
  @Test func soundsAreThoseOfGenerate() throws {
    try withWorkshop { shop in
      try Self.train(shop)
      let before = try shop.contents(of: "run")
      let studio = try Served(shop, "--quiet")
      try studio.findDirections()
      let answer = try studio.ask("/directions")
      let found = try #require(
        try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
      let names = (found["directions"] as? [[String: Any]] ?? []).compactMap {
        $0["name"] as? String
      }
      let name = try #require(names.first)
      let plain = try studio.ask("/sound?number=4").body
      let mixed = try studio.ask("/sound?number=4&labels=0:0.5,1:0.5&turn=\(name):1.5")
      #expect(mixed.status == 200 && mixed.body != plain, "\(mixed.text)")
      studio.program.kill(SIGINT)
      #expect(studio.program.wait().status == 130)
      #expect(try shop.contents(of: "run") == before)

      try shop.made("generate", "run", "--output", "all", "--count", "5", "--method", "fast")
      let file = try #require(try shop.names(in: "all").first { $0.hasPrefix("00004") })
      #expect(try shop.folder.bytes(of: "all/\(file)") == plain)
      let labels = try shop.json("info", "run")["last"] as? [String: Any]
      let two = try #require(labels?["labels"] as? [String]).prefix(2)
      try shop.made(
        "generate", "run", "--output", "mixed", "--latents", "all/latents.safetensors", "--method",
        "fast", "--label", "\(two[0])=0.5,\(two[1])=0.5", "--turn", "\(name)=1.5")
      let other = try #require(try shop.names(in: "mixed").first { $0.hasPrefix("00004") })
      #expect(try shop.folder.bytes(of: "mixed/\(other)") == mixed.body)
    }
  }

  /// A sound that was saved is generated again from its file.
  @Test func aDownloadIsGeneratedAgain() throws {
    try withWorkshop { shop in
      try Self.train(shop)
      let studio = try Served(shop, "--quiet")
      let saved = try studio.ask("/download?number=3&name=my%20sound")
      #expect(saved.head.contains("filename*=UTF-8''my%20sound.wav"), "\(saved.head)")
      try shop.folder.write(saved.body, as: "saved.wav")
      try shop.made(
        "kit", "run", "--output", "again", "--latents", "saved.wav")
      let file = try #require(
        try FileManager.default.subpathsOfDirectory(atPath: shop.folder.path("again"))
          .first { $0.hasSuffix(".wav") })
      // Their titles differ.
      let again = try shop.folder.bytes(of: "again/\(file)")
      let samples = { (bytes: [UInt8]) in
        Array(bytes[44..<44 + (0..<4).reduce(0) { $0 | Int(bytes[40 + $1]) << (8 * $1) }])
      }
      #expect(samples(saved.body) == samples(again))
    }
  }

  @Test func othersAreRefused() throws {
    try withWorkshop { shop in
      try Self.train(shop)
      let studio = try Served(shop)
      #expect(try studio.ask("/").status == 200)
      #expect(try studio.ask("/runs", host: "localhost:\(studio.port)").status == 200)
      #expect(try studio.ask("/runs", host: "example.com").status == 403)
      #expect(try studio.ask("/runs", "Origin: http://example.com").status == 403)
      #expect(try studio.ask("/runs", "Sec-Fetch-Site: cross-site").status == 403)
      #expect(try studio.ask("/sound?number=x").status == 400)
      #expect(try studio.ask("/../../../etc/passwd").status == 404)
      for address in ["127.0.0.2"] + LoopbackClient.otherAddresses {
        #expect(LoopbackClient.connect(to: address, port: studio.port) == nil, "\(address)")
      }
      // Requests that are too large, or no requests, end the connection alone.
      let length = ["Content-Length: 2000000"]
      let large = try LoopbackClient.ask("/kit", at: studio.port, method: "POST", headers: length)
      #expect(large.status == 413)
      let endless = try LoopbackClient.send(
        Array("GET /\(String(repeating: "x", count: 100_000))".utf8), to: studio.port)
      #expect(try LoopbackClient.response(endless).status == 431)
      let rubbish = try LoopbackClient.send([0xFF, 0xFE] + Array("\r\n\r\n".utf8), to: studio.port)
      #expect(try LoopbackClient.response(rubbish).status == 400)
      let hidden =
        "POST /kit HTTP/1.1\r\nHost: 127.0.0.1:\(studio.port)\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n5\r\nGET / HTTP/1.1\r\n\r\n"
      let answers = try LoopbackClient.send(Array(hidden.utf8), to: studio.port)
      #expect(String(decoding: answers, as: UTF8.self).ranges(of: "HTTP/1.1 ").count == 1)
      // Two requests on one connection.
      let host = "Host: 127.0.0.1:\(studio.port)\r\n"
      let first = "GET /runs HTTP/1.1\r\n\(host)\r\n"
      let both = first + "GET /runs HTTP/1.1\r\n\(host)Connection: close\r\n\r\n"
      let two = try LoopbackClient.send(Array(both.utf8), to: studio.port)
      #expect(String(decoding: two, as: UTF8.self).ranges(of: "HTTP/1.1 200").count == 2)
      // Connections without a request make room for another one.
      let idle = (0..<64).compactMap { _ in
        LoopbackClient.connect(to: "127.0.0.1", port: studio.port)
      }
      defer { for descriptor in idle { close(descriptor) } }
      #expect(idle.count == 64)
      #expect(try studio.ask("/runs").status == 200)
      #expect(studio.program.isRunning)
    }
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(CInt, CInt)])
  func aSignalEndsIt(_ signal: (number: CInt, status: CInt)) throws {
    try withWorkshop { shop in
      try Self.train(shop)
      let studio = try Served(shop)
      // While it looks for directions.
      let start = ContinuousClock.now
      studio.program.kill(signal.number)
      let result = studio.program.wait()
      #expect(ContinuousClock.now - start < .seconds(5))
      #expect(result.status == signal.status && !result.isKilled, "\(result.messages)")
      #expect(result.messages.contains("Stopping") && !result.messages.contains("crashed"))
      #expect(LoopbackClient.connect(to: "127.0.0.1", port: studio.port) == nil)
    }
  }

  @Test func arguments() throws {
    try withWorkshop { shop in
      try Self.train(shop)
      let json = try Program.start(
        ["studio", "run", "cache/../run", "--port", "0", "--json", "--quiet"], in: shop.folder)
      try #require(json.wait { json.outputSoFar.hasSuffix("}\n") }, "\(json.messages)")
      let object = try shop.object(json.outputSoFar)
      let runs = try #require(object["runs"] as? [[String: Any]])
      #expect(runs.map { $0["name"] as? String } == ["run", "cache/../run"])
      #expect(runs.map { $0["step"] as? Int } == [3, 3])
      let port = try #require((object["address"] as? String).flatMap { URL(string: $0)?.port })
      try shop.run(["studio", "run", "--port", "\(port)"]).expectError(73, "\(port)", "in use")
      json.kill(SIGINT)
      #expect(json.wait().messages == "" && json.wait().status == 130)
      try shop.run(["studio"]).expectError(64)
      try shop.run(["studio", "run", "--port", "70000"]).expectError(64)
      try shop.run(["studio", "run", "run", "--export", "a.html"]).expectError(64)
      try shop.run(["studio", "run", "--replace"]).expectError(64)
      try shop.run(["studio", "none"]).expectError(66, "none")
      try shop.run(["studio", "run", "--export", "none/a.html"]).expectError(73, "none/a.html")
      try shop.write("", as: "run/checkpoints/a.html")
      try shop.run(["studio", "run", "--export", "run/checkpoints/a.html", "--replace"])
        .expectError(73, "run/checkpoints/a.html")
    }
  }

  @Test func anExportIsOneFile() throws {
    try withWorkshop { shop in
      try Self.train(shop)
      let before = try shop.contents(of: "run")
      let report = try shop.json("studio", "run", "--export", "sounds.html")
      let page = String(decoding: try shop.folder.bytes(of: "sounds.html"), as: UTF8.self)
      #expect(report["bytes"] as? Int == page.utf8.count && report["step"] as? Int == 3)
      #expect(try #require(report["count"] as? Int) > 1)
      #expect(try shop.contents(of: "run") == before)
      try shop.run(["studio", "run", "--export", "sounds.html"]).expectError(73, "sounds.html")
      try shop.made("studio", "run", "--export", "sounds.html", "--replace", "--threads", "1")
      #expect(String(decoding: try shop.folder.bytes(of: "sounds.html"), as: UTF8.self) == page)
    }
  }
}
