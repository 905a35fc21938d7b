import Foundation
import Safetensors
import SpecGANModels
import SpecGANSynthesis
import SpecGANTestSupport
import Testing

/// Clips by label from a run with `network.conditional`, through the program.
@Suite(.serialized, .training) struct LabelsTests {
  /// The digits' folders in the order of their bytes.
  private static let labels = ["one", "three", "two"]

  @Test(arguments: ModelKind.allCases) func labelsGoAllTheWay(_ kind: ModelKind) throws {
    try withWorkshop { shop in
      try train(shop, kind)
      try expectInfo(shop)
      try expectGenerated(shop)
      try expectPreviews(shop)
      try expectScores(shop)
      try expectWays(shop)
    }
  }

  private func expectInfo(_ shop: Workshop) throws {
    let checkpoint = try shop.json("info", "run/checkpoints/step-00000002.safetensors")
    #expect(checkpoint["labels"] as? [String] == Self.labels)
    #expect(try shop.made("info", "run").output.contains("\nlabels: one, three, two\n"))
  }

  private func expectGenerated(_ shop: Workshop) throws {
    let all = try shop.json(
      "generate", "run", "--output", "all", "--count", "5", "--format", "float")
    #expect(all["labels"] as? [String] == ["one", "three", "two", "one", "three"])
    #expect(try labels("all", shop) == [0, 1, 2, 0, 1])
    let twos = try shop.json(
      "generate", "run", "--output", "twos", "--count", "5", "--label", "two", "--format", "float")
    #expect(twos["labels"] as? [String] == [String](repeating: "two", count: 5))
    #expect(try labels("twos", shop) == [2, 2, 2, 2, 2])
    let (first, second) = (try shop.contents(of: "all"), try shop.contents(of: "twos"))
    for index in 0..<5 {
      let names = ["\(Self.labels[index % 3])", "two"].map { "0000\(index)-\($0).wav" }
      #expect((first[names[0]] == second[names[1]]) == (index == 2), "\(names)")
    }
    // The stored latents generate the same clips; a requested label overrides the file's.
    for (source, options) in [("all", []), ("twos", []), ("all", ["--label", "two"])] {
      let result = try shop.run(
        ["generate", "run", "--output", "again", "--format", "float", "--latents"]
          + ["\(source)/latents.safetensors", "--replace"] + options)
      #expect(result.status == 0, "\(result.messages)")
      #expect(
        try shop.contents(of: "again") == (options.isEmpty && source == "all" ? first : second))
    }
  }

  private func labels(_ folder: String, _ shop: Workshop) throws -> [Int32] {
    try SafetensorsFile(path: shop.folder.path("\(folder)/latents.safetensors")).integers("labels")
  }

  /// The previews of training, and the same ones from `preview` and `generate`.
  private func expectPreviews(_ shop: Workshop) throws {
    try shop.made("preview", "run", "--output", "shown")
    let shown = try shop.contents(of: "shown")
    for (name, bytes) in try shop.contents(of: "run/previews/step-00000002") {
      #expect(shown[name] == bytes, "\(name)")
    }
    #expect(
      try labels("run/previews", shop) == [0, 1, 2, 0] && labels("shown", shop) == [0, 1, 2, 0])
    try shop.made(
      "generate", "run", "--output", "listened", "--latents", "run/previews/latents.safetensors",
      "--seed", "3")
    for index in 0..<4 {
      #expect(
        try shop.folder.bytes(of: "listened/0000\(index)-\(Self.labels[index % 3]).wav")
          == shown["0\(index).wav"] ?? [])
    }
  }

  private func expectScores(_ shop: Workshop) throws {
    let best = try shop.json(
      "generate", "run", "--output", "best", "--count", "6", "--keep", "4", "--keep-by", "critic",
      "--raw",
      "raw.safetensors")
    let numbers = try #require(best["numbers"] as? [Int])
    #expect(try labels("best", shop) == numbers.map { Int32($0 % 3) })
    let scores = try #require(best["scores"] as? [Double])
    // The samples are stored with their labels.
    let values = try score(["raw.safetensors"], shop)
    #expect(values == scores)
    let asThree = try score(["raw.safetensors", "--label", "three"], shop)
    for (place, number) in numbers.enumerated() {
      #expect((values[place] == asThree[place]) == (number % 3 == 1))
    }
    let best0 = "best/00000-\(Self.labels[numbers[0] % 3]).wav"
    try shop.run(["score", "run", best0, "--output", "s.safetensors", "--replace"])
      .expectError(64, "\(best0) has no label", "--label with one, three or two")
    let sounds = try Self.labels.map { try score([best0, "--label", $0], shop)[0] }
    #expect(Set(sounds).count == 3)
  }

  private func score(_ arguments: [String], _ shop: Workshop) throws -> [Double] {
    let result = try shop.run(
      ["score", "run", "--output", "s.safetensors", "--json", "--replace"] + arguments)
    #expect(result.status == 0, "\(result.messages)")
    return try #require(try shop.object(result.output)["values"] as? [Double])
  }

  /// A path goes from one label to another, or all clips have the requested one; its ends are the
  /// clips of `generate`.
  private func expectWays(_ shop: Workshop) throws {
    let mixed = ["three", "three=0.5,two=0.5", "two"]
    for (options, labels) in [([], mixed), (["--label", "one"], ["one", "one", "one"])] {
      let result = try shop.run(
        ["interpolate", "run", "--output", "way", "--from", "1", "--to", "2", "--count", "3"]
          + ["--format", "float", "--json", "--replace"] + options)
      #expect(result.status == 0, "\(result.messages)")
      #expect(try shop.object(result.output)["labels"] as? [String] == labels)
      try shop.made(
        ["generate", "run", "--output", "ends", "--count", "3", "--format", "float", "--replace"]
          + options)
      let (way, ends) = (try shop.contents(of: "way"), try shop.contents(of: "ends"))
      let middle = SoundMaker.fileName(of: labels[1])
      let between = try #require(way["00001-\(middle).wav"])
      for (name, same) in [
        ("00000-\(labels[0]).wav", "00001-\(labels[0]).wav"),
        ("00002-\(labels[2]).wav", "00002-\(labels[2]).wav"),
      ] {
        let end = try #require(way[name])
        #expect(end == ends[same] && end != between, "\(name)")
      }
      try expectJoined(shop, way, options)
    }
  }

  /// The rows of two files give the same path.
  private func expectJoined(
    _ shop: Workshop, _ way: [String: [UInt8]], _ options: [String]
  ) throws {
    for name in ["first", "second"] {
      try shop.made(
        ["generate", "run", "--output", name, "--count", "3", "--format", "float", "--replace"]
          + options)
    }
    let joined = ["--latents", "first/latents.safetensors", "--to-latents"]
    try shop.made(
      ["interpolate", "run", "--output", "joined"] + joined + ["second/latents.safetensors"]
        + ["--from", "1", "--to", "2", "--count", "3", "--format", "float", "--replace"]
        + options)
    #expect(try shop.contents(of: "joined") == way)
    try shop.run(["interpolate", "run", "--output", "no", "--to-latents", "t"])
      .expectError(64, "--to-latents needs --latents")
    try shop.run(
      ["interpolate", "run", "--output", "no"] + joined
        + ["second/latents.safetensors", "--to", "3"]
    ).expectError(64, "--to is 3, but second/latents.safetensors has clips 0 to 2")
  }

  /// Weights are divided by their sum; a mixture of one label is that label.
  @Test(.training) func labelsCanBeMixed() throws {
    try withWorkshop { shop in
      try train(shop, .specgan)
      let generate = ["generate", "run", "--count", "2", "--json", "--output"]
      let mixed = try shop.object(
        shop.run(generate + ["mixed", "--label", "one=3,two=1"]).output)
      #expect(mixed["labels"] as? [String] == ["one=0.75,two=0.25", "one=0.75,two=0.25"])
      let file = try SafetensorsFile(path: shop.folder.path("mixed/latents.safetensors"))
      #expect(try file.floats("labels", shape: [2, 3]) == [0.75, 0, 0.25, 0.75, 0, 0.25])
      _ = try shop.run([
        "generate", "run", "--output", "again", "--latents", "mixed/latents.safetensors",
      ])
      #expect(try shop.contents(of: "again") == shop.contents(of: "mixed"))
      for (name, label) in [("weight", "ONE=0.5"), ("name", "one"), ("case", "One")] {
        #expect(try shop.run(generate + [name, "--label", label]).status == 0)
      }
      #expect(try shop.contents(of: "weight") == shop.contents(of: "name"))
      #expect(try shop.contents(of: "case") == shop.contents(of: "name"))
      #expect(
        try shop.contents(of: "mixed")["00000-one_0.75_two_0.25.wav"]
          != shop.contents(of: "name")["00000-one.wav"])
      for (label, words) in [
        ("one=x", "names with weights"), ("one=1,", "names with weights"),
        ("one=-1", "names with weights"), ("one=0", "at least one weight"),
        ("one=1,four=1", "--label is four"),
      ] {
        try shop.run(generate + ["none", "--label", label]).expectError(64, words)
      }
      var contents = SafetensorsContents()
      contents.append("z", shape: [1, 100], [Float](repeating: 0.5, count: 100))
      contents.append("labels", shape: [1, 3], [-1, 1, 1] as [Float])
      try contents.write(to: shop.folder.path("t.safetensors"))
      try shop.run(["generate", "run", "--output", "none", "--latents", "t.safetensors"])
        .expectError(65, "t.safetensors", "row 0 of tensor 'labels' is not a mixture")
    }
  }

  /// Labels are the names of folders, which may contain the characters of lists and mixtures.
  @Test(.training) func labelsMayContainCommas() throws {
    try withWorkshop { shop in
      try FileManager.default.moveItem(
        atPath: shop.folder.path("sounds/two"), toPath: shop.folder.path("sounds/one,a=2"))
      try shop.made("preprocess", "sounds", "--output", "commas")
      try shop.made(
        "train", "tiny.yaml", "--model", "wavegan", "--cache", "commas", "--steps", "2", "--set",
        "network.conditional=true")
      func label(_ option: String, to folder: String) throws -> [String]? {
        let report = try shop.json(
          "generate", "run", "--count", "1", "--output", folder, "--label", option)
        return report["labels"] as? [String]
      }
      #expect(try label("one,a=2", to: "alone") == ["one,a=2"])
      #expect(try label("one,a=2=3", to: "weighted") == ["one,a=2"])
      #expect(try label("one,a=2=1,three=1", to: "mixed") == ["one,a=2=0.5,three=0.5"])
      let kit = try shop.json(
        "kit", "run", "--output", "k", "--each", "1", "--labels", "three, One,A=2")
      let voices = try #require(kit["voices"] as? [[String: Any]])
      #expect(Set(voices.compactMap { $0["label"] as? String }) == ["one,a=2", "three"])
    }
  }

  // MARK: - Bad input

  @Test func whatCannotBeIsNamed() throws {
    try withWorkshop { shop in
      try train(shop, .wavegan)
      try shop.made("train", "tiny.yaml", "--run", "plain", "--steps", "1")
      try shop.made("generate", "plain", "--output", "some", "--count", "1")
      let commands = [
        ["generate"], ["interpolate"], ["interpolate", "--latents", "some/latents.safetensors"],
        ["generate", "--latents", "some/latents.safetensors"],
      ]
      for command in commands {
        try shop.run(command + ["run", "--output", "new", "--label", "four"])
          .expectError(64, "--label is four", "labels one, three and two")
        try shop.run(command + ["plain", "--output", "new", "--label", "one"])
          .expectError(
            64, "--label is one", "plain/checkpoints/step-00000001.safetensors has no labels")
      }
      try shop.run(["score", "run", "some/00000.wav", "--output", "new", "--label", "Thre"])
        .expectError(64, "--label is Thre", "use three if you mean that")
      for (shape, values, words) in [
        ([2], [0, 3] as [Int32], "tensor 'labels' has the index 3, expected 0 to 2"),
        ([2], [-1, 0], "has the index -1"), ([1], [0], "labels"),
      ] {
        var contents = SafetensorsContents()
        contents.append("z", shape: [2, 100], [Float](repeating: 0.5, count: 200))
        contents.append("samples", shape: [2, 16_384, 1], [Float](repeating: 0, count: 32_768))
        contents.append("labels", shape: shape, values)
        try contents.write(to: shop.folder.path("t.safetensors"))
        try shop.run(["generate", "run", "--output", "new", "--latents", "t.safetensors"])
          .expectError(65, "t.safetensors", words)
        try shop.run(["score", "run", "t.safetensors", "--output", "new"])
          .expectError(65, "t.safetensors", words)
      }
      #expect(try !shop.names(in: "").contains("new"))
      // Networks without labels ignore them.
      try shop.made("generate", "plain", "--output", "new", "--latents", "t.safetensors")
    }
  }

  @Test func soundsWithoutLabelsAreRefusedBeforeAnyWork() throws {
    try withWorkshop { shop in
      try shop.made("preprocess", "sounds/one", "--output", "unlabelled")
      try shop.run(
        ["train", "tiny.yaml", "--cache", "unlabelled", "--set", "network.conditional=true"]
      ).expectError(65, "unlabelled has 0 labels and 2 examples without a label")
      #expect(try !shop.names(in: "").contains("run"))
    }
  }

  private func train(_ shop: Workshop, _ kind: ModelKind) throws {
    try shop.made(
      "train", "tiny.yaml", "--model", kind.rawValue, "--steps", "2", "--set",
      "network.conditional=true", "--set", "monitoring.preview_count=4")
  }
}
