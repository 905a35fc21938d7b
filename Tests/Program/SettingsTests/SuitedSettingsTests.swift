import SpecGANDatasets
import SpecGANErrors
import SpecGANModels
import SpecGANSettings
import SpecGANTestSupport
import SpecGANTraining
import Spectra
import Testing
import Waveforms

/// The rules by which settings follow from a folder of sounds.
@Suite struct SuitedSettingsTests {
  /// Returns `count` sounds of `seconds`.
  private func sounds(
    _ count: Int, _ seconds: Double, rate: Int = 44_100, label: String = "", silence: Double = 0
  ) -> [SoundSurvey.Sound] {
    (0..<count).map { _ in
      .init(
        label: label, sampleRate: rate, seconds: seconds + silence, audibleSeconds: seconds)
    }
  }

  private func suited(
    _ sounds: [SoundSurvey.Sound], as preset: Preset? = nil
  ) throws -> SuitedSettings {
    try SuitedSettings(for: SoundSurvey(sounds: sounds), as: preset)
  }

  private func configuration(
    _ sounds: [SoundSurvey.Sound], as preset: Preset? = nil
  ) throws -> Configuration {
    let suited = try suited(sounds, as: preset)
    let configuration = suited.settings.configuration
    // Whatever is chosen can be trained, is written with reasons, and reads back.
    try configuration.validatedForTraining()
    #expect(try Configuration(yaml: suited.text, path: "x") == configuration)
    let (values, defaults) = (configuration.valuesByName, Configuration().valuesByName)
    for key in values.keys where values[key] != defaults[key] {
      #expect(suited.settings.reasons[key]?.hasSuffix(".") == true, "\(key)")
    }
    return configuration
  }

  @Test(arguments: [
    (8_000, 16_000), (16_000, 16_000), (22_050, 22_050), (24_000, 22_050), (32_000, 32_000),
    (44_100, 44_100), (48_000, 48_000), (88_200, 48_000), (96_000, 48_000), (192_000, 48_000),
  ])
  func aRateIsKeptOrTheNextLowerOneTaken(_ rates: (file: Int, chosen: Int)) throws {
    #expect(
      try configuration(sounds(9, 0.3, rate: rates.file)).audio.sampleRate == rates.chosen)
  }

  /// Of several rates the most common one, and of equally common ones the lower.
  @Test func mostSoundsDecideTheRate() throws {
    let mixed = sounds(3, 0.3, rate: 48_000) + sounds(4, 0.3) + sounds(2, 0.3, rate: 96_000)
    // 96 kHz counts as 48 kHz.
    #expect(try configuration(mixed).audio.sampleRate == 48_000)
    let equal = sounds(3, 0.3, rate: 48_000) + sounds(3, 0.3)
    #expect(try configuration(equal).audio.sampleRate == 44_100)
    let reason = try suited(equal).settings.reasons["audio.sample_rate"]
    #expect(reason == "3 of 6 sounds have it; 3 are resampled.")
  }

  /// The shortest slice that holds nine of ten sounds.
  @Test(arguments: [
    // Seconds, rate, samples, frames, bins, dimension.
    (0.05, 44_100, 16_384, 64, 128, 16),
    (0.37, 44_100, 16_384, 64, 128, 16),
    (0.38, 44_100, 32_768, 128, 128, 16),
    (0.75, 44_100, 65_536, 256, 128, 16),
    (1.49, 44_100, 131_072, 512, 128, 16),
    (1.02, 16_000, 16_384, 128, 128, 16),
    (1.03, 16_000, 32_768, 256, 128, 16),
    (0.70, 22_050, 16_384, 128, 128, 16),
    (4.10, 16_000, 131_072, 1_024, 128, 8),
    (1.02, 32_000, 32_768, 128, 128, 16),
    (0.68, 48_000, 32_768, 128, 128, 16),
  ])
  func aSliceHoldsMostSounds(_ row: (Double, Int, Int, Int, Int, Int)) throws {
    let (seconds, rate, samples, frames, bins, dimension) = row
    // A tenth is longer, and cut; silence at the end does not count.
    let all = sounds(18, seconds, rate: rate, silence: 5) + sounds(2, 9, rate: rate)
    let found = try configuration(all)
    #expect(found.audio.sliceLength == samples)
    #expect(found.specgan.frames == frames && found.specgan.bins == bins)
    let spectrogram = found.spectrogram
    #expect(spectrogram.frameStep == samples / frames)
    #expect(spectrogram.frameLength == 2 * spectrogram.frameStep)
    #expect(spectrogram.bandCount == bins + 1)
    // Three bins of 86 to 94 Hz become one from 4 to 6 kHz on.
    #expect((spectrogram.mergedBins == 3) == (rate >= 32_000))
    if rate >= 32_000 {
      let start = spectrogram.firstMergedBin * rate / spectrogram.frameLength
      #expect((4_000...6_000).contains(start))
    }
    #expect(found.network.dimension == dimension)
    #expect(found.audio.firstSliceOnly && !found.training.randomCrops)
    let result = try suited(all)
    #expect(result.kind == .oneShots && result.fittingCount == 18)
    #expect(
      result.settings.reasons["audio.slice_length"]?.contains("18 of 20 sounds end") == true)
  }

  /// One more long sound than a tenth needs a longer slice.
  @Test func theTenthSoundDecides() throws {
    let short = sounds(17, 0.3)
    #expect(try configuration(short + sounds(1, 1.2)).audio.sliceLength == 16_384)
    #expect(try configuration(short + sounds(2, 1.2)).audio.sliceLength == 65_536)
  }

  @Test func longFilesGiveExamplesFromAnywhere() throws {
    let found = try configuration(sounds(3, 600))
    #expect(found.training.randomCrops && !found.audio.firstSliceOnly)
    #expect(found.audio.sliceLength == 131_072 && found.specgan.bins == 256)
    #expect(found.spectrogram.frameLength == 1_024 && found.network.dimension == 8)
    // 3 · ⌈600 s / 2.972 s⌉ = 606 slices are many.
    #expect(found.training.augmentation == .none)
    #expect(try configuration(sounds(2, 600)).training.augmentation == .fixed)
    #expect(try configuration(sounds(1, 600)).training.randomCrops)
  }

  /// Half of the sounds decide what files are, unless the preset says it.
  @Test func halfOfTheSoundsDecideTheKind() throws {
    let short = sounds(5, 0.5)
    #expect(try suited(short + sounds(5, 30)).kind == .oneShots)
    #expect(try suited(short + sounds(6, 30)).kind == .long)
    #expect(try suited(short + sounds(6, 30), as: .oneShots).kind == .oneShots)
    #expect(try suited(short + sounds(5, 30), as: .long).kind == .long)
    #expect(throws: SpecGANError.self) { try suited(short, as: .long) }
  }

  @Test(arguments: [(499, true), (500, false)])
  func fewSoundsAreAugmented(_ count: Int, _ isAugmented: Bool) throws {
    let found = try configuration(sounds(count, 0.3))
    #expect((found.training.augmentation == .fixed) == isAugmented)
  }

  /// The numbers of sounds in each folder, those in none, and whether the folders are labels.
  @Test(arguments: [
    ([], 9, false), ([9], 0, false), ([4, 4], 0, true), ([4, 3], 0, false), ([5, 5], 1, false),
    // A small folder does not matter beside large ones, but many of them do.
    ([40, 40, 1], 0, true), ([20, 20, 1, 1, 1, 1], 0, true), ([18, 18, 1, 1, 1, 1, 1], 0, false),
    ([1, 1, 1, 1, 1, 1, 1, 1], 0, false), ([40, 1], 0, false),
  ])
  func foldersAreLabelsIfTheyHoldSeveralSounds(
    _ folders: [Int], _ others: Int, _ areLabels: Bool
  ) throws {
    var all = sounds(others, 0.3)
    for (index, count) in folders.enumerated() { all += sounds(count, 0.3, label: "kind-\(index)") }
    #expect(try configuration(all).network.isConditional == areLabels)
    #expect(try configuration(all, as: .speech).network.isConditional == areLabels)
    if areLabels {
      #expect(try configuration(all, as: .drums).network.isConditional)
    } else {
      let error = #expect(throws: SpecGANError.self) { try suited(all, as: .drums) }
      #expect(error?.code == "settings.noLabels")
    }
    #expect(try suited(all).settings.reasons["network.conditional"] != nil || folders.isEmpty)
  }

  @Test func speechIsAtSixteenKilohertz() throws {
    let found = try configuration(sounds(20, 0.8), as: .speech)
    #expect(found.audio.sampleRate == 16_000 && found.audio.sliceLength == 16_384)
  }

  /// A folder's name may hold line feeds and characters that YAML does not allow.
  @Test func aNameCannotLeaveItsComment() throws {
    let names = ["a\nseed: 7 #", "b\u{1B}[2J\u{7}\u{FFFE}", "c\u{2028}\u{85}d"]
    var all: [SoundSurvey.Sound] = []
    for name in names { all += sounds(40, 0.3, label: name) + sounds(1, 0.3, label: name + "'") }
    let found = try configuration(all)
    #expect(found.network.isConditional && found.training.seed == 0)
  }
}
