import Foundation
import RealModule
import SpecGANErrors
import SpecGANRandomness
import SpecGANRuns
import SpecGANSynthesis
import SpecGANTestSupport
import Testing
import Waveforms

/// The recipe of a clip, as JSON and in a WAV file.
@Suite struct ClipRecipeTests {
  /// Bit patterns of all finite floats with equal probability, and the ends.
  private func floats(_ count: Int) -> [Float] {
    let stream = RandomStream(seed: 9, stream: 2)
    let drawn = (0..<count).lazy.map { index in
      let high = UInt32(stream.integer(below: 1 << 16, at: UInt64(2 * index)))
      let low = UInt32(stream.integer(below: 1 << 16, at: UInt64(2 * index + 1)))
      return Float(bitPattern: high << 16 | low)
    }.filter(\.isFinite)
    return [0, -0.0, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, 0.1]
      + drawn
  }

  private func recipe(_ latent: [Float]) -> ClipRecipe {
    var recipe = ClipRecipe(
      checkpoint: "läufe/\u{10FE83}/step-1", step: 12, seed: .max, number: 4_000_000_000,
      latent: latent)
    recipe.labels = ["kick \"1\"": 0.7, "hüt": 0.3]
    recipe.turn = ["bright": -1.5]
    recipe.take(
      gain: 0.123_456_78, ClipEdges(start: 3, frameCount: 900, fadeIn: 16, fadeOut: 80))
    return recipe
  }

  @Test func everyBitComesBackFromAFile() throws {
    try withTemporaryFolder { folder in
      let recipe = recipe(floats(50_000))
      #expect(recipe.json.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
      let path = folder.path("x.wav")
      try AudioFile.write(
        Waveform(samples: [0, 0.5, 0.25], channels: 1, sampleRate: 8_000), to: path,
        format: .pcm24, information: recipe.information(title: "hüt 01"))
      let read = try ClipRecipe(file: path)
      #expect(read == recipe)
      #expect(read.latent.map(\.bitPattern) == recipe.latent.map(\.bitPattern))
      #expect(read.gain == 0.123_456_78)
      let information = try WAVInformation(path: path)
      #expect(information.title == "hüt 01" && information.software == recipe.program)
    }
  }

  /// The decibels of a factor give that factor again.
  @Test func gainsComeBackExactly() {
    let stream = RandomStream(seed: 10, stream: 2)
    var recipe = recipe([])
    for index in 0..<20_000 {
      let gain = Float.exp2(20 * stream.uniform(at: UInt64(index)) - 16)
      recipe.take(gain: gain, ClipEdges(start: 0, frameCount: 0, fadeIn: 0, fadeOut: 0))
      #expect(recipe.gain == gain)
    }
  }

  @Test func otherFilesHaveNoRecipe() throws {
    try withTemporaryFolder { folder in
      let sound = Waveform(samples: [0, 0.5], channels: 1, sampleRate: 8_000)
      let path = folder.path("x.wav")
      var negative = recipe([0.5])
      negative.number = -1
      for comment in [nil, "", "{}", "nice kick", negative.json] {
        try AudioFile.write(
          sound, to: path, format: .pcm16, information: WAVInformation(comment: comment))
        #expect(throws: SpecGANError.noRecipe(path: path)) { _ = try ClipRecipe(file: path) }
      }
    }
  }
}
