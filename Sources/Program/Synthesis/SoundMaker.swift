internal import Safetensors
internal import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
package import SpecGANTensors
package import Spectra
package import Waveforms

/// A receiver of clips as they are written to a folder, such as a page of them.
package protocol ClipReceiver: AnyObject {
  /// The path of the file that it writes.
  var path: String { get }
  /// Takes the clip at the index `place` of the latents, as it is written to `stem.wav`.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be taken.
  func take(_ clip: Waveform, at place: Int, stem: String) throws(SpecGANError)
  /// Completes the file.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be written.
  func finish() throws(SpecGANError)
}

/// A generator of clips from latents, which writes them to a folder.
///
/// It works in batches, so that memory does not grow with the number of clips; only
/// ``Output/joinedStem`` and ``Output/rawPath`` need all clips in memory.
package struct SoundMaker {
  /// The files to write.
  package struct Output: Sendable {
    /// The folder, which is created if it is missing, and has no files unless they are replaced.
    package var folder: String
    /// The level, end and sample format of the WAV files.
    package var mastering = Mastering()
    /// Whether one factor sets the level of all clips, so that their levels stay comparable. All
    /// clips are then in memory.
    package var sharesGain = false
    /// Whether a picture of the spectrogram is written for each clip.
    package var withPictures = false
    /// The name, without `.wav`, of a file with all clips concatenated; nil for none.
    package var joinedStem: String?
    /// The file of the network's output, as a tensor `samples`; nil for none.
    package var rawPath: String?
    /// The command that writes the files, for their list.
    package var command = "generate"
    /// Whether earlier output in the folder is removed; see ``OutputFolder``.
    package var replaces = false
    /// The files that the command reads.
    package var inputs: [String] = []
    /// The path of the checkpoint, which the latents name, and which its run keeps for the clips.
    package var checkpointPath: String?

    /// Creates an output of 16-bit WAV files in `folder`, none above −1 dBFS.
    package init(folder: String) { self.folder = folder }

    /// The file of the latents, from which the same clips can be generated again.
    package var latentsPath: String { folder + "/latents.safetensors" }
  }

  private let generator: SampleGenerator
  private let engine: Engine
  private let inversion: InversionConfiguration

  /// Creates a sound maker.
  ///
  /// - Parameters:
  ///   - generator: the generator of samples.
  ///   - inversion: the inversion of spectrograms.
  ///   - engine: the threads.
  package init(
    _ generator: SampleGenerator, inversion: InversionConfiguration, engine: Engine
  ) {
    self.generator = generator
    self.inversion = inversion
    self.engine = engine
  }

  /// Generates and writes the clips of `chosen` as `00000.wav` and so on, or as `00000-kick.wav`
  /// if they have labels. A clip with a name has it as the name of its file.
  ///
  /// The latents are written first, so that all existing clips can be generated again.
  ///
  /// - Parameters:
  ///   - chosen: the latents.
  ///   - output: the files to write.
  ///   - receiver: takes each clip as it is written, and completes its own file at the end.
  ///   - progress: called after each batch with the number of clips generated so far.
  /// - Returns: the writer, with the number of clips and of clipped samples.
  /// - Throws: ``SpecGANError`` if something cannot be written or inverted.
  package func write(
    _ chosen: ChosenLatents, to output: Output, telling receiver: (any ClipReceiver)? = nil,
    progress: (_ done: Int) -> Void = { _ in }
  ) throws(SpecGANError) -> SoundWriter {
    let checkpoint = generator.checkpoint
    let codec = try SampleCodec(checkpoint, inversion: inversion, seed: chosen.seed)
    let stems = stems(of: chosen, output)
    let companions = [output.rawPath, receiver?.path].compactMap(\.self)
    var folder = try OutputFolder(
      output.folder, for: names(stems, companions, output), by: output.command,
      reading: output.inputs, replacing: output.replaces)
    // Before anything is written. The folders on the way to the output are created with it.
    for path in companions where !Folder.isAlong(output.folder, path) {
      try AtomicFile.check(path)
    }
    try folder.begin(announcesAll: false)
    var writer = try SoundWriter(
      folder: output.folder, mastering: output.mastering, withPictures: output.withPictures)
    writer.joining = output.joinedStem.map {
      .init(stem: $0, silence: codec.silenceBetweenClips)
    }
    try folder.announce([Folder.name(of: output.latentsPath)])
    try writeLatents(chosen, output)
    try folder.list([Folder.name(of: output.latentsPath)])
    var raw: [Float] = []
    var waiting: [RenderedClip] = []
    let spectrogram = checkpoint.configuration.spectrogram
    for (first, batch) in chosen.batches(of: SampleGenerator.batchSize) {
      let samples = generator.samples(batch)
      if output.rawPath != nil { raw += samples.values }
      let clips = try codec.clips(of: samples, numbers: batch.numbers, on: engine.workers)
      if output.sharesGain {
        waiting += clips
      } else {
        for (place, clip) in clips.enumerated() {
          let names = Self.names(stems[first + place], output)
          try folder.announce(names)
          let mastered = try writer.write(
            clip.waveform, wanted: clip.wanted, spectrogram, stem: stems[first + place],
            number: batch.numbers[place])
          try folder.list(names)
          try receiver?.take(mastered, at: first + place, stem: stems[first + place])
        }
      }
      progress(first + clips.count)
    }
    let peak = waiting.reduce(0) { max($0, $1.waveform.peak) }
    let gain = output.mastering.gain(peak: peak)
    for (place, clip) in waiting.enumerated() {
      let names = Self.names(stems[place], output)
      try folder.announce(names)
      let mastered = try writer.write(
        clip.waveform, wanted: clip.wanted, spectrogram, stem: stems[place], number: place,
        gain: gain)
      try folder.list(names)
      try receiver?.take(mastered, at: place, stem: stems[place])
    }
    try folder.announceRest()
    try writer.finish()
    if let path = output.rawPath { try write(raw, chosen, to: path) }
    try receiver?.finish()
    try folder.finish()
    return writer
  }

  /// Returns the name of clip `number`: `00000`, `00001` and so on.
  package static func stem(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(5 - digits.count, 0)) + digits
  }

  /// Returns the names of the clips, without extension.
  private func stems(of chosen: ChosenLatents, _ output: Output) -> [String] {
    let labels = generator.checkpoint.labels
    let numbered = chosen.fileNumbers.enumerated().map { index, number in
      chosen.labels.isEmpty
        ? Self.stem(number)
        : "\(Self.stem(number))-\(Self.fileName(of: chosen.labels[index].text(labels)))"
    }
    let others = [output.joinedStem, output.withPictures ? SoundWriter.overviewStem : nil]
    return PlainName.stems(
      chosen.names, numbered: numbered, besides: others.compactMap(\.self))
  }

  /// Returns `label` as a part of a file's name: letters, digits and `.`, `-`, `_` and `+` stay,
  /// and it has at most 100 bytes.
  package static func fileName(of label: String) -> String {
    var name = ""
    for character in label {
      let isPlain = character.isLetter || character.isNumber || ".-_+".contains(character)
      let next = isPlain ? String(character) : "_"
      if name.utf8.count + next.utf8.count > 100 { break }
      name += next
    }
    return name
  }

  /// Returns the names of all files that are written to the folder, with those of `companions` that
  /// are in it.
  private func names(
    _ stems: [String], _ companions: [String], _ output: Output
  ) -> [String] {
    let files = stems.flatMap { Self.names($0, output) }
    return files + [Folder.name(of: output.latentsPath)]
      + (output.withPictures ? ["\(SoundWriter.overviewStem).png"] : [])
      + (output.joinedStem.map { ["\($0).wav"] } ?? [])
      + companions.filter { Folder.isIn(output.folder, $0) }.map(Folder.name)
  }

  /// Returns the names of the files of the clip `stem`.
  private static func names(_ stem: String, _ output: Output) -> [String] {
    output.withPictures ? ["\(stem).wav", "\(stem).png"] : ["\(stem).wav"]
  }

  /// Writes the latents.
  private func writeLatents(_ chosen: ChosenLatents, _ output: Output) throws(SpecGANError) {
    let checkpoint = generator.checkpoint
    guard let path = output.checkpointPath else {
      return try chosen.contents.write(to: output.latentsPath)
    }
    try RunFolder(holdingCheckpoint: path)?.keep(checkpoint.step, for: output.folder)
    try chosen.contents(of: path, step: checkpoint.step).write(to: output.latentsPath)
  }

  /// The key of the metadata with the configuration, in a file of samples.
  package static let settingsKey = "settings"

  /// Writes samples, with their labels if any, and with what an inversion of spectrograms needs:
  /// the moments and the settings.
  private func write(
    _ values: [Float], _ chosen: ChosenLatents, to path: String
  ) throws(SpecGANError) {
    let checkpoint = generator.checkpoint
    var samples = SafetensorsContents()
    samples.append("samples", shape: [chosen.count] + checkpoint.gan.sampleShape, values)
    samples.append(labels: chosen.labels)
    if checkpoint.configuration.model.samplesAreSpectrograms, let moments = checkpoint.moments {
      samples.append(moments)
      samples.metadata[Self.settingsKey] = checkpoint.configuration.yaml
    }
    try samples.write(to: path)
  }
}
