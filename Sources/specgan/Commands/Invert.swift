import ArgumentParser
import Datasets
import Files
import Spectra
import Training
import Waveforms
import Workers

struct Invert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn spectrograms back into sound.",
    discussion: """
      Takes caches; safetensors files with magnitude, [frames, 129] and linear, or with spectrograms,
      [n, 128, 128] and normalised, with mean and deviation beside them or in --moments; and sounds,
      whose phases are thrown away, so that one can hear what inversion alone costs.

      Example: specgan invert drums/kick.wav --output inverted --pictures
      """)

  @Argument(help: "Caches, safetensors files or sounds.")
  var files: [String]

  @Option(help: "The folder to write to.")
  var output: String

  @Option(
    help: "A safetensors file with mean and deviation, such as a cache's moments.safetensors.")
  var moments: String?

  @Option(help: "The configuration, of which spectrogram and inversion are used.")
  var config: String?

  @Option(help: "What the first phases depend on.")
  var seed: UInt64 = 0

  @Option(help: "pcm16 or float.")
  var format = SampleFormat.pcm16

  @Flag(help: "Write a picture of each spectrogram: what was given, and what the sound has.")
  var pictures = false

  @OptionGroup var inversion: InversionOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var results: OutputOptions

  func run() throws {
    let configuration = try config.map { try Configuration(path: $0) } ?? Configuration()
    let inputs = try files.map {
      try InversionInput(path: $0, momentsPath: moments, configuration)
    }
    try checkStems(inputs)
    let workers = Workers(count: threads.threads)
    var writer = try SoundWriter(
      folder: output, format: format, withPictures: pictures,
      spectrogram: configuration.spectrogram)
    var convergences: [Double] = []
    for input in inputs {
      let inverter = try Inverter(
        spectrogram: input.spectrogram,
        inversion: inversion.applied(to: configuration.inversion), seed: seed)
      for first in stride(from: 0, to: input.count, by: Self.batchSize) {
        let batch = try (first..<min(first + Self.batchSize, input.count)).map(input.magnitude)
        let sounds = inverter.invert(
          batch, length: input.length, firstClip: UInt32(first), on: workers)
        for (place, (wanted, sound)) in zip(batch, sounds).enumerated() {
          let samples = try sound.get()
          convergences.append(
            try spectralConvergence(of: samples, to: wanted, configuration: input.spectrogram))
          try writer.write(
            Waveform(samples: samples, channels: 1, sampleRate: input.sampleRate),
            wanted: wanted, stem: input.stem(first + place))
        }
      }
    }
    try writer.finish()
    try report(writer, convergences)
  }

  /// Sounds inverted at once; memory does not grow beyond them.
  private static let batchSize = 64

  private func checkStems(_ inputs: [InversionInput]) throws {
    var paths: [String: String] = [:]
    for input in inputs {
      if let other = paths.updateValue(input.path, forKey: input.stem) {
        throw CommandError.equalStems(
          first: other, second: input.path, output: "\(output)/\(input.stem).wav")
      }
    }
  }

  private func report(_ writer: SoundWriter, _ convergences: [Double]) throws {
    let mean = convergences.reduce(0, +) / Double(max(convergences.count, 1))
    Console.message(
      "\(writer.summary) Mean spectral convergence \(mean.rounded(to: 1)) dB.")
    guard results.json else { return }
    try Console.json(
      Report(
        output: output, count: writer.soundCount, clipped_samples: writer.clippedSamples,
        spectral_convergence_db: convergences.map { $0.isFinite ? $0 : nil }))
  }

  private struct Report: Encodable {
    let output: String
    let count, clipped_samples: Int
    /// Nil where it is exact, which has no finite number of decibels.
    let spectral_convergence_db: [Double?]
  }
}
