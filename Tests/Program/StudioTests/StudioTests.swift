import Foundation
import RealModule
import SpecGANErrors
import SpecGANExploration
import SpecGANKits
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSettings
import SpecGANStudio
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Spectra
import Testing
import Waveforms

/// The studio as a function from requests to responses, of networks that have hardly learned.
@Suite(.training) struct StudioTests {
  /// A studio of a conditional run with two labels, and its folder.
  private struct Stage {
    let folder: TemporaryFolder
    let path: String
    let checkpoint: Checkpoint
    let studio: Studio
    let engine: Engine
    var generator: SampleGenerator { SampleGenerator(checkpoint, engine: engine) }

    init(_ kind: ModelKind = .specgan, threads: Int = 2, in folder: TemporaryFolder) throws {
      // In the middle of its range a spectrogram is audible, in contrast to the mean of digits.
      var configuration = Configuration.small
      configuration.model = kind
      configuration.network.latent = 7
      configuration.network.dimension = 2
      configuration.network.isConditional = true
      configuration.training.batchSize = 3
      configuration.monitoring.previewCount = 0
      configuration.monitoring.tensorboard = false
      configuration.monitoring.report = false
      configuration.paths.cache = folder.path("cache")
      let small = try SmallRun(configuration, inputs: [Fixtures.path("audio/digits")], in: folder)
      try small.train(to: 3)
      self.folder = folder
      path = small.run().checkpointPath(step: 3)
      checkpoint = try Checkpoint(path: path)
      engine = Engine(threads: threads)
      let run = StudioRun(
        name: "run", path: path, checkpoint: checkpoint, seed: 0, threads: threads
      ) { "The card of \($0)" }
      studio = Studio([run], seed: 0)
    }

    func ask(_ path: String, _ query: String = "") -> StudioResponse {
      studio.response(to: request("GET", path, query), at: 4774)
    }

    func post(_ body: String) -> StudioResponse {
      var request = request("POST", "/kit")
      request.body = Array(body.utf8)
      return studio.response(to: request, at: 4774)
    }

    func request(_ method: String, _ path: String, _ query: String = "") -> StudioRequest {
      StudioRequest(method, path, query: query, headers: ["host": "127.0.0.1:4774"])
    }

    /// The WAV file that `generate --method fast` writes for the first clip of `chosen`.
    func generated(_ chosen: ChosenLatents, _ name: String) throws -> [UInt8] {
      let maker = SoundMaker(
        generator, inversion: InversionConfiguration(method: .fast), engine: engine)
      let writer = try maker.write(chosen, to: .init(folder: folder.path(name)))
      return try Array(Data(contentsOf: URL(filePath: writer.files[0])))
    }
  }

  // MARK: - Sounds

  @Test(arguments: ModelKind.allCases) func aNumberHasTheBytesOfGenerate(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(kind, in: folder)
      for (number, seed) in [(0, 0), (5, 0), (5, 9)] as [(Int, UInt64)] {
        let chosen = ChosenLatents(drawnFor: stage.checkpoint.gan, numbers: [number], seed: seed)
        let response = stage.ask("/sound", "number=\(number)&seed=\(seed)")
        #expect(response.status == 200 && response.type == "audio/wav")
        #expect(try response.body == stage.generated(chosen, "clips-\(number)-\(seed)"))
        #expect(stage.ask("/sound", "seed=\(seed)&number=\(number)") == response)
      }
    }
  }

  @Test func aLatentWithLabelsAndTurnsHasTheBytesOfGenerate() throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      stage.studio.findAll(on: stage.engine)
      guard case .known(let directions) = stage.studio.runs[0].directions,
        let direction = directions.directions.first
      else {
        Issue.record("the directions are not known")
        return
      }
      let latent: [Float] = [0.5, -0.25, 0.125, 0, 1, -1, 0.75]
      let others = [Float](repeating: 0, count: stage.checkpoint.gan.labelCount - 2)
      let mix = try #require(LabelMix([0.75, 0.25] + others))
      let plain = ChosenLatents(
        latents: Tensor(shape: [1, 7], latent), numbers: [4], labels: [mix], seed: 0)
      let turned = try directions.turned(plain, by: [(direction.name, 1.5)], at: "run")
      var query = URLComponents()
      query.queryItems = [
        .init(name: "z", value: latent.base64), .init(name: "number", value: "4"),
        .init(name: "labels", value: "0:0.75,1:0.25"),
        .init(name: "turn", value: "\(direction.name):1.5"),
      ]
      let text = try #require(query.percentEncodedQuery).replacing("+", with: "%2B")
      let response = stage.ask("/sound", text)
      #expect(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
      #expect(try response.body == stage.generated(turned, "clips"))
    }
  }

  /// A way is the path of `interpolate --interpolation spherical`, with its ends.
  @Test func aWayHasTheBytesOfInterpolate() throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      let ends = ChosenLatents(drawnFor: stage.checkpoint.gan, numbers: [2, 5], seed: 0)
      let path = ends.interpolated(from: 0, to: 1, count: 5, along: .spherical)
      for place in 0..<5 {
        let query = "number=2&to=number%3D5&at=\(Double(place) / 4)"
        #expect(
          try stage.ask("/sound", query).body
            == stage.generated(path.selecting([place]), "clips-\(place)"))
      }
      #expect(stage.ask("/sound", "number=2&to=number%3D5") == stage.ask("/sound", "number=2"))
    }
  }

  @Test func aMixtureIsBetweenItsParts() throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      let run = stage.studio.runs[0]
      func values(_ query: String) throws -> [Float] {
        try run.latents(of: StudioSound(query)).latents.values
      }
      #expect(try values("mix=3:0.5") == values("number=3"))
      #expect(try values("mix=3:1,5:0") == values("number=3"))
      #expect(try values("mix=3:0.5,5:0.5") == values("mix=5:2,3:2"))
      func norm(_ values: [Float]) -> Double {
        values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      }
      let (first, last) = (try values("number=3"), try values("number=4"))
      let mixed = try values("mix=3:1,4:3")
      #expect(abs(norm(mixed) - (norm(first) + 3 * norm(last)) / 4) < 1e-5)
      // In their plane, a quarter from the second.
      let scale = norm(mixed) / norm(zip(first, last).map { 0.25 * $0 + 0.75 * $1 })
      for index in mixed.indices {
        let expected = scale * (0.25 * Double(first[index]) + 0.75 * Double(last[index]))
        #expect(abs(Double(mixed[index]) - expected) < 1e-6)
      }
      let labels = try run.latents(of: StudioSound("mix=3:1,4:3")).labels
      let count = stage.checkpoint.gan.labelCount
      #expect(labels[0].weights[3 % count] == 0.25 && labels[0].weights[4 % count] == 0.75)
    }
  }

  /// The latent, label and number of a sound name the same sound.
  @Test(arguments: ["number=7", "mix=1:0.3,2:0.7", "number=2&to=number%3D5&at=0.3"])
  func whatMakesASoundNamesIt(_ query: String) throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      let response = stage.ask("/latent", query)
      let made = try #require(
        try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
      let z = try #require(made["z"] as? String).replacing("+", with: "%2B")
      let number = try #require(made["number"] as? Int)
      let labels = try #require(made["labels"] as? String)
      let again = stage.ask("/sound", "z=\(z)&number=\(number)&labels=\(labels)")
      #expect(again.status == 200 && again == stage.ask("/sound", query))
    }
  }

  @Test func bytesDoNotDependOnThreads() throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      let alone = Studio(
        [
          StudioRun(
            name: "run", path: stage.path, checkpoint: stage.checkpoint, seed: 0, threads: 1)
        ],
        seed: 0)
      for query in ["number=1", "number=1&to=number%3D2&at=0.5"] {
        let other = alone.response(to: stage.request("GET", "/sound", query), at: 4774)
        #expect(stage.ask("/sound", query) == other)
      }
    }
  }

  // MARK: - Downloads

  @Test func aDownloadIsTheFileOfAKit() throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      let response = stage.ask("/download", "number=3&name=A%20b%2Fc")
      #expect(response.status == 200 && response.fileName == "A b c.wav")
      try folder.write(response.body, as: "download.wav")
      let recipe = try ClipRecipe(file: folder.path("download.wav"))
      #expect(recipe.number == 3 && recipe.step == 3 && recipe.checkpoint == stage.path)
      let chosen = ChosenLatents(drawnFor: stage.checkpoint.gan, numbers: [3], seed: 0)
      var output = KitMaker.Output(folder: folder.path("kit"), checkpointPath: stage.path)
      output.clipNames = ["A b c"]
      let made = try KitMaker(
        stage.generator, inversion: stage.checkpoint.configuration.inversion, engine: stage.engine
      ).write(chosen, to: output)
      #expect(try folder.bytes(of: "kit/\(made.clips[0].file)") == response.body)
    }
  }

  @Test func aKitIsAnArchiveOfWhatKitWrites() throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      let numbers = [0, 1, 2, 12]
      let response = stage.post(
        """
        {"name": "My kit", "sounds": [{"sound": "number=0", "name": "first"},
          {"sound": "number=1"}, {"sound": "number=2"}, {"sound": "number=12"}]}
        """)
      #expect(response.status == 200 && response.fileName == "My kit.zip")
      let files = try ZipReader.files(response.body)
      var output = KitMaker.Output(folder: folder.path("My kit"), checkpointPath: stage.path)
      (output.clipNames, output.card) = (["first", nil, nil, nil], "The card of My kit")
      _ = try KitMaker(
        stage.generator, inversion: stage.checkpoint.configuration.inversion, engine: stage.engine
      ).write(
        ChosenLatents(drawnFor: stage.checkpoint.gan, numbers: numbers, seed: 0), to: output)
      let written = try FileManager.default.subpathsOfDirectory(atPath: output.folder)
        .filter { $0.contains(".") && $0 != "manifest.jsonl" }
      #expect(Set(files.keys) == Set(written.map { "My kit/\($0)" }))
      #expect(files.keys.contains { $0.hasSuffix("/first.wav") })
      for (name, bytes) in files { #expect(try folder.bytes(of: name) == bytes, "\(name)") }
    }
  }

  /// Nothing a studio does changes a file of the run.
  @Test func theRunStaysAsItWas() throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      func contents() throws -> [String: Data] {
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return try files.reduce(into: [:]) { contents, file in
          let path = folder.path(file)
          let kind = try FileManager.default.attributesOfItem(atPath: path)[.type]
          if kind as? FileAttributeType == .typeRegular {
            contents[file] = try Data(contentsOf: URL(filePath: path))
          }
        }
      }
      let before = try contents()
      stage.studio.findAll(on: stage.engine)
      for path in ["/", "/runs", "/map", "/directions", "/sound", "/latent", "/download"] {
        #expect(stage.ask(path).status == 200, "\(path)")
      }
      #expect(stage.post(#"{"name": "a", "sounds": [{"sound": ""}]}"#).status == 200)
      _ = try StudioExport.page(
        of: stage.studio.runs[0], engine: stage.engine, progress: { _, _ in })
      #expect(try contents() == before)
    }
  }

  // MARK: - Refusals

  @Test(arguments: [
    ("number=-1", "number"), ("number=1000000", "number"), ("number=1.5", "number"),
    ("number=", "number"), ("number=1&number=2", "number"), ("run=1", "run"), ("run=x", "run"),
    ("seed=-1", "seed"), ("seed=18446744073709551616", "seed"), ("z=AAAA", "z"), ("z=%21", "z"),
    ("z=AACAfwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D%3D", "z"), ("labels=0", "labels"),
    ("labels=99999:1", "labels"), ("labels=0:0", "labels"), ("labels=0:-1", "labels"),
    ("labels=0:nan", "labels"), ("labels=x:1", "labels"), ("labels=0:1,0:1", "labels"),
    ("mix=1:0", "mix"), ("mix=1:1&number=2", "mix"), ("mix=", "mix"), ("mix=1:inf", "mix"),
    ("at=2&to=number%3D1", "at"), ("at=-0.1&to=number%3D1", "at"), ("to=number%3Dx", "number"),
    ("to=to%3Dnumber%253D1", "to"), ("to=run%3D1", "run"), ("file=/etc/passwd", "file"),
    ("name=x", "name"),
    ("turn=brightness", "turn"), ("turn=brightness:11", "turn"), ("%ff=1", "UTF-8"),
    ("number=%ff", "UTF-8"),
  ]) func aBadParameterIsASentence(_ query: String, _ word: String) throws {
    let response = try Self.shared.ask("/sound", query)
    let sentence = String(decoding: response.body, as: UTF8.self)
    #expect(response.status == 400 && response.type.hasPrefix("text/plain"), "\(sentence)")
    #expect(sentence.contains(word) && sentence.hasSuffix("."), "\(sentence)")
  }

  @Test(arguments: [
    "", "{", "[]", #"{"name": "a"}"#, #"{"name": "a", "sounds": []}"#,
    #"{"name": "a", "sounds": [{"sound": "number=x"}]}"#,
    #"{"name": "a", "sounds": [{"sound": "seed=1"}, {"sound": "seed=2"}]}"#,
  ]) func aBadKitIsASentence(_ body: String) throws {
    #expect(try Self.shared.post(body).status == 400)
  }

  @Test(arguments: [
    "/etc/passwd", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/sound/",
    "/Sound", "/run/checkpoints", "/favicon.ico", "/.", "",
  ]) func noPathIsAFile(_ path: String) throws {
    #expect(try Self.shared.ask(path).status == 404)
  }

  @Test func methodsAndOthersAreRefused() throws {
    let stage = try Self.shared
    for (method, path) in [("POST", "/sound"), ("GET", "/kit"), ("HEAD", "/kit"), ("PUT", "/runs")]
    {
      #expect(stage.studio.response(to: stage.request(method, path), at: 4774).status == 405)
    }
    // The connection leaves out the body.
    #expect(stage.studio.response(to: stage.request("HEAD", "/"), at: 4774).status == 200)
    var request = stage.request("GET", "/runs")
    #expect(stage.studio.response(to: request, at: 4775).status == 403)
    request.headers["origin"] = "http://example.com"
    #expect(stage.studio.response(to: request, at: 4774).status == 403)
  }

  /// The response says how much of a finding is done.
  @Test func findingsTakeTime() throws {
    let stage = try Self.shared
    #expect(stage.ask("/map").status == 202 && stage.ask("/directions").status == 202)
    #expect(stage.ask("/sound", "turn=brightness:1").status == 503)
  }

  /// A stage that several tests share, whose directions nobody finds.
  private static var shared: Stage { get throws { try sharedResult.get() } }
  private static let sharedResult = Result { try Stage(in: TemporaryFolder()) }

  // MARK: - The map and the page

  @Test func theMapHoldsEverySoundThatIsHeard() throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      let map = try StudioMap(by: stage.generator, at: "run", seed: 0, engine: stage.engine)
      #expect(map.points.count + map.silentCount == 256 && map.points.count > 1)
      #expect(map.points.map(\.number) == map.points.map(\.number).sorted())
      for point in map.points {
        #expect((0...1).contains(point.x) && (0...1).contains(point.y))
        #expect(point.label == point.number % stage.checkpoint.gan.labelCount)
      }
      for axis in [map.points.map(\.x), map.points.map(\.y)] {
        #expect(axis.min() == 0 && axis.max() == 1)
      }
      let again = try StudioMap(
        by: SampleGenerator(stage.checkpoint, engine: Engine(threads: 1)), at: "run", seed: 0,
        engine: Engine(threads: 1))
      #expect(again.points.map(\.x) == map.points.map(\.x))
      #expect(again.points.map(\.y) == map.points.map(\.y))
    }
  }

  @Test func everyResponseForbidsOtherSites() throws {
    let stage = try Self.shared
    for response in [stage.ask("/"), stage.ask("/sound"), stage.ask("/none")] {
      let text = String(decoding: response.http(isLast: true).prefix(2_000), as: UTF8.self)
      for line in [
        "X-Content-Type-Options: nosniff", "Cross-Origin-Resource-Policy: same-origin",
        "Content-Security-Policy: default-src 'none'; connect-src 'self'", "frame-ancestors 'none'",
        "Cache-Control: no-store", "Connection: close", "Content-Length: \(response.body.count)",
      ] {
        #expect(text.contains(line), "\(line)")
      }
    }
    let page = String(decoding: stage.ask("/").body, as: UTF8.self)
    // The name of SVG, which nothing loads.
    let addresses = page.replacing("http://www.w3.org/2000/svg", with: "")
    #expect(!addresses.contains("http://") && !addresses.contains("https://"))
  }

  /// All sounds have the level of the studio.
  @Test func soundsHaveTheLevelOfTheStudio() throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      let run = StudioRun(
        name: "run", path: stage.path, checkpoint: stage.checkpoint, seed: 0, level: .normalize,
        threads: 2)
      let sound = try StudioSound("number=0")
      let usual = try stage.studio.runs[0].played(sound)
      for bytes in [try run.played(sound), try run.written(sound, title: "a")] {
        let path = try folder.write(bytes, as: "clip.wav")
        #expect(try abs(Waveform(contentsOf: path).peak - OutputLevel.ceiling) < 1e-4)
        #expect(bytes != usual)
      }
    }
  }

  /// Names that are markup stay text.
  @Test func aHostileNameEndsNoScript() throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      let run = StudioRun(
        name: "</script><script>alert(1)</script>", path: stage.path, checkpoint: stage.checkpoint,
        seed: 0, threads: 1)
      let page = try StudioExport.page(of: run, engine: stage.engine, progress: { _, _ in })
      #expect(page.markup.ranges(of: "</script>").count == 2)
      #expect(page.gains.count > 1)
    }
  }

  /// The page has the seed of its sounds, as text, because numbers of scripts have 53 bits.
  @Test func anExportedPageHasItsSeed() throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      let pages = try [UInt64(9), .max].map { seed in
        let run = StudioRun(
          name: "run", path: stage.path, checkpoint: stage.checkpoint, seed: seed, threads: 2)
        return try StudioExport.page(of: run, engine: stage.engine, progress: { _, _ in }).markup
      }
      #expect(pages[0].contains(#""seed":"9""#))
      #expect(pages[1].contains(#""seed":"18446744073709551615""#))
    }
  }

  /// Stars belong to the generator, wherever its run is.
  @Test func aRunIsIdentifiedByItsGenerator() throws {
    try withTemporaryFolder { folder in
      let stage = try Stage(in: folder)
      let runs = ["a", "b"].map {
        StudioRun(name: $0, path: $0, checkpoint: stage.checkpoint, seed: 0, threads: 1)
      }
      let response = Studio(runs, seed: 0).response(to: stage.request("GET", "/runs"), at: 4774)
      let answer = try #require(
        try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
      let ids = (answer["runs"] as? [[String: Any]])?.map { $0["id"] as? String }
      let digest = ClipSource.generatorDigest(of: stage.checkpoint)
      #expect(ids == [digest, digest])
    }
  }
}

/// A reader of ZIP archives without compression.
enum ZipReader {
  /// Returns the contents of each file of `archive`, by its directory; checks both headers of each.
  static func files(_ archive: [UInt8]) throws -> [String: [UInt8]] {
    func number(_ place: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(archive[place + $1]) << (8 * $1) }
    }
    let end = archive.count - 22
    try #require(number(end, 4) == 0x0605_4B50)
    var place = number(end + 16, 4)
    var files: [String: [UInt8]] = [:]
    for _ in 0..<number(end + 10, 2) {
      try #require(number(place, 4) == 0x0201_4B50)
      let (size, length, local) = (
        number(place + 24, 4), number(place + 28, 2), number(place + 42, 4)
      )
      let name = String(decoding: archive[place + 46..<place + 46 + length], as: UTF8.self)
      try #require(number(local, 4) == 0x0403_4B50)
      #expect(archive[local + 4..<local + 30] == archive[place + 6..<place + 32])
      let start = local + 30 + length
      let contents = Array(archive[start..<start + size])
      #expect(UInt32(number(place + 16, 4)) == bitwiseCRC32(contents))
      files[name] = contents
      place += 46 + length
    }
    #expect(place == end)
    return files
  }
}
