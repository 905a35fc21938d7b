import Foundation
import SpecGANModels
import SpecGANSettings
import SpecGANTestSupport
import SpecGANTraining
import Spectra
import Testing
import Waveforms

@Suite struct PresetTests {
  /// The presets whose files have reasons.
  static let reasoned: [Preset] = [.oneShots, .drums, .long, .speech]

  @Test(arguments: Preset.allCases) func aFileReadsBackAsItsPreset(_ preset: Preset) throws {
    let configuration = try Configuration(yaml: preset.text, path: "x")
    #expect(configuration == preset.configuration)
    try configuration.validatedForTraining()
    try configuration.spectrogram.check()
    #expect(configuration.paths == PathsConfiguration())
    #expect(
      configuration.audio.sliceLength == configuration.specgan.frames
        * configuration.spectrogram.frameStep)
  }

  /// The files that `specgan init` and `specgan init --small` write, which change only with the
  /// settings that exist; the checksums are zlib's.
  @Test func theFilesOfTwoPresetsDoNotChange() {
    #expect(bitwiseCRC32(Preset.published.text.utf8) == 0xA910_457C)
    #expect(bitwiseCRC32(Preset.small.text.utf8) == 0x8A52_5F76)
    #expect(Preset.published.configuration == Configuration())
  }

  @Test(arguments: Preset.allCases) func everySettingThatIsNotItsDefaultHasAReason(
    _ preset: Preset
  ) {
    let (values, defaults) = (preset.configuration.valuesByName, Configuration().valuesByName)
    let changed = Set(values.keys.filter { values[$0] != defaults[$0] })
    #expect(changed.isSubset(of: preset.settings.reasons.keys))
    for reason in preset.settings.reasons.values { #expect(reason.hasSuffix(".")) }
  }

  /// A reason is on comment lines of its own, directly above the key.
  @Test(arguments: reasoned) func reasonsAreAboveTheirKeys(_ preset: Preset) throws {
    let lines = preset.text.split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    for (name, reason) in preset.settings.reasons {
      let key = try #require(name.split(separator: ".").last)
      let section = try #require(name.split(separator: ".").first)
      let start = try #require(lines.firstIndex(of: "\(section):"))
      let index = try #require(lines[start...].firstIndex { $0.hasPrefix("  \(key): ") })
      var above: [String] = []
      for line in lines[..<index].reversed() {
        guard line.hasPrefix("  # ") else { break }
        above.insert(String(line.dropFirst(4)), at: 0)
      }
      #expect(above.joined(separator: " ") == reason)
    }
    #expect(lines.contains { $0.hasPrefix("# Preset \(preset.rawValue): ") })
    for line in lines where line.drop(while: { $0 == " " }).hasPrefix("#") {
      #expect(line.count <= 100, "\(line)")
    }
  }

  /// The floor is 76 dB below the largest magnitude of a full-scale sine, half of the window's sum.
  @Test(arguments: Preset.allCases.filter { $0 != .published })
  func theFloorIsAudible(_ preset: Preset) {
    let spectrogram = preset.configuration.spectrogram
    let length = spectrogram.frameLength
    let window = (0..<length).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(length)) }
    let sine = window.reduce(0, +) / 2
    #expect(spectrogram.window == .hann)
    #expect(abs(20 * log10(sine / Double(spectrogram.logFloor)) - 76.1) < 0.05)
  }

  @Test func thePresetsDifferAsTheirNamesSay() {
    var drums = Preset.drums.configuration
    drums.network.isConditional = false
    drums.training.learningRate = Preset.oneShots.configuration.training.learningRate
    #expect(drums == Preset.oneShots.configuration)
    var speech = Preset.speech.configuration
    (speech.network.isConditional, speech.audio.firstSliceOnly) = (false, false)
    speech.training.learningRate = Configuration.small.training.learningRate
    #expect(speech == Configuration.small)
    let long = Preset.long.configuration
    #expect(long.training.randomCrops && !long.audio.firstSliceOnly)
    #expect(long.audio.sliceLength == 4 * Preset.oneShots.configuration.audio.sliceLength)
  }
}
