import Foundation
import SpecGANTestSupport
import Testing

/// A package outside the repository: the examples, and a program for each product.
@Suite(.slow) struct OwnPackageTests {
  @Test(.timeLimit(.minutes(30))) func theLibrariesAreOfUseToAnotherPackage() throws {
    try withTemporaryFolder { folder in
      try copyExamples(to: folder)
      // Without optimization, which takes half of the time, and which users of debug builds have.
      let build = [
        "build", "-c", "release", "-Xswiftc", "-Onone", "--package-path", ".", "--scratch-path",
        "build",
      ]
      let built = try RunningProgram(
        "/usr/bin/env", ["swift"] + build, in: folder, patience: .seconds(1500)
      ).wait()
      try #require(built.status == 0, "\(built.output)\(built.messages)")
      try aSpectrogramBecomesAPictureAndAudio(in: folder)
      try aNetworkLearns(in: folder)
      try aRunGivesNewSounds(in: folder)
      try ownProgramsWork(in: folder)
      for program in Self.programs { try linksNothingElse(program, in: folder) }
    }
  }

  // MARK: - The examples

  private func aSpectrogramBecomesAPictureAndAudio(in folder: TemporaryFolder) throws {
    let clip = Fixtures.repository + "/Fixtures/audio/drums/kick/bd_808.wav"
    let output = try run("picture", [clip, "kick.png", "kick.wav"], in: folder)
    #expect(output.contains("frames of 129 bins"), "\(output)")
    #expect(try folder.bytes(of: "kick.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(try folder.bytes(of: "kick.wav").count > 1_000)
  }

  private func aNetworkLearns(in folder: TemporaryFolder) throws {
    let output = try run("network", [], in: folder)
    #expect(output.hasSuffix("256 of 256 points are right\n"), "\(output)")
  }

  /// A run of `Run.train`, with a dataset of `Dataset`, generates the same clips as the program.
  private func aRunGivesNewSounds(in folder: TemporaryFolder) throws {
    let audio = Fixtures.repository + "/Fixtures/audio/drums/kick"
    let words = "stopped at step 2\noccupied\nstarted with its weights: step 1\n"
    #expect(try run("train", [audio], in: folder) == words)
    let output = try run("sounds", ["run", "3", "new"], in: folder)
    #expect(output.hasPrefix("specgan after 2 steps\n3 clips of 16384 frames"), "\(output)")
    let generate = ["generate", "run", "--output", "same", "--count", "3", "--seed", "7"]
    let program = try RunningProgram(Program.path, generate, in: folder).wait()
    #expect(program.status == 0, "\(program.messages)")
    for index in 0..<3 {
      #expect(try folder.bytes(of: "new/\(index).wav") == folder.bytes(of: "same/0000\(index).wav"))
    }
  }

  private func ownProgramsWork(in folder: TemporaryFolder) throws {
    #expect(try run("peak", [], in: folder) == "128 frames of 129 bins, peak in bin 32\n")
    #expect(try run("rate", [], in: folder) == "badSetting: use 1 to 1000000000 Hz.\n")
    #expect(try run("store", [], in: folder) == "[1.0, 2.0]\n")
    #expect(try run("scores", [], in: folder) == "0.0 1.0\n")
  }

  // MARK: - What they link

  /// A program of a package, and the C libraries that its product needs.
  private struct Linked {
    let name: String
    let libraries: Set<String>
    /// Whether the program may need only the C library and the dependencies of Swift itself.
    var isAlone = false
  }

  private static let programs = [
    Linked(name: "network", libraries: [], isAlone: true),
    Linked(name: "scores", libraries: [], isAlone: true),
    Linked(name: "store", libraries: ["libz"], isAlone: true),
    Linked(name: "peak", libraries: ["libfftw3f"], isAlone: true),
    Linked(name: "rate", libraries: ["libsndfile", "libsoxr", "libz"]),
    Linked(
      name: "sounds", libraries: ["libfftw3f", "libpng16", "libsndfile", "libsoxr", "libz"]),
  ]

  private func linksNothingElse(_ program: Linked, in folder: TemporaryFolder) throws {
    let path = folder.path("build/release/\(program.name)")
    let listing = try RunningProgram("/usr/bin/env", ["ldd", path], in: folder).wait()
    let names = Set(
      listing.output.split(separator: "\n").compactMap { line in
        line.split(whereSeparator: { " \t".contains($0) }).first
          .map { String($0.split(separator: "/").last ?? $0) }?.prefix { $0 != "." }
      }.map(String.init))
    let ours: Set = ["libz", "libsndfile", "libsoxr", "libfftw3f", "libpng16", "libdnnl"]
    #expect(names.intersection(ours) == program.libraries, "\(program.name)")
    guard program.isAlone else { return }
    let others = names.subtracting(ours).filter { name in
      !Self.system.contains(name) && !name.contains("wift") && !name.contains("oundation")
    }
    #expect(others.isEmpty, "\(program.name)")
  }

  /// The C library and its parts, and the dependencies of Swift's own libraries.
  private static let system: Set = [
    "linux-vdso", "ld-linux-x86-64", "libc", "libm", "libgcc_s", "libstdc++", "libdispatch",
    "libBlocksRuntime", "libpthread", "libdl", "librt", "libutil",
  ]

  // MARK: - The package

  private func run(
    _ program: String, _ arguments: [String], in folder: TemporaryFolder
  ) throws -> String {
    let path = folder.path("build/release/\(program)")
    let result = try RunningProgram(path, arguments, in: folder).wait()
    #expect(result.status == 0, "\(program): \(result.messages)")
    return result.output
  }

  /// The package of the examples, with the programs of this test.
  private func copyExamples(to folder: TemporaryFolder) throws {
    let examples = Fixtures.repository + "/tools/examples"
    try FileManager.default.copyItem(
      atPath: examples + "/Sources", toPath: folder.path("Sources"))
    var manifest = try String(contentsOfFile: examples + "/Package.swift", encoding: .utf8)
    manifest = manifest.replacing("\"../..\"", with: "\"\(Fixtures.repository)\"")
    let targets = Self.sources.map { "example(\"\($0.name)\", product: \"\($0.product)\")," }
    manifest = manifest.replacing(
      "targets: [", with: "targets: [\n" + targets.joined(separator: "\n"))
    try folder.write(Array(manifest.utf8), as: "Package.swift")
    for source in Self.sources {
      let sources = folder.path("Sources/\(source.name)")
      try FileManager.default.createDirectory(atPath: sources, withIntermediateDirectories: true)
      try folder.write(Array(source.text.utf8), as: "Sources/\(source.name)/main.swift")
    }
  }

  private static let sources = [
    (name: "peak", product: "Spectra", text: peak),
    (name: "rate", product: "Waveforms", text: rate),
    (name: "store", product: "Safetensors", text: store),
    (name: "scores", product: "Scores", text: scores),
    (name: "train", product: "SpecGAN", text: train),
  ]

  /// A sine of 2 kHz at 16 kHz: a quarter of the way to Nyquist's bin 128.
  private static let peak = """
    import Foundation
    import Spectra

    let sine = (0..<16_384).map { Float(sin(2 * Double.pi * 2000 * Double($0) / 16_000)) }
    var stft = try STFT()
    let spectrogram = stft.magnitudes(of: sine)
    let frame = spectrogram.values[50 * spectrogram.binCount..<51 * spectrogram.binCount]
    let peak = frame.indices.max { frame[$0] < frame[$1] }! - frame.startIndex
    print(
      "\\(spectrogram.frameCount) frames of \\(spectrogram.binCount) bins, peak in bin \\(peak)")

    """

  /// Data that a caller passes throws, in release builds too.
  private static let rate = """
    import Waveforms

    do {
      _ = try Waveform(samples: [0], channels: 1, sampleRate: 16_000).resampled(to: 0)
    } catch {
      print("\\(error.kind): \\(error.advice!)")
    }

    """

  private static let store = """
    import Safetensors

    var contents = SafetensorsContents()
    contents.append("x", shape: [2], [Float(1), 2])
    try contents.write(to: "x.safetensors")
    print(try SafetensorsFile(path: "x.safetensors").floats("x"))

    """

  private static let scores = """
    import Scores

    let rows = try Features((0..<60).map { Float($0 * $0 % 17) }, dimension: 2)
    let distance = try FrechetReference(rows).distance(to: rows)
    print((distance * 1000).rounded(), try NeighborScores(of: rows, real: rows, threads: 2).precision)

    """

  private static let train = """
    import SpecGAN

    var settings = Settings.small
    for setting in [
      "network.dimension=2", "training.batch_size=4", "monitoring.preview_count=2",
      "monitoring.tensorboard=false", "monitoring.report=false",
    ] { try settings.set(setting) }
    let dataset = try Dataset(
      preprocessing: [CommandLine.arguments[1]], to: "cache", settings: settings)
    let run = try Run.train(from: dataset, at: "run", settings: settings, steps: 5) {
      $0.step == 2 ? .stop : .proceed
    }
    print("stopped at step \\(run.step)")
    do {
      try settings.set("audio.slice_length=8192")
      _ = try Dataset(
        preprocessing: [CommandLine.arguments[1]], to: "cache", settings: settings)
    } catch { print(error.kind) }
    let other = try Run.train(
      from: dataset, at: "other", settings: run.settings, startingWith: run, steps: 1)
    print("started with its weights: step \\(other.step)")

    """
}
