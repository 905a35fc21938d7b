import Foundation
import SpecGANTestSupport
import Testing

/// The exported generator in ONNX Runtime, compared with specgan.
@Suite struct ONNXRuntimeTests {
  @Test(
    .python(.onnx),
    arguments: [
      "model=specgan", "model=wavegan", "model=specgan specgan.kernel=1",
      "model=wavegan wavegan.kernel=1 wavegan.phase_shuffle=0",
      "model=wavegan audio.channels=2", "model=specgan specgan.frames=64 audio.slice_length=8192",
      "model=specgan network.upsampling=nearest network.generator_normalization=batch",
      "model=specgan network.upsampling=linear specgan.kernel=4",
      "model=specgan network.upsampling=cubic specgan.bins=64 spectrogram.frame_length=128 "
        + "spectrogram.frame_step=64 audio.slice_length=8192",
      "model=wavegan network.upsampling=cubic network.generator_normalization=batch",
      "model=specgan network.upsampling=low-pass specgan.kernel=3",
      "model=wavegan network.upsampling=low-pass network.downsampling=low-pass "
        + "audio.slice_length=32768",
      "model=wavegan audio.slice_length=65536 wavegan.kernel=24 wavegan.post_filter=512",
      "model=wavegan audio.slice_length=32768 network.upsampling=linear audio.channels=2 "
        + "wavegan.post_filter=6",
      "model=wavegan network.conditional=true",
      "model=specgan network.conditional=true network.generator_normalization=conditional "
        + "network.embedding=3 network.generator_spectral=true training.average_decay=0.5",
      "model=wavegan network.generator_normalization=conditional audio.slice_length=65536",
      "model=specgan network.generator=style-based network.noise_inputs=true network.style_dimension=9 "
        + "network.conditional=true network.embedding=3 training.style_mixing=0.5",
      "model=wavegan network.generator=style-based network.mapping_layers=2 "
        + "network.upsampling=nearest audio.slice_length=32768",
      // Five steps, which end in a blend, at a coarse level, and at the last one.
      "model=specgan network.growing=true training.planned_steps=15 training.growing_share=1 "
        + "network.conditional=true",
      "model=wavegan network.growing=true training.planned_steps=12 training.growing_share=1 "
        + "network.generator=style-based wavegan.post_filter=16",
      "model=specgan network.growing=true network.upsampling=low-pass training.planned_steps=1",
      "model=specgan network.attention=16 specgan.bins=64 spectrogram.frame_length=128 "
        + "spectrogram.frame_step=64 audio.slice_length=8192",
      "model=wavegan network.attention=128 audio.slice_length=32768",
      "model=specgan spectrogram.subtract_floor=true spectrogram.headroom=2 "
        + "spectrogram.log_floor=0.01 spectrogram.clip_deviations=60",
      "model=specgan specgan.frames=64 spectrogram.frame_length=512 spectrogram.frame_step=256 "
        + "spectrogram.merged_bins=3 spectrogram.first_merged_bin=64",
      "model=specgan specgan.frames=64 spectrogram.frame_length=512 spectrogram.frame_step=256 "
        + "spectrogram.merged_bins=3 spectrogram.first_merged_bin=64 audio.channels=2",
      "model=specgan audio.channels=2",
      "model=specgan audio.channels=2 spectrogram.subtract_floor=true spectrogram.headroom=2 "
        + "spectrogram.log_floor=0.01 spectrogram.clip_deviations=90",
    ])
  func theSameLatentsGiveTheSameSamples(_ settings: String) throws {
    let python = try #require(ReferencePython.onnx.path)
    try withTemporaryFolder { folder in
      // Steps so large that the network's output differs clearly from zero.
      let configuration = """
        network: {dimension: 2, latent: 7}
        training: {batch_size: 2, critic_updates: 1, learning_rate: 0.01}
        monitoring: {preview_count: 0, tensorboard: false, report: false}

        """
      try folder.write(Array(configuration.utf8), as: "tiny.yaml")
      // Labels are the folders below the one that is preprocessed.
      let isConditional = settings.contains("network.conditional")
      let sounds = Fixtures.path("audio/digits" + (isConditional ? "" : "/one"))
      let set = settings.split(separator: " ").flatMap { ["--set", String($0)] }
      // Relatives of clip 0 have its noise inputs, which are those of the model.
      let relatives = ["vary", "run", "0", "--output", "relatives", "--distances", "1"]
      for command in [
        ["preprocess", sounds, "--output", "cache", "--config", "tiny.yaml"] + set,
        ["train", "tiny.yaml", "--steps", "5"] + set,
        relatives,
        [
          "generate", "run", "--latents", "relatives/latents.safetensors", "--output", "new",
          "--raw", "raw.safetensors",
        ],
        ["export", "run", "--output", "generator.onnx"],
      ] {
        let result = try Program.run(command, in: folder)
        #expect(result.status == 0, "\(command): \(result.messages)")
      }
      let script = "\(Fixtures.repository)/tools/reference/onnx_model.py"
      var files = ["generator.onnx", "new/latents.safetensors", "raw.safetensors"]
      if settings.contains("headroom") { files += ["cache/moments.safetensors", "0.01", "2"] }
      let result = try RunningProgram(python, [script] + files, in: folder).wait()
      #expect(result.status == 0, "\(settings): \(result.messages)")
      #expect(result.output.hasPrefix("3 samples differ by "), "\(result.output)")
    }
  }
}
