internal import Foundation
package import SpecGANErrors
internal import SpecGANModels
package import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANTensors
package import Spectra
package import Waveforms

/// Everything that generates one clip again with its checkpoint, as a line of JSON in its WAV file.
package struct ClipRecipe: Codable, Equatable, Sendable {
  /// The program and its version.
  package var program = "specgan \(Versions.program)"
  /// The path of the checkpoint, as it was typed or found in a run.
  package var checkpoint: String
  /// The step of the checkpoint.
  package var step: Int
  /// The digest of the generator's weights; nil if it is not known. See ``ClipSource``.
  package var generator: String?
  /// The seed of the initial phase.
  package var seed: UInt64
  /// The number of the clip, on which the initial phase depends.
  package var number: Int
  /// The latent; each element is read with the same bits.
  package var latent: [Float]
  /// The factor by which the style is truncated; nil for none.
  package var truncation: Float?
  /// The weight of each label that is not 0; nil if the generator is not conditional.
  package var labels: [String: Float]?
  /// The inversion; nil if the samples of the generator are waveforms.
  package var inversion: Inversion?
  /// The directions that are included in the latent, and by how much; nil for none.
  package var turn: [String: Float]?
  /// The gain in dB. Its factor, rounded to 32-bit floating point, is the one that was used.
  package var gainDB = 0.0
  /// The first frame of the part that was written.
  package var start = 0
  /// The number of frames that were written.
  package var frames = 0
  /// The number of frames of the fade at the beginning.
  package var fadeIn = 0
  /// The number of frames of the fade at the end.
  package var fadeOut = 0

  /// Creates the recipe of a clip without labels, inversion and mastering.
  package init(checkpoint: String, step: Int, seed: UInt64, number: Int, latent: [Float]) {
    (self.checkpoint, self.step) = (checkpoint, step)
    (self.seed, self.number, self.latent) = (seed, number, latent)
  }

  /// The settings of an inversion.
  package struct Inversion: Codable, Equatable, Sendable {
    /// The name of the method.
    package var method: String
    /// The number of projections.
    package var iterations: Int
  }

  private enum CodingKeys: String, CodingKey {
    case program, checkpoint, step, generator, seed, number, latent, truncation, labels, inversion,
      turn, start, frames
    case gainDB = "gain_db"
    case fadeIn = "fade_in"
    case fadeOut = "fade_out"
  }

  /// Takes over how the clip was mastered: multiplied by `gain`, and cut to `edges`.
  package mutating func take(gain: Float, _ edges: ClipEdges) {
    gainDB = 20 * log10(Double(gain))
    (start, frames) = (edges.start, edges.frameCount)
    (fadeIn, fadeOut) = (edges.fadeIn, edges.fadeOut)
  }

  /// The factor of ``gainDB``.
  package var gain: Float { Float(pow(10, gainDB / 20)) }
  /// The part of the generated clip that was written.
  package var edges: ClipEdges {
    ClipEdges(start: start, frameCount: frames, fadeIn: fadeIn, fadeOut: fadeOut)
  }
}

// MARK: - WAV files

extension ClipRecipe {
  /// The recipe as JSON on one line, in ASCII: the texts of WAV files have no encoding.
  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      trap("a recipe has a value that is not JSON")
    }
    return String(decoding: data, as: UTF8.self).unicodeScalars.map { scalar in
      if scalar.isASCII { return String(scalar) }
      return String(scalar).utf16.map { unit in
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    }.joined()
  }

  /// Returns the texts of a WAV file that is called `title` and has the recipe as its comment.
  package func information(title: String) -> WAVInformation {
    WAVInformation(software: program, title: title, comment: json)
  }

  /// Reads the recipe in the WAV file `file`.
  ///
  /// - Throws: ``SpecGANError`` if the file cannot be read, is not a WAV file, or has no recipe.
  package init(file: String) throws(SpecGANError) {
    guard let text = try WAVInformation(path: file).comment,
      let recipe = try? JSONDecoder().decode(ClipRecipe.self, from: Data(text.utf8)),
      recipe.number >= 0, recipe.latent.allSatisfy(\.isFinite),
      (0...1).contains(recipe.truncation ?? 1)
    else { throw .noRecipe(path: file) }
    self = recipe
  }
}

// MARK: - Latents

extension ClipRecipe {
  /// Creates the recipe of the clip at index `place` of `chosen`, before it is mastered.
  ///
  /// - Parameters:
  ///   - place: the index.
  ///   - chosen: the latents.
  ///   - checkpoint: the generator.
  ///   - path: the path of the checkpoint.
  ///   - inversion: the inversion of its spectrograms.
  package init(
    _ place: Int, of chosen: ChosenLatents, by checkpoint: Checkpoint, at path: String,
    inversion: InversionConfiguration
  ) {
    self.init(
      checkpoint: path, step: checkpoint.step, seed: chosen.seed, number: chosen.numbers[place],
      latent: chosen.latents.examples(place..<place + 1).values)
    if chosen.truncations[place] != 1 { truncation = chosen.truncations[place] }
    if !chosen.labels.isEmpty {
      let weights = zip(checkpoint.labels, chosen.labels[place].weights).filter { $0.1 > 0 }
      labels = Dictionary(weights) { first, _ in first }
    }
    if checkpoint.configuration.model.samplesAreSpectrograms {
      self.inversion = Inversion(
        method: inversion.method.rawValue, iterations: inversion.projections)
    }
  }

  /// Returns the mixture of ``labels`` among the labels `names`; nil without labels.
  ///
  /// - Throws: ``SpecGANError`` if a label is not among them, or the weights are no mixture; `file`
  ///   is the file of the recipe.
  func mix(of names: [String], file: String) throws(SpecGANError) -> LabelMix? {
    guard let labels else { return nil }
    if let other = labels.keys.sorted().first(where: { !names.contains($0) }) {
      throw .otherLabel(path: file, found: other, known: names)
    }
    guard let mix = LabelMix(names.map { labels[$0] ?? 0 }) else {
      throw .labelWeights(path: file, row: 0)
    }
    return mix
  }

  /// The inversion as a configuration; nil if there is none, or its method is not known.
  var inversionConfiguration: InversionConfiguration? {
    guard let inversion, let method = InversionMethod(rawValue: inversion.method) else {
      return nil
    }
    let configuration = InversionConfiguration(method: method, iterations: inversion.iterations)
    return (try? configuration.check()) == nil ? nil : configuration
  }
}
