import Foundation
import TestSupport
import Testing

/// The exported generator in ONNX Runtime against our own.
@Suite struct ONNXRuntimeTests {
  private static let python = ReferencePython.path("onnx-requirements")

  @Test(
    .enabled(
      if: OutsideTools.mustAllRun || python != nil,
      "it needs Python with venv (apt-get install python3-venv) and the network"),
    arguments: [
      "model: specgan", "model: wavegan", "model: specgan\nspecgan: {kernel: 1}",
      "model: wavegan\nwavegan: {kernel: 1, phase_shuffle: 0}",
      "model: wavegan\naudio: {channels: 2}",
      "model: specgan\nspecgan: {frames: 64}\naudio: {slice_length: 8192}",
    ])
  func theSameLatentsGiveTheSameSamples(_ settings: String) throws {
    let python = try #require(Self.python)
    try withTemporaryFolder { folder in
      // Steps so large that what the network gives is far from zero.
      let extra = """

        network: {dimension: 2, latent: 7}
        training: {batch_size: 2, critic_updates: 1, learning_rate: 0.01}
        monitoring: {preview_count: 0, tensorboard: false, report: false}

        """
      try folder.write(Array((settings + extra).utf8), as: "tiny.yaml")
      let sounds = Fixtures.path("audio/digits/one")
      for command in [
        ["preprocess", sounds, "--output", "cache", "--config", "tiny.yaml"],
        ["train", "tiny.yaml", "--steps", "5"],
        ["generate", "run", "--output", "new", "--count", "3", "--raw", "raw.safetensors"],
        ["export", "run", "--output", "generator.onnx"],
      ] {
        let result = try Program.run(command, in: folder)
        #expect(result.status == 0, "\(command): \(result.messages)")
      }
      let script = "\(Fixtures.repository)/tools/reference/onnx_model.py"
      let files = ["generator.onnx", "new/latents.safetensors", "raw.safetensors"]
      let result = try RunningProgram(python, [script] + files, in: folder).wait()
      #expect(result.status == 0, "\(settings): \(result.messages)")
      #expect(result.output.hasPrefix("3 samples differ by "), "\(result.output)")
    }
  }
}
