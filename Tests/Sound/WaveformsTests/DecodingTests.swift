import SpecGANErrors
import SpecGANFiles
import SpecGANRandomness
import SpecGANTestSupport
import Testing
import Waveforms

@Suite struct DecodingTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func noise(frames: Int, channels: Int, rate: Int) throws -> String {
    let random = RandomStream(seed: 5, stream: 1)
    let samples = (0..<frames * channels).map { random.uniform(at: UInt64($0)) - 0.5 }
    let path = "\(folder.path)/noise-\(channels)-\(rate).wav"
    let sound = Waveform(samples: samples, channels: channels, sampleRate: rate)
    try AudioFile.write(sound, to: path, format: .float)
    return path
  }

  /// Law: block by block gives the bits of one step after the other.
  @Test(arguments: [1, 2, 7], [8000, 16_000, 44_100])
  func theRoadIsItsFourSteps(channels: Int, rate: Int) throws {
    let path = try noise(frames: 50_000, channels: channels, rate: rate)
    var configuration = AudioConfiguration()
    configuration.normalize = true
    let sound = try Waveform.decoded(path: path, as: configuration)
    let steps = try AudioFile.read(path).mixed(to: 1).resampled(to: 16_000).peakNormalized()
    #expect(sound.waveform == steps)
    #expect(sound.sourceFrames == 50_000)
    #expect(sound.sourceRate == rate)
    #expect(sound.sourceChannels == channels)
  }

  @Test func withoutNormalisingTheLevelStays() throws {
    let path = try noise(frames: 1000, channels: 1, rate: 16_000)
    let sound = try Waveform.decoded(path: path, as: AudioConfiguration())
    #expect(try sound.waveform == AudioFile.read(path))
  }

  @Test func whatCannotBeMixedIsNamedWithItsFile() throws {
    let path = try noise(frames: 10, channels: 3, rate: 16_000)
    var configuration = AudioConfiguration()
    configuration.channels = 2
    let expected = SpecGANError.unconvertible(path: path, .unmixable(channels: 3, wanted: 2))
    #expect(throws: expected) { try Waveform.decoded(path: path, as: configuration) }
  }

  @Test func errorsOfTheFileComeThrough() {
    #expect(throws: SpecGANError.notFound(path: "none.wav")) {
      try Waveform.decoded(path: "none.wav", as: AudioConfiguration())
    }
  }

  /// Law: refused files do not spoil their neighbours, for instance by closing their descriptors.
  @Test func filesAreDecodedSideBySide() async throws {
    let names = ["pcm16.wav", "vorbis.ogg", "opus.ogg", "table.mp3", "pcm24.flac", "mulaw.wav"]
    var paths = names.map { Fixtures.path("formats/\($0)") }
    for name in ["vorbis.ogg", "pcm24.flac"] {
      let start = try bytes(of: Fixtures.path("formats/\(name)")).prefix(42)
      paths.append(try folder.file("cut-\(name)", Array(start)))
    }
    let expected = paths.map(decoded)
    #expect(expected.count { $0 == nil } == 2)
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<400 {
        let path = paths[index % paths.count]
        let sound = expected[index % paths.count]
        group.addTask { decoded(path) == sound }
      }
      for await isSame in group { #expect(isSame) }
    }
  }
}

private func decoded(_ path: String) -> DecodedSound? {
  try? Waveform.decoded(path: path, as: AudioConfiguration())
}
