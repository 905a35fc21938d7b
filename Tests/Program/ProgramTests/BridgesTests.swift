import Foundation
import Safetensors
import SpecGANModels
import SpecGANTestSupport
import Testing

/// Checkpoints are converted from the reference to specgan and back; PyTorch generates the same
/// clips.
@Suite(.serialized) struct BridgesTests {
  /// The tolerance between outputs of two programs, relative to the largest: float32 sums of some
  /// thousand products.
  private static let tolerance: Float = 1e-5
  /// Less than the values of critics whose weights and scales are clipped at 0.01, and much more
  /// than the smallest float32.
  private static let smallest: Float = 1e-20
  private static let converter = "\(Fixtures.repository)/tools/bridges/convert-tensorflow"
  private static let loader = "\(Fixtures.repository)/tools/bridges/load_in_pytorch.py"

  /// In one process, which also tests what is refused, because TensorFlow takes seconds to start.
  @Test(.python(.tensorFlow))
  func checkpointsOfTensorFlowGiveTheSameHereAndBack() throws {
    let python = try #require(ReferencePython.tensorFlow.path)
    try withTemporaryFolder { folder in
      try run(python, [reference("tensorflow_bridge.py"), "."], in: folder)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(".")).filter {
        FileManager.default.fileExists(atPath: folder.path("\($0)/ours.safetensors"))
      }
      #expect(names.count == 9)
      for name in names { try compareOutputs(name, in: folder) }
    }
  }

  /// Compares the program's outputs of `name/ours.safetensors` with TensorFlow's
  /// `name/outputs.safetensors`.
  private func compareOutputs(_ name: String, in folder: TemporaryFolder) throws {
    let (ours, outputs) = ("\(name)/ours.safetensors", "\(name)/outputs.safetensors")
    try run(
      Program.path,
      [
        "generate", ours, "--output", "new", "--latents", outputs, "--raw", "raw.safetensors",
        "--replace",
      ],
      in: folder)
    try run(
      Program.path, ["score", ours, outputs, "--output", "score.safetensors", "--replace"],
      in: folder)
    let wanted = try SafetensorsFile(path: folder.path(outputs))
    let raw = try SafetensorsFile(path: folder.path("raw.safetensors"))
    let score = try SafetensorsFile(path: folder.path("score.safetensors"))
    try expectClose(raw.floats("samples"), wanted.floats("generated"), name)
    for values in ["values", "gradient_norms"] {
      try expectClose(score.floats(values), wanted.floats(values), "\(values) of \(name)")
    }
  }

  private static let variants = [
    (
      name: "wavegan",
      configuration: """
      model: wavegan
      network: {dimension: 2, latent: 7}
      wavegan: {phase_shuffle: 0}
      training: {batch_size: 3, critic_updates: 2}
      """
    ),
    (
      name: "specgan-nearest",
      configuration: """
      network: {dimension: 1, latent: 7, upsampling: nearest, generator_normalization: batch,
        critic_normalization: batch}
      training: {loss: lsgan, batch_size: 3, critic_updates: 2}
      """
    ),
  ]

  @Test(.python(.tensorFlow)) func anImportedRunGoesOnHereAndThere() throws {
    let python = try #require(ReferencePython.tensorFlow.path)
    try withWorkshop { shop in
      let oracle = reference("tensorflow_checkpoint.py")
      let names = Self.variants.map(\.name)
      try run(python, [oracle, "write", "theirs"] + names, in: shop.folder)
      for (name, configuration) in Self.variants {
        try trainImported(name, configuration, in: shop)
      }
      let output = try run(python, [oracle, "train", "theirs"] + names, in: shop.folder)
      #expect(output == names.map { "\($0): goes on from step 3 to 5\n" }.joined())
    }
  }

  /// Imports `theirs/name`, trains for a step and exports the run to `theirs/name/back`.
  private func trainImported(
    _ name: String, _ configuration: String, in shop: Workshop
  ) throws {
    let (run, cache) = ("run-\(name)", "cache-\(name)")
    let checkpoint = "\(run)/checkpoints/step-00000002.safetensors"
    let moments = name == "wavegan" ? [] : ["--moments", "theirs/\(name)/moments.pkl"]
    let importing = ["import", "theirs/\(name)", "--output", checkpoint, "--cache", cache]
    let rest = """

      audio: {normalize: true}
      monitoring: {preview_count: 0}

      """
    try shop.write(configuration + rest, as: "theirs.yaml")
    try shop.made("preprocess", "sounds", "--output", cache, "--config", "theirs.yaml")
    try self.run(Self.converter, importing + moments, in: shop.folder)
    try shop.made(
      "train", "theirs.yaml", "--cache", cache, "--run", run, "--resume", "--steps", "3")
    #expect(try shop.json("info", run)["checkpoints"] as? [Int] == [2, 3])
    try self.run(
      Self.converter, ["export", run, "--output", "theirs/\(name)/back"], in: shop.folder)
  }

  @Test(
    .python(.pyTorch),
    arguments: ModelKind.allCases)
  func pyTorchMakesTheSameSamples(_ kind: ModelKind) throws {
    let python = try #require(ReferencePython.pyTorch.path)
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--model", kind.rawValue, "--steps", "1")
      try shop.made(
        "generate", "run", "--output", "new", "--count", "3", "--raw", "raw.safetensors")
      let checkpoint = "run/checkpoints/step-00000001.safetensors"
      let files = ["--latents", "new/latents.safetensors", "--output", "pytorch"]
      try run(
        python, [Self.loader, checkpoint] + files + ["--compare", "raw.safetensors"],
        in: shop.folder)
      try shop.made("generate", "run", "--output", "other", "--seed", "1", "--count", "3")
      try run(
        python,
        [Self.loader, checkpoint, "--latents", "other/latents.safetensors", "--output", "pytorch"]
          + ["--compare", "raw.safetensors"], in: shop.folder, status: 1)
      if kind == .specgan {
        try shop.made("invert", "pytorch/spectrograms.safetensors", "--output", "w")
      }
      let sounds = try shop.names(in: kind == .specgan ? "w" : "pytorch")
      #expect(sounds.count { $0.hasSuffix(".wav") } == 3)
    }
  }

  private static let options = [
    "network.upsampling=nearest network.generator_normalization=batch training.average_decay=0.5 "
      + "training.learning_rate=0.01",
    "network.upsampling=linear specgan.kernel=4 specgan.frames=64 audio.slice_length=8192",
    "model=wavegan network.upsampling=cubic network.generator_normalization=batch",
    "model=wavegan audio.slice_length=32768 wavegan.kernel=1 training.average_decay=0.5 "
      + "training.learning_rate=0.01",
    "model=wavegan audio.slice_length=65536 wavegan.kernel=24 wavegan.post_filter=512",
    "network.conditional=true training.learning_rate=0.01",
    "network.conditional=true network.generator_normalization=conditional network.embedding=3 "
      + "network.generator_spectral=true training.average_decay=0.5 training.learning_rate=0.01",
    "model=wavegan network.generator_normalization=conditional network.initial_weights=orthogonal",
    "network.attention=32 training.learning_rate=0.05",
    "network.generator=style-based network.noise_inputs=true network.conditional=true "
      + "network.embedding=3 training.learning_rate=0.01",
    "model=wavegan network.generator=style-based network.upsampling=nearest "
      + "training.average_decay=0.5 training.learning_rate=0.01",
    "model=wavegan network.attention=64 network.upsampling=nearest training.learning_rate=0.05",
    // Two steps, of which the second is a blend, and a coarse level.
    "network.growing=true network.attention=16 training.planned_steps=6 training.growing_share=1 "
      + "training.learning_rate=0.05",
    "model=wavegan network.growing=true network.generator=style-based network.noise_inputs=true "
      + "training.planned_steps=13 training.growing_share=0.99 audio.slice_length=32768 "
      + "training.learning_rate=0.01",
    "network.upsampling=low-pass network.downsampling=low-pass specgan.kernel=3 "
      + "training.learning_rate=0.01",
    "model=wavegan network.upsampling=low-pass audio.slice_length=32768 training.learning_rate=0.01",
  ]

  /// In one process, because PyTorch takes seconds to start.
  @Test(.python(.pyTorch)) func pyTorchMakesTheSameSamplesOfEveryOption() throws {
    let python = try #require(ReferencePython.pyTorch.path)
    try withWorkshop { shop in
      for (place, settings) in Self.options.enumerated() {
        let set = settings.split(separator: " ").flatMap { ["--set", String($0)] }
        let (cache, run) = ("cache-\(place)", "run-\(place)")
        for command in [
          ["preprocess", "sounds", "--output", cache, "--config", "tiny.yaml"] + set,
          ["train", "tiny.yaml", "--cache", cache, "--run", run, "--steps", "2"]
            + ["--set", "network.dimension=2"] + set,
          ["generate", run, "--output", "new-\(place)", "--count", "3"]
            + ["--raw", "raw-\(place).safetensors"],
        ] {
          let result = try shop.run(command)
          #expect(result.status == 0, "\(command): \(result.messages)")
        }
      }
      let loadAll = """
        import os, runpy, sys
        loader, count, failed = sys.argv[1], int(sys.argv[2]), []
        # As for a program that is run by its path.
        sys.path.insert(0, os.path.dirname(loader))
        for place in range(count):
            sys.argv = [
                loader, f"run-{place}/checkpoints/step-00000002.safetensors",
                "--latents", f"new-{place}/latents.safetensors", "--output", f"pytorch-{place}",
                "--compare", f"raw-{place}.safetensors"]
            try:
                runpy.run_path(loader, run_name="__main__")
            except SystemExit as exit:
                if exit.code:
                    failed.append(place)
        sys.exit(f"wrong: settings {failed}" if failed else 0)
        """
      try run(
        python, ["-c", loadAll, Self.loader, "\(Self.options.count)"], in: shop.folder)
    }
  }

  private func reference(_ program: String) -> String {
    "\(Fixtures.repository)/tools/reference/\(program)"
  }

  /// Runs `program`, which must exit with `status`, and returns its output.
  @discardableResult
  private func run(
    _ program: String, _ arguments: [String], in folder: TemporaryFolder, status: Int32 = 0
  ) throws -> String {
    let quiet = ["TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"]
    let result = try RunningProgram(program, arguments, in: folder, environment: quiet).wait()
    #expect(result.status == status, "\(arguments): \(result.output)\(result.messages)")
    return result.output
  }

  /// Expects equal values, relative to the largest.
  private func expectClose(
    _ found: [Float], _ wanted: [Float], _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == wanted.count, "\(name)", sourceLocation: sourceLocation)
    let error = zip(found, wanted).map { abs($0 - $1) }.max() ?? .infinity
    let largest = wanted.map(abs).max() ?? 0
    #expect(error <= Self.tolerance * largest, "\(name)", sourceLocation: sourceLocation)
    #expect(largest > Self.smallest, "\(name)", sourceLocation: sourceLocation)
  }
}
