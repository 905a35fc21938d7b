import Foundation
import Safetensors
import SpecGANTestSupport
import Testing

/// Networks for spectrograms of other sizes than the reference's.
@Suite(.training) struct PictureSizesTests {
  /// A slice's frames and its bins, as a configuration has them, and the same slice either way.
  struct Size: Sendable, CustomTestStringConvertible {
    let frames: Int
    let bins: Int
    let sliceLength: Int
    let frameStep: Int
    /// The number of neighboring bins that become one in the upper three quarters of the bins.
    var merged = 1

    var frameLength: Int { merged == 1 ? 2 * bins : 4 * bins }
    var testDescription: String { "\(frames) × \(bins)" }
  }

  @Test(arguments: [
    Size(frames: 256, bins: 128, sliceLength: 16_384, frameStep: 64),
    Size(frames: 256, bins: 256, sliceLength: 32_768, frameStep: 128),
    Size(frames: 64, bins: 128, sliceLength: 8_192, frameStep: 128),
    Size(frames: 32, bins: 32, sliceLength: 1_000, frameStep: 32),
    Size(frames: 64, bins: 128, sliceLength: 16_384, frameStep: 256, merged: 3),
  ])
  func otherSizesTrainResumeAndSound(_ size: Size) throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt", "two/flite_slt"])
      try shop.write(
        """
        audio: {slice_length: \(size.sliceLength)}
        spectrogram:
          frame_length: \(size.frameLength)
          frame_step: \(size.frameStep)
          merged_bins: \(size.merged)
          first_merged_bin: \(size.frameLength / 8)
        network: {dimension: 1}
        specgan: {frames: \(size.frames), bins: \(size.bins)}
        training: {batch_size: 2, critic_updates: 1}

        """, as: "sizes.yaml")
      try shop.remove("cache")
      try shop.made("preprocess", "sounds", "--output", "cache", "--config", "sizes.yaml")
      try shop.made("train", "sizes.yaml", "--steps", "2")
      let whole = try shop.folder.bytes(of: "run/checkpoints/step-00000002.safetensors")
      try shop.remove("run")
      try shop.made("train", "sizes.yaml", "--steps", "1")
      try shop.made("train", "sizes.yaml", "--steps", "2", "--resume")
      #expect(try shop.folder.bytes(of: "run/checkpoints/step-00000002.safetensors") == whole)
      try shop.made(
        "generate", "run", "--output", "new", "--count", "2", "--raw", "new/raw.safetensors")
      let raw = try SafetensorsFile(path: folder.path("new/raw.safetensors"))
      #expect(raw.entry("samples")?.shape == [2, size.frames, size.bins, 1])
      let wav = try WAVFile(folder.bytes(of: "new/00000.wav"))
      #expect(wav.samples.count == size.frames * size.frameStep)
      try shop.made("score", "run", "new/00000.wav", "--output", "scores.safetensors")
      // The clips of a file of samples are those that were generated with it.
      try shop.made(
        "invert", "new/raw.safetensors", "--moments", "cache/moments.safetensors",
        "--output", "again")
      #expect(
        try shop.folder.bytes(of: "again/raw-00000.wav") == shop.folder.bytes(of: "new/00000.wav"))
      try shop.made(
        "invert", "cache", "sounds/one/\(shop.names(in: "sounds/one")[0])", "--config",
        "sizes.yaml", "--output", "inverted")
    }
  }

  /// Mismatched settings are reported with matching ones, before training.
  @Test(arguments: [
    (
      ["specgan.frames=256"],
      "audio.slice_length is '16384'; use 32641 to 32768, for specgan.frames"
    ),
    (["specgan.bins=64"], "spectrogram.frame_length is '256'; use 128, for specgan.bins (=64)"),
    (
      ["spectrogram.merged_bins=2"],
      "spectrogram.merged_bins is '2'; use 1, or a number by which 128 bins, half of"
    ),
    (
      [
        "spectrogram.merged_bins=4", "spectrogram.frame_length=512",
        "spectrogram.first_merged_bin=56",
      ],
      "spectrogram.merged_bins is '4'; use 1, or a number by which 256 bins, half of"
    ),
    (
      [
        "spectrogram.merged_bins=3", "spectrogram.frame_length=512",
        "spectrogram.first_merged_bin=61",
      ],
      "spectrogram.first_merged_bin is '61'; use 64, for specgan.bins (=128)"
    ),
    (
      ["spectrogram.merged_bins=3"],
      "spectrogram.first_merged_bin is '0'; use a bin below 128 (half of spectrogram.frame_length), at "
        + "a distance from it that is a multiple of spectrogram.merged_bins (=3)"
    ),
    (["specgan.frames=100"], "use a power of two from 32 to 1024"),
    (
      ["specgan.frames=64", "audio.slice_length=8192", "specgan.phase_shuffle=4"],
      "specgan.phase_shuffle is '4'; use 0 to 3"
    ),
    (
      ["specgan.frames=64", "audio.slice_length=8192", "model=wavegan"],
      "audio.slice_length is '8192'; use 16384, 32768 or 65536, which wavegan needs"
    ),
  ])
  func sizesThatDoNotFitAreRefused(_ settings: [String], _ message: String) throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      let result = try shop.run(["train", "tiny.yaml"] + settings.flatMap { ["--set", $0] })
      #expect(result.status == 65)
      #expect(result.messages.contains(message), "\(result.messages)")
      #expect(try !shop.names(in: ".").contains("run"))
    }
  }
}
