internal import Safetensors
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANModels
internal import SpecGANRuns
package import SpecGANSynthesis
package import SpecGANTensors
package import Spectra
package import Waveforms

/// A writer of a kit: clips in a folder per label, an SFZ instrument, and an archive for Hydrogen.
///
/// Hydrogen 1.2 does not play clips in folders below its `drumkit.xml`, so that its kit is an
/// archive of its own with all clips side by side.
package struct KitMaker {
  /// The files to write.
  package struct Output: Sendable {
    /// The folder, which is created if it is missing, and has no files unless they are replaced.
    package var folder: String
    /// The level and sample format of the clips. Both ends are trimmed. With the level `protect`
    /// all clips have the gain of the loudest.
    package var mastering = Mastering()
    /// The largest number of layers by velocity.
    package var layers = 1
    /// Whether earlier output in the folder is removed; see ``OutputFolder``.
    package var replaces = false
    /// The files that the command reads.
    package var inputs: [String] = []
    /// The path of the checkpoint.
    package var checkpointPath: String
    /// Whether the run keeps the checkpoint for the clips, which writes into it.
    package var keepsCheckpoint = true
    /// The text of `card.md`, which describes the kit for others; nil for none.
    package var card: String?
    /// The name of each clip, in the order of the latents; nil, or no element, for the label with a
    /// number. Equal names get a number.
    package var clipNames: [String?] = []

    /// Creates an output of 24-bit WAV files in `folder`, none above −1 dBFS, of the checkpoint at
    /// `checkpointPath`.
    package init(folder: String, checkpointPath: String) {
      (self.folder, self.checkpointPath) = (folder, checkpointPath)
      mastering.format = .pcm24
      (mastering.trimsStart, mastering.trimsEnd) = (true, true)
    }

    /// The name of the kit: that of the folder.
    package var name: String { VoiceName.plain(Folder.name(of: Folder.absolute(folder))) }
    /// The file of the latents, from which the same kit can be made again.
    package var latentsPath: String { "\(folder)/\(Self.latentsName)" }
    /// The names of the files that are in no folder of a label.
    var names: [String] { [Self.latentsName, sfzName, archiveName] }
    /// The name of the SFZ instrument.
    package var sfzName: String { "\(name).sfz" }
    /// The name of Hydrogen's archive.
    package var archiveName: String { "\(name).h2drumkit" }

    /// Returns the factor of all of `clips`; nil if each has its own.
    fileprivate func sharedGain(of clips: [Waveform]) -> Float? {
      guard mastering.level == .protect else { return nil }
      return mastering.gain(peak: clips.reduce(0) { max($0, $1.peak) })
    }

    private static let latentsName = "latents.safetensors"
    /// The name of the card.
    package static let cardName = "card.md"
  }

  /// A clip that was written.
  package struct WrittenClip: Sendable {
    /// Its path below the folder of the kit.
    package let file: String
    /// Its recipe.
    package let recipe: ClipRecipe
  }

  /// The result.
  package struct Result: Sendable {
    /// The kit.
    package let kit: Kit
    /// The clips, in the order of the latents.
    package let clips: [WrittenClip]
    /// The numbers of the clips that were left out because they are silent.
    package let silent: [Int]
    /// The labels that have only silent clips.
    package let silentLabels: [String]
    /// The number of samples beyond ±1, which a file of integers clips.
    package let clippedSamples: Int
    /// The error that the card was not written; nil if it was, or there is none.
    package let cardFailure: SpecGANError?
  }

  /// The largest number of clips of a label: that of `seq_length` in SFZ.
  package static let mostClips = 100
  private let generator: SampleGenerator
  private let engine: Engine
  private let inversion: InversionConfiguration

  /// Creates a maker of kits.
  ///
  /// - Parameters:
  ///   - generator: the generator of samples.
  ///   - inversion: the inversion of spectrograms.
  ///   - engine: the threads.
  package init(_ generator: SampleGenerator, inversion: InversionConfiguration, engine: Engine) {
    (self.generator, self.inversion, self.engine) = (generator, inversion, engine)
  }

  /// Generates and writes the clips of `chosen`, and the kit of them. Clips that are silent, up to
  /// −78 dBFS, are left out.
  ///
  /// The latents are written first, so that all existing clips can be generated again.
  ///
  /// - Parameters:
  ///   - chosen: the latents; a mixture of labels counts as the one with the largest weight.
  ///   - output: the files to write.
  ///   - progress: called after each batch with the number of clips generated so far.
  /// - Returns: the kit.
  /// - Throws: ``SpecGANError`` if something cannot be written or inverted, all clips are silent,
  ///   or a label has more than ``mostClips``.
  package func write(
    _ chosen: ChosenLatents, to output: Output, progress: (_ done: Int) -> Void = { _ in }
  ) throws(SpecGANError) -> Result {
    let checkpoint = generator.checkpoint
    let codec = try SampleCodec(checkpoint, inversion: inversion, seed: chosen.seed)
    let digest = ClipSource.generatorDigest(of: checkpoint)
    var groups = try groups(of: chosen, output)
    var folder = try OutputFolder(
      output.folder, for: output.names + groups.flatMap(\.allFiles), by: "kit",
      reading: output.inputs, replacing: output.replaces)
    try folder.begin(announcesAll: false)
    let latents = Folder.name(of: output.latentsPath)
    try folder.announce([latents])
    if output.keepsCheckpoint {
      try RunFolder(holdingCheckpoint: output.checkpointPath)?
        .keep(checkpoint.step, for: output.folder)
    }
    try chosen.contents(of: output.checkpointPath, step: checkpoint.step)
      .write(to: output.latentsPath)
    try folder.list([latents])
    let (audible, silent) = try clips(
      of: chosen, codec, from: output.checkpointPath, progress: progress)
    guard !audible.isEmpty else { throw .onlySilence(path: output.checkpointPath) }
    let gain = output.sharedGain(of: audible.map(\.waveform))
    var clips: [WrittenClip] = []
    var clippedSamples = 0
    for (place, waveform) in audible {
      let group = Self.group(of: place, chosen)
      guard let index = groups.firstIndex(where: { $0.id == group }) else { continue }
      var recipe = ClipRecipe(
        place, of: chosen, by: checkpoint, at: output.checkpointPath, inversion: inversion)
      recipe.generator = digest
      let file = groups[index].file(ofClipAt: place)
      try folder.announce([file])
      let written = try write(waveform, recipe, gain: gain, to: output, file)
      try folder.list([file])
      groups[index].clips.append(written.clip)
      clips.append(WrittenClip(file: file, recipe: written.recipe))
      clippedSamples += written.clippedSamples
    }
    let kit = try Kit(
      name: output.name,
      clips: groups.filter { !$0.clips.isEmpty }.map { ($0.label, $0.clips) },
      layers: output.layers)
    let cardFailure = try finish(kit, to: output, in: &folder)
    return Result(
      kit: kit, clips: clips, silent: silent,
      silentLabels: groups.filter(\.clips.isEmpty).map(\.label), clippedSamples: clippedSamples,
      cardFailure: cardFailure)
  }
}

// MARK: - Parts

extension KitMaker {
  /// The clips of a label.
  private struct Group {
    /// The index of the label; nil without labels.
    let id: Int?
    let label: String
    /// The files of the clips with names of their own, by their index among the latents.
    let named: [Int: String]
    /// The files of the other clips; the last ones are not written if clips are silent.
    let numbered: [String]
    /// The number of ``numbered`` files that were written.
    private var numberedCount = 0
    var clips: [Kit.Clip] = []

    init(id: Int?, label: String, named: [Int: String], numbered: [String]) {
      (self.id, self.label, self.named, self.numbered) = (id, label, named, numbered)
    }

    /// All files that may be written.
    var allFiles: [String] { numbered + named.sorted { $0.key < $1.key }.map(\.value) }

    /// Returns the file for the clip at index `place`, which is not silent.
    mutating func file(ofClipAt place: Int) -> String {
      if let file = named[place] { return file }
      numberedCount += 1
      return numbered[numberedCount - 1]
    }
  }

  /// Returns the label of the clip at index `place`: the one with the largest weight.
  private static func group(of place: Int, _ chosen: ChosenLatents) -> Int? {
    chosen.labels.isEmpty ? nil : chosen.labels[place].dominant
  }

  /// Returns the labels of `chosen` without their clips.
  ///
  /// - Throws: ``SpecGANError`` if a label has too many clips.
  private func groups(
    of chosen: ChosenLatents, _ output: Output
  ) throws(SpecGANError) -> [Group] {
    var counts: [(id: Int?, places: [Int])] = []
    for place in 0..<chosen.count {
      let id = Self.group(of: place, chosen)
      if let index = counts.firstIndex(where: { $0.id == id }) {
        counts[index].places.append(place)
      } else {
        counts.append((id, [place]))
      }
    }
    let labels = counts.map { group in
      group.id.map { generator.checkpoint.labels[$0] } ?? VoiceName.unlabeled.stem
    }
    if let index = counts.firstIndex(where: { $0.places.count > Self.mostClips }) {
      throw .moreClipsThanPlayed(label: labels[index], count: counts[index].places.count)
    }
    _ = try DrumKey.keys(of: labels)
    let names =
      chosen.labels.isEmpty
      ? [VoiceName.unlabeled]
      : VoiceName.names(
        of: labels, besides: output.names + [Output.cardName, OutputFolder.manifestName])
    return zip(counts, zip(labels, names)).map { group, label in
      let wanted = group.places.map { place in
        output.clipNames.indices.contains(place) ? output.clipNames[place] : nil
      }
      let count = wanted.count { $0 == nil }
      let numbered = (0..<count).map { label.1.file($0 + 1, of: count) }
      var taken = Set(numbered.map { $0.lowercased() })
      var named: [Int: String] = [:]
      for (place, name) in zip(group.places, wanted) {
        if let name { named[place] = label.1.file(named: name, besides: &taken) }
      }
      return Group(id: group.id, label: label.0, named: named, numbered: numbered)
    }
  }

  /// Generates the clips of `chosen`; returns the audible ones with their indices, and the numbers
  /// of the silent ones.
  private func clips(
    of chosen: ChosenLatents, _ codec: SampleCodec, from path: String, progress: (Int) -> Void
  ) throws(SpecGANError) -> (audible: [(place: Int, waveform: Waveform)], silent: [Int]) {
    var audible: [(place: Int, waveform: Waveform)] = []
    var silent: [Int] = []
    for (first, batch) in chosen.batches(of: SampleGenerator.batchSize) {
      let rendered = try codec.finiteClips(
        of: generator.samples(batch), numbers: batch.numbers, from: path, on: engine.workers)
      for (place, waveform) in rendered.map(\.waveform).enumerated() {
        if waveform.peak <= OutputLevel.silence {
          silent.append(batch.numbers[place])
        } else {
          audible.append((first + place, waveform))
        }
      }
      progress(first + rendered.count)
    }
    return (audible, silent)
  }

  /// Writes `waveform` to the file `name`, with `recipe` as it was mastered; with the factor
  /// `gain`, or that of the clip alone.
  private func write(
    _ waveform: Waveform, _ recipe: ClipRecipe, gain: Float?, to output: Output, _ name: String
  ) throws(SpecGANError) -> (clip: Kit.Clip, recipe: ClipRecipe, clippedSamples: Int) {
    let mastered = MasteredClip(waveform, recipe, output.mastering, gain: gain)
    let title = String(Folder.name(of: name).dropLast(4))
    let clipped = try AudioFile.write(
      mastered.waveform, to: "\(output.folder)/\(name)", format: output.mastering.format,
      information: mastered.recipe.information(title: title))
    let clip = Kit.Clip(
      file: name, measures: ClipMeasures(mastered.waveform), generated: ClipMeasures(waveform))
    return (clip, mastered.recipe, clipped)
  }

  /// Writes what is left when the clips of `kit` are written; returns the error of the card.
  private func finish(
    _ kit: Kit, to output: Output, in folder: inout OutputFolder
  ) throws(SpecGANError) -> SpecGANError? {
    try folder.announceRest()
    try write(kit, to: output)
    try folder.finish()
    return writeCard(of: output, in: &folder)
  }

  /// Writes the card and lists it; returns the error if that fails. A card that somebody else wrote
  /// stays.
  private func writeCard(of output: Output, in folder: inout OutputFolder) -> SpecGANError? {
    guard let card = output.card else { return nil }
    let path = "\(output.folder)/\(Output.cardName)"
    do throws(SpecGANError) {
      if try Folder.exists(path) { throw SpecGANError.foreignCard(path: path) }
      try folder.announce([Output.cardName])
      try AtomicFile.replace(path, with: card)
      try folder.list([Output.cardName])
      return nil
    } catch {
      return error
    }
  }

  /// Writes the SFZ instrument, and Hydrogen's archive of the clips of `kit`.
  private func write(_ kit: Kit, to output: Output) throws(SpecGANError) {
    let program = "specgan \(Versions.program)"
    try AtomicFile.replace("\(output.folder)/\(output.sfzName)", with: kit.sfz(by: program))
    let clips = kit.hydrogenFiles.map { file in
      (name: Folder.name(of: file), source: TarArchive.Source.file("\(output.folder)/\(file)"))
    }
    try TarArchive.write(
      [(name: "drumkit.xml", source: .text(kit.hydrogen(by: program)))] + clips, in: kit.name,
      to: "\(output.folder)/\(output.archiveName)")
  }
}
