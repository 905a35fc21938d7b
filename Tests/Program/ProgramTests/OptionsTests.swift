import Foundation
import Safetensors
import SpecGANTestSupport
import Testing

/// Networks and training options other than the paper's, from audio to new clips.
@Suite(.training) struct OptionsTests {
  /// Settings in addition to the tiny ones, and the shape of a sample with them.
  struct Variant: Sendable, CustomTestStringConvertible {
    let settings: [String]
    let sample: [Int]

    var testDescription: String { settings.joined(separator: " ") }
  }

  @Test(arguments: [
    Variant(
      settings: ["model=wavegan", "audio.slice_length=32768", "audio.channels=2"],
      sample: [32_768, 2]),
    Variant(settings: ["model=wavegan", "audio.slice_length=65536"], sample: [65_536, 1]),
    Variant(
      settings: [
        "model=wavegan", "network.upsampling=nearest", "wavegan.post_filter=512",
        "audio.channels=3",
      ], sample: [16_384, 3]),
    Variant(
      settings: ["model=wavegan", "network.upsampling=cubic", "wavegan.kernel=24"],
      sample: [16_384, 1]),
    Variant(
      settings: ["network.upsampling=linear", "specgan.kernel=4"], sample: [128, 128, 1]),
    Variant(
      settings: [
        "network.upsampling=low-pass", "network.downsampling=low-pass", "specgan.kernel=3",
      ],
      sample: [128, 128, 1]),
    Variant(
      settings: [
        "model=wavegan", "network.downsampling=low-pass", "audio.slice_length=32768",
        "network.attention=32",
      ], sample: [32_768, 1]),
    Variant(
      settings: [
        "network.conditional=true", "network.generator_normalization=conditional",
        "network.embedding=3", "network.generator_spectral=true",
        "network.critic_normalization=spectral", "network.projection=separate",
        "network.initial_weights=orthogonal", "training.loss=hinge", "training.average_decay=0.9",
      ], sample: [128, 128, 1]),
    Variant(
      settings: ["model=wavegan", "network.generator_spectral=true"], sample: [16_384, 1]),
    Variant(
      settings: [
        "network.generator=style-based", "network.conditional=true", "network.noise_inputs=true",
        "training.style_mixing=0.9", "training.average_decay=0.9", "training.augmentation=fixed",
      ], sample: [128, 128, 1]),
    Variant(
      settings: [
        "model=wavegan", "network.generator=style-based", "network.upsampling=low-pass",
        "network.attention=64", "audio.channels=2",
      ], sample: [16_384, 2]),
    Variant(
      settings: [
        "model=wavegan", "training.loss=wgan", "training.clip_value=0.1",
        "training.augmentation=adaptive",
      ] + batchNormalization,
      sample: [16_384, 1]),
    Variant(
      settings: ["training.loss=lsgan", "training.average_decay=0.9"] + batchNormalization,
      sample: [128, 128, 1]),
    Variant(
      settings: [
        "model=wavegan", "training.loss=dcgan", "network.critic_normalization=spectral",
        "network.phase_shuffle_per=example", "training.average_decay=0.9",
        "training.learning_rate_decay=linear", "training.planned_steps=2",
      ], sample: [16_384, 1]),
    Variant(
      settings: [
        "training.drift_weight=0.001", "network.critic_normalization=spectral",
        "training.optimizer=rmsprop", "training.critic_learning_rate=3e-4",
        "training.learning_rate_decay=cosine", "training.decay_to=0.1",
        "training.planned_steps=3",
        "network.upsampling=nearest",
      ], sample: [128, 128, 1]),
    Variant(
      settings: [
        "specgan.phase_shuffle=1", "network.phase_shuffle_per=example", "network.latent=3",
        "training.learning_rate_decay=exponential", "training.planned_steps=5",
        "audio.normalize=true", "training.beta1=0",
      ], sample: [128, 128, 1]),
    Variant(
      settings: [
        "training.loss=rpgan", "training.penalty_interval=2", "training.augmentation=adaptive",
        "spectrogram.log_floor=1e-2",
        "spectrogram.normalization=range", "spectrogram.subtract_floor=true",
        "spectrogram.headroom=3",
      ], sample: [128, 128, 1]),
    Variant(
      settings: [
        "network.growing=true", "training.growing_share=1", "training.planned_steps=6",
        "training.augmentation=fixed", "network.attention=16",
      ], sample: [128, 128, 1]),
    Variant(
      settings: [
        "model=wavegan", "training.loss=hinge", "training.gradient_weight=0.1",
        "network.critic_normalization=spectral", "training.augmentation=fixed",
        "wavegan.real_noise=-60",
      ], sample: [16_384, 1]),
  ])
  func otherOptionsTrainResumeAndSound(_ variant: Variant) throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt", "two/flite_slt"])
      try shop.write(
        """
        network: {dimension: 1}
        training: {batch_size: 2, critic_updates: 1}
        monitoring: {preview_count: 2}

        """, as: "variant.yaml")
      let settings = variant.settings.flatMap { ["--set", $0] }
      func train(_ arguments: String...) throws {
        let result = try shop.run(["train", "variant.yaml"] + arguments + settings)
        #expect(result.status == 0, "\(result.messages)")
      }
      try shop.remove("cache")
      let cache = ["--output", "cache", "--config", "variant.yaml"]
      let result = try shop.run(["preprocess", "sounds"] + cache + settings)
      #expect(result.status == 0, "\(result.messages)")
      try train("--steps", "2")
      let whole = try folder.bytes(of: "run/checkpoints/step-00000002.safetensors")
      try shop.remove("run")
      try train("--steps", "1")
      try train("--steps", "2", "--resume")
      #expect(try folder.bytes(of: "run/checkpoints/step-00000002.safetensors") == whole)
      try expectSounds(shop, variant.sample)
    }
  }

  private static let batchNormalization = [
    "network.generator_normalization=batch", "network.critic_normalization=batch",
  ]

  /// Expects clips of the sample's shape, which are equal in previews and in `generate`, and which
  /// the critic accepts.
  private func expectSounds(_ shop: Workshop, _ sample: [Int]) throws {
    let folder = shop.folder
    try shop.made(
      "generate", "run", "--output", "new", "--count", "2", "--pictures", "--raw",
      "new/raw.safetensors")
    let raw = try SafetensorsFile(path: folder.path("new/raw.safetensors"))
    #expect(raw.entry("samples")?.shape == [2] + sample)
    // Clips of a conditional run have names with their label.
    func file(_ kind: String, in folder: String, _ number: String) throws -> String {
      let names = try shop.names(in: folder)
      let name = names.first { $0.hasPrefix(number) && $0.hasSuffix(kind) }
      return "\(folder)/\(try #require(name))"
    }
    let wav = try WAVFile(folder.bytes(of: file(".wav", in: "new", "00001")))
    let isWave = sample.count == 2
    #expect(wav.channels == (isWave ? sample[1] : 1))
    #expect(wav.samples.count == (isWave ? sample[0] * sample[1] : 16_384))
    for name in ["wav", "png"] {
      #expect(
        try folder.bytes(of: file(".\(name)", in: "run/previews/step-00000002", "01"))
          == folder.bytes(of: file(".\(name)", in: "new", "00001")))
    }
    let first = try file(".wav", in: "new", "00000")
    // Without a label, a clip of a conditional run has no score; see LabelsTests.
    if first.hasSuffix("-one.wav") { return }
    try shop.made("score", "run", first, "--output", "sounds.safetensors")
    try shop.made("score", "run", "new/raw.safetensors", "--output", "scores.safetensors")
    let scores = try SafetensorsFile(path: folder.path("scores.safetensors"))
    #expect(scores.entry("values")?.shape == [2])
    #expect(scores.entry("gradient_norms")?.shape == [2])
  }

  /// The commands that training suggests can be pasted into a shell.
  @Test(.training) func suggestedCommandsAreQuoted() throws {
    try withWorkshop { shop in
      let messages = try shop.made("train", "tiny.yaml", "--steps", "1", "--run", "my run//")
        .messages
      #expect(messages.contains("specgan generate 'my run' --output new-sounds"), "\(messages)")
      #expect(messages.contains("specgan train 'my run/configuration.yaml' --resume"))
      #expect(messages.contains("specgan studio 'my run'\n"))
      #expect(!messages.contains("specgan kit"), "the run has no labels")
    }
  }
}
