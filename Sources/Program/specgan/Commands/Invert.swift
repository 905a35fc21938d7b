import ArgumentParser
import Glibc
import SpecGANDatasets
internal import SpecGANErrors
import SpecGANFiles
import SpecGANSettings
import SpecGANSynthesis
import SpecGANWorkers
import Spectra
import Waveforms

struct Invert: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reconstruct audio from spectrograms.",
    discussion: """
      Accepts caches, safetensors files and audio. A safetensors file has magnitude, \
      [frames, frame_length / 2 + 1], linear; or spectrograms, [n, frames, bins], normalized, with \
      mean and deviation in the same file or in --moments; or the samples that generate --raw wrote, \
      with their own settings. The bins of spectrograms are those of the configuration. Stereo has a \
      last axis of 2 channels. The phases of audio are removed, so that you hear the cost of \
      inversion alone. Audio is mixed down, unless audio.channels is 2. An unusable input is reported \
      with the reason and skipped.

      Example: specgan invert drums/kick.wav --output inverted --pictures
      """)

  @Argument(help: "Caches, safetensors files or audio files.")
  var files: [String]

  @Option(help: "The folder to write to.")
  var output: String

  @Option(
    help: "Safetensors file with mean and deviation, such as a cache's moments.safetensors.")
  var moments: String?

  @Option(help: "The configuration. Its sections spectrogram and inversion are used.")
  var config: String?

  @Option(help: "Random seed of initial phases; best, fast and pghi use almost none.")
  var seed: UInt64 = 0

  @OptionGroup var mastering: MasteringOptions

  @Flag(help: "Also write a picture per clip: the given spectrogram beside that of the audio.")
  var pictures = false

  @OptionGroup var replacement: ReplaceOptions
  @OptionGroup var inversion: InversionOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func run() throws {
    try OutputFolder.check(output, replacing: replacement.replace)
    var configuration = try config.map { try Configuration(path: $0) } ?? Configuration()
    configuration.inversion = try inversion.applied(to: configuration.inversion)
    let failures = Failures(progress.messages)
    let jobs = try jobs(inputs(configuration, failures), configuration.inversion)
    try checkOutputs(of: jobs)
    let workers = Workers(count: threads.threads)
    var folder = try OutputFolder(
      output, for: names(of: jobs), by: "invert", reading: files + [moments].compactMap(\.self),
      replacing: replacement.replace)
    try folder.begin(announcesAll: false)
    var writer = try SoundWriter(
      folder: output, mastering: mastering.mastering(seed: seed), withPictures: pictures)
    var (convergences, seconds) = ([Double](), 0.0)
    var line = ProgressLine(progress.messages)
    for first in stride(from: 0, to: jobs.count, by: Self.batchSize) {
      let batch = jobs[first..<min(first + Self.batchSize, jobs.count)]
      let results = workers.map(batch.count) { index, _ in batch[first + index].run() }
      for (index, result) in results.enumerated() {
        let job = batch[first + index]
        try failures.collect {
          let sound = try result.get()
          progress.messages.warn(remarks: sound.remarks, on: job.input.path)
          let names = self.names(of: job)
          try folder.announce(names)
          try writer.write(
            sound.waveform, wanted: sound.wanted, job.input.spectrogram, stem: job.stem,
            number: first + index)
          try folder.list(names)
          convergences.append(sound.convergence)
          seconds += sound.processorSeconds
        }
      }
      line.show(DoneReport(task: "inverting", done: first + batch.count, total: jobs.count))
    }
    line.close()
    try folder.announceRest()
    try writer.finish()
    try folder.finish()
    if writer.soundCount > 0 || failures.status == nil {
      try report(writer, configuration.inversion, convergences, seconds)
    }
    try failures.leave()
  }

  /// The number of spectrograms inverted at once, which bounds the memory.
  private static let batchSize = 64

  /// Returns the inputs that can be opened; exits if there are none.
  private func inputs(
    _ configuration: Configuration, _ failures: Failures
  ) throws -> [InversionInput] {
    var inputs: [InversionInput] = []
    for path in files {
      try failures.collect {
        inputs.append(
          try InversionInput(
            path: path, momentsPath: moments, configuration, isChosen: config != nil))
      }
    }
    if inputs.isEmpty { try failures.leave() }
    return inputs
  }

  /// Returns a job for each spectrogram. Consecutive inputs with equal settings share an inverter,
  /// which keeps its memory.
  private func jobs(
    _ inputs: [InversionInput], _ inversion: InversionConfiguration
  ) throws -> [InversionJob] {
    var jobs: [InversionJob] = []
    var last: (spectrogram: SpectrogramConfiguration, inverter: Inverter)?
    for input in inputs {
      let kept = last.flatMap { $0.spectrogram == input.spectrogram ? $0.inverter : nil }
      let inverter =
        try kept ?? Inverter(spectrogram: input.spectrogram, inversion: inversion, seed: seed)
      last = (input.spectrogram, inverter)
      jobs += (0..<input.count).map { InversionJob(input: input, index: $0, inverter: inverter) }
    }
    return jobs
  }

  /// Returns the names of the files that `jobs` write.
  private func names(of jobs: [InversionJob]) -> [String] {
    jobs.flatMap(names) + (pictures ? ["\(SoundWriter.overviewStem).png"] : [])
  }

  private func names(of job: InversionJob) -> [String] {
    pictures ? ["\(job.stem).wav", "\(job.stem).png"] : ["\(job.stem).wav"]
  }

  /// Refuses outputs that would be written twice, or would overwrite an input.
  private func checkOutputs(of jobs: [InversionJob]) throws {
    // By bytes: names that differ only in their Unicode normalization are different files.
    var writers: [[UInt8]: String] = [:]
    if pictures { writers[Array(SoundWriter.overviewStem.utf8)] = "the overview of pictures" }
    for job in jobs {
      let sound = "\(output)/\(job.stem).wav"
      if let other = writers.updateValue(job.input.path, forKey: Array(job.stem.utf8)) {
        throw SpecGANError.equalStems(first: other, second: job.input.path, output: sound)
      }
      if try Folder.areSame(job.input.path, sound) {
        throw SpecGANError.overwritesInput(path: job.input.path)
      }
    }
  }

  private func report(
    _ writer: SoundWriter, _ inversion: InversionConfiguration, _ convergences: [Double],
    _ seconds: Double
  ) throws {
    let mean = convergences.reduce(0, +) / Double(max(convergences.count, 1))
    progress.messages.announce(
      "\(writer.summary)\(LevelReport(writer).sentence) Mean spectral convergence \(mean.rounded(to: 1)) dB, "
        + "\((1000 * seconds / Double(max(writer.soundCount, 1))).rounded(to: 1)) CPU ms each."
    )
    guard results.json else { return }
    try Console.json(
      Report(
        output: output, method: inversion.method.rawValue, iterations: inversion.projections,
        count: writer.soundCount, clipped_samples: writer.clippedSamples,
        gains_db: LevelReport(writer).gains,
        inversion_cpu_s: seconds, files: writer.files,
        spectral_convergence_db: convergences.map(\.finite)))
  }

  private struct Report: Encodable {
    let output, method: String
    let iterations, count, clipped_samples: Int
    /// The gain of each clip in dB, 0 if it did not change.
    let gains_db: [Double]
    /// CPU time of the inversions alone, without reading, measuring and writing.
    let inversion_cpu_s: Double
    /// The WAV files, in the order of the other rows.
    let files: [String]
    /// Nil if the inversion is exact: the value in dB is infinite.
    let spectral_convergence_db: [Double?]
  }
}

/// One spectrogram to invert.
private struct InversionJob: Sendable {
  struct Sound: Sendable {
    let waveform: Waveform
    let wanted: [MagnitudeSpectrogram]
    /// The mean over the channels, in dB.
    let convergence: Double
    /// The CPU time of the inversion alone, in seconds.
    let processorSeconds: Double
    /// See ``InversionInput/Item/remarks``.
    let remarks: [String]
  }

  let input: InversionInput
  let index: Int
  let inverter: Inverter

  /// The name of the WAV file without its extension.
  var stem: String { input.count == 1 ? input.stem : "\(input.stem)-\(SoundMaker.stem(index))" }

  private var place: String {
    input.count == 1 ? input.path : "\(input.path), spectrogram \(index)"
  }

  func run() -> Result<Sound, any Error> {
    Result {
      let item = try input.item(index)
      return try SpecGANError.naming(place) {
        let start = ThreadClock.processorSeconds
        let channels = try inverter.invert(
          channels: item.channels, length: item.length, clip: UInt32(truncatingIfNeeded: index))
        let seconds = ThreadClock.processorSeconds - start
        let samples = channels.interleaved
        guard samples.allSatisfy(\.isFinite) else {
          throw SpecGANError.tooLarge(place: place)
        }
        let convergence = try spectralConvergence(
          of: channels, to: item.channels, configuration: input.spectrogram)
        return Sound(
          waveform: Waveform(
            samples: samples, channels: channels.count, sampleRate: item.sampleRate),
          wanted: item.channels, convergence: convergence,
          processorSeconds: seconds, remarks: item.remarks)
      }
    }
  }
}

/// The CPU time of the calling thread.
private enum ThreadClock {
  /// The CPU seconds of the calling thread so far.
  static var processorSeconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
