import Foundation
import Models
import Tensors
import TestSupport
import Testing

/// Checkpoints of the published code become ours and ours become theirs; PyTorch makes our sounds.
@Suite(.serialized) struct BridgesTests {
  /// How far outputs of two programs may be apart: float32 sums of some thousand products of numbers below 1.
  private static let tolerance: Float = 1e-5
  private static let converter = "\(Fixtures.repository)/tools/convert-tensorflow"
  private static let pythonOfConverter = "\(Fixtures.repository)/.build/bridges/bin/python"
  private static let isTensorFlowWanted =
    OutsideTools.mustAllRun || FileManager.default.fileExists(atPath: pythonOfConverter)
  private static let pytorch = ReferencePython.path("pytorch-requirements")

  @Test(
    .enabled(
      if: isTensorFlowWanted, "it needs TensorFlow; tools/convert-tensorflow --help gets it"),
    arguments: ModelKind.allCases)
  func aCheckpointOfTensorFlowGivesTheSameHereAndBack(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      try run(Self.converter, ["--help"], in: folder)
      try run(Self.pythonOfConverter, [oracle, "write", kind.rawValue, "train"], in: folder)
      let moments = kind == .specgan ? ["--moments", "train/moments.pkl"] : []
      try run(
        Self.converter, ["import", "train", "--output", "ours.safetensors"] + moments, in: folder)
      try run(
        Program.path,
        [
          "generate", "ours.safetensors", "--output", "new", "--latents",
          "train/outputs.safetensors",
        ]
          + ["--raw", "raw.safetensors"], in: folder)
      try run(
        Program.path,
        [
          "score", "ours.safetensors", "train/outputs.safetensors", "--output", "score.safetensors",
        ],
        in: folder)
      let wanted = try SafetensorsFile(path: folder.path("train/outputs.safetensors"))
      let raw = try SafetensorsFile(path: folder.path("raw.safetensors"))
      let score = try SafetensorsFile(path: folder.path("score.safetensors"))
      try expectClose(raw.floats("samples"), wanted.floats("generated"))
      try expectClose(score.floats("values"), wanted.floats("values"))
      try expectClose(score.floats("gradient_norms"), wanted.floats("gradient_norms"))

      try run(Self.converter, ["export", "ours.safetensors", "--output", "back"], in: folder)
      try run(
        Self.pythonOfConverter,
        [oracle, "check", kind.rawValue, "back", "train/outputs.safetensors"], in: folder)
    }
  }

  @Test(
    .enabled(if: isTensorFlowWanted, "it needs TensorFlow; tools/convert-tensorflow --help gets it")
  )
  func anImportedRunGoesOn() throws {
    try withWorkshop { shop in
      try run(Self.converter, ["--help"], in: shop.folder)
      try run(Self.pythonOfConverter, [oracle, "write", "wavegan", "train"], in: shop.folder)
      let checkpoint = "run/checkpoints/step-00000002.safetensors"
      try run(
        Self.converter, ["import", "train", "--output", checkpoint, "--cache", "other"],
        in: shop.folder, status: 66)
      try shop.write(
        """
        model: wavegan
        audio: {normalize: true}
        network: {dimension: 2, latent: 7}
        training: {batch_size: 3}
        monitoring: {preview_count: 0}
        """, as: "theirs.yaml")
      try shop.made("preprocess", "sounds", "--output", "theirs", "--config", "theirs.yaml")
      try run(
        Self.converter, ["import", "train", "--output", checkpoint, "--cache", "theirs"],
        in: shop.folder)
      try shop.made(
        "train", "theirs.yaml", "--cache", "theirs", "--run", "run", "--resume", "--steps", "3")
      #expect(try shop.json("info", "run")["checkpoints"] as? [Int] == [2, 3])
    }
  }

  @Test(
    .enabled(
      if: OutsideTools.mustAllRun || pytorch != nil, "it needs Python with venv and the network"),
    arguments: ModelKind.allCases)
  func pyTorchMakesTheSameSamples(_ kind: ModelKind) throws {
    let python = try #require(Self.pytorch)
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--model", kind.rawValue, "--steps", "1")
      try shop.made(
        "generate", "run", "--output", "new", "--count", "3", "--raw", "raw.safetensors")
      let checkpoint = "run/checkpoints/step-00000001.safetensors"
      let script = "\(Fixtures.repository)/tools/load_in_pytorch.py"
      let files = ["--latents", "new/latents.safetensors", "--output", "pytorch"]
      try run(
        python, [script, checkpoint] + files + ["--compare", "raw.safetensors"], in: shop.folder)
      try shop.made("generate", "run", "--output", "other", "--seed", "1", "--count", "3")
      try run(
        python,
        [script, checkpoint, "--latents", "other/latents.safetensors", "--output", "pytorch"]
          + ["--compare", "raw.safetensors"], in: shop.folder, status: 1)
      if kind == .specgan {
        try shop.made("invert", "pytorch/spectrograms.safetensors", "--output", "w")
      }
      let sounds = try shop.names(in: kind == .specgan ? "w" : "pytorch")
      #expect(sounds.count { $0.hasSuffix(".wav") } == 3)
    }
  }

  private var oracle: String { "\(Fixtures.repository)/tools/reference/tensorflow_checkpoint.py" }

  private func run(
    _ program: String, _ arguments: [String], in folder: TemporaryFolder, status: Int32 = 0
  ) throws {
    let quiet = ["TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"]
    let result = try RunningProgram(program, arguments, in: folder, environment: quiet).wait()
    #expect(result.status == status, "\(arguments): \(result.output)\(result.messages)")
  }

  private func expectClose(
    _ found: [Float], _ wanted: [Float], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == wanted.count, sourceLocation: sourceLocation)
    let largest = zip(found, wanted).map { abs($0 - $1) }.max() ?? .infinity
    #expect(largest <= Self.tolerance, sourceLocation: sourceLocation)
    #expect((wanted.map(abs).max() ?? 0) > 100 * Self.tolerance, sourceLocation: sourceLocation)
  }
}
