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
      Takes caches; safetensors files with magnitude, [frames, 129] and linear, or with \
      spectrograms, [n, 128, 128] and normalised, with mean and deviation beside them or in \
      --moments; and sounds, whose phases are thrown away, so that one can hear what inversion \
      alone costs. What cannot be inverted is named with its reason, and the rest goes on.

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

  @Option(help: "How samples are stored.")
  var format = SampleFormat.pcm16

  @Flag(help: "Write a picture of each spectrogram: what was given, and what the sound has.")
  var pictures = false

  @OptionGroup var inversion: InversionOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var results: OutputOptions

  func run() throws {
    let configuration = try config.map { try Configuration(path: $0) } ?? Configuration()
    let failures = Failures()
    let inputs = try inputs(configuration, failures)
    let workers = Workers(count: threads.threads)
    var writer = try SoundWriter(folder: output, format: format, withPictures: pictures)
    var convergences: [Double] = []
    for input in inputs {
      let inverter = try Inverter(
        spectrogram: input.spectrogram,
        inversion: inversion.applied(to: configuration.inversion), seed: seed)
      try failures.collect {
        try input.forEachSound(by: inverter, on: workers) { number, wanted, sound in
          try failures.collect {
            convergences.append(try write(sound, wanted, of: input, number, by: &writer))
          }
        }
      }
    }
    try writer.finish()
    if writer.soundCount > 0 || failures.status == nil { try report(writer, convergences) }
    try failures.leave()
  }

  /// Those of the files that can be opened; if there are none, leaves.
  private func inputs(
    _ configuration: Configuration, _ failures: Failures
  ) throws -> [InversionInput] {
    var inputs: [InversionInput] = []
    for path in files {
      try failures.collect {
        inputs.append(try InversionInput(path: path, momentsPath: moments, configuration))
      }
    }
    if inputs.isEmpty { try failures.leave() }
    try checkOutputs(of: inputs)
    return inputs
  }

  /// Writes a sound and returns its spectral convergence.
  private func write(
    _ sound: Result<[Float], SpectraError>, _ wanted: MagnitudeSpectrogram,
    of input: InversionInput, _ number: Int, by writer: inout SoundWriter
  ) throws -> Double {
    let (samples, convergence) = try input.naming(number) {
      let samples = try sound.get()
      return (
        samples,
        try spectralConvergence(of: samples, to: wanted, configuration: input.spectrogram)
      )
    }
    try writer.write(
      Waveform(samples: samples, channels: 1, sampleRate: input.sampleRate),
      wanted: wanted, input.spectrogram, stem: input.stem(number))
    return convergence
  }

  /// Refuses outputs that would be written twice, or over an input.
  private func checkOutputs(of inputs: [InversionInput]) throws {
    var paths: [String: String] = [:]
    for input in inputs {
      for number in 0..<input.count {
        let sound = "\(output)/\(input.stem(number)).wav"
        if let other = paths.updateValue(input.path, forKey: sound) {
          throw CommandError.equalStems(first: other, second: input.path, output: sound)
        }
      }
    }
    for input in inputs {
      let sound = "\(output)/\(Folder.name(of: input.path))"
      if paths[sound] != nil && Folder.areSame(input.path, sound) {
        throw CommandError.overwritesInput(path: input.path)
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
        spectral_convergence_db: convergences.map(\.finite)))
  }

  private struct Report: Encodable {
    let output: String
    let count, clipped_samples: Int
    /// Nil where it is exact, which has no finite number of decibels.
    let spectral_convergence_db: [Double?]
  }
}
