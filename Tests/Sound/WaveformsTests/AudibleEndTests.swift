import Foundation
import SpecGANErrors
import Testing
import Waveforms

/// The end of the audible part of a file.
@Suite struct AudibleEndTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func audibleFrames(_ samples: [Float], channels: Int = 1) throws -> Int {
    let path = "\(folder.path)/x.wav"
    let sound = Waveform(samples: samples, channels: channels, sampleRate: 16_000)
    try AudioFile.write(sound, to: path, format: .float)
    return try SoundDescription(of: path).audibleFrames
  }

  /// Compared with a search from the end, at every place in a step, in a block and beyond it.
  @Test(arguments: [1, 2, 5], [0, 1, 255, 256, 257, 3_000, 16_383, 16_384, 40_000])
  func theEndIsTheLastAudibleStep(_ channels: Int, _ last: Int) throws {
    var samples = [Float](repeating: 0.9e-3 * 0.5, count: 50_000 * channels)
    samples[0] = -0.5
    samples[last * channels + channels - 1] = 0.51e-3
    if last == 0 { samples[0] = 0.5 }
    let found = try audibleFrames(samples, channels: channels)
    #expect(found > last && found <= last + 256)
  }

  /// The peak may come last, and everything before it is then silence in comparison.
  @Test func aLatePeakCounts() throws {
    var samples = [Float](repeating: 1e-5, count: 20_000)
    samples[19_999] = 1
    #expect(try audibleFrames(samples) == 20_000)
    samples[19_999] = 1e-5
    #expect(try audibleFrames(samples) == 20_000)
    #expect(try audibleFrames([Float](repeating: 0, count: 999)) == 0)
  }
}
