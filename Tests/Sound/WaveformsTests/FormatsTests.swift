import Foundation
import SpecGANTestSupport
import Testing
import Waveforms

/// The files of `Fixtures/formats`, which `tools/reference/formats.sh` made with other programs.
@Suite struct FormatsTests {
  /// Returns the signal in all of them: shape `[frames, 2]`.
  static func signal(frames: Int) -> [Double] {
    func sine(_ amplitude: Double, _ hertz: Double, _ frame: Int, _ phase: Double) -> Double {
      amplitude * sin(2 * Double.pi * hertz * Double(frame) / 16_000 + phase)
    }
    return (0..<frames).flatMap { [sine(0.5, 440, $0, 0), sine(0.25, 1000, $0, 1)] }
  }

  @Test(arguments: [
    ("pcm8.wav", 8), ("pcm16.wav", 16), ("pcm24.wav", 24), ("pcm32.wav", 32), ("float.wav", 25),
    ("double.wav", 32), ("extensible24.wav", 24), ("extensible32.wav", 32), ("pcm16.aiff", 16),
    ("pcm24.aiff", 24), ("pcm16.aifc", 16), ("sowt.aifc", 16), ("float.aifc", 16), ("pcm8.flac", 8),
    ("pcm16.flac", 16), ("pcm24.flac", 24),
  ])
  func decodesLosslessFilesToTheSignal(name: String, bits: Int) throws {
    let waveform = try AudioFile.read(Fixtures.path("formats/\(name)"))
    #expect(waveform.channels == 2)
    #expect(waveform.sampleRate == 16_000)
    #expect(waveform.frameCount == 1000)
    // Half a step of the encoding (SoX writes floats at 25 bits); half a step of SoX's own 32 bits;
    // half an ulp of a float below 0.5.
    let tolerance = exp2(Double(-bits)) + 0x1p-32 + 0x1p-26
    let expected = Self.signal(frames: 1000)
    let errors = zip(waveform.samples, expected).map { abs(Double($0) - $1) }
    #expect(errors.max() ?? 1 <= tolerance)
  }

  @Test(arguments: [
    ("vorbis.ogg", 0, 8000, 40.0), ("opus.ogg", 0, 8000, 40), ("table.mp3", 0, 8000, 35),
    ("layer3.mp3", 1105, 9216, 25),  // without a table the delay of coder and decoder stays
    ("mulaw.wav", 0, 1000, 33), ("adpcm.wav", 0, 1000, 24),
  ])
  func decodesLossyFilesToAboutTheSignal(
    name: String, delay: Int, frames: Int, decibels: Double
  ) throws {
    let waveform = try AudioFile.read(Fixtures.path("formats/\(name)"))
    #expect(waveform.channels == 2)
    #expect(waveform.sampleRate == 16_000)
    #expect(waveform.frameCount == frames)
    let expected = Self.signal(frames: 8000)
    var signal = 0.0
    var noise = 0.0
    for index in frames > 1000 ? 1000..<15_000 : 0..<2 * frames {  // the coders fade in and out
      let error = Double(waveform.samples[index + 2 * delay]) - expected[index]
      signal += expected[index] * expected[index]
      noise += error * error
    }
    // The thresholds lie 1 to 5 dB below what another build of libsndfile decodes.
    #expect(10 * log10(signal / noise) > decibels)
  }

  @Test func tellsAFileByItsBytesNotByItsName() throws {
    let folder = try ScratchFolder()
    let flac = try bytes(of: Fixtures.path("formats/pcm16.flac"))
    let path = try folder.file("sound.wav", flac)
    #expect(
      try AudioFile.read(path) == AudioFile.read(Fixtures.path("formats/pcm16.wav")))
  }

  /// Some kinds of AIFC say how wide a sample is; the size beside them may be wrong.
  @Test(arguments: [("in24", 3, true), ("42ni", 3, false), ("in32", 4, true), ("23ni", 4, false)])
  func theKindOfAnAIFCSaysTheWidth(kind: String, width: Int, isBig: Bool) throws {
    let folder = try ScratchFolder()
    let values = [1, -2, 3, 0x10_0000 - 5]
    func big(_ value: Int, _ count: Int) -> [UInt8] { WAVBytes.number(value, count).reversed() }
    let samples = values.flatMap { value in
      let bytes = WAVBytes.number(value, width)
      return isBig ? bytes.reversed() : bytes
    }
    for bits in [16, 8 * width, 0] {
      let rate: [UInt8] = [0x40, 0x0C, 0xFA, 0, 0, 0, 0, 0, 0, 0]  // 16000
      let common = big(1, 2) + big(values.count, 4) + big(bits, 2) + rate + kind.utf8 + [0, 0]
      let chunks =
        Array("COMM".utf8) + big(common.count, 4) + common + Array("SSND".utf8)
        + big(8 + samples.count, 4) + [UInt8](repeating: 0, count: 8) + samples
      let bytes = Array("FORM".utf8) + big(4 + chunks.count, 4) + Array("AIFC".utf8) + chunks
      let sound = try AudioFile.read(try folder.file(bytes))
      let scale = Float(1 << (8 * width - 1))
      #expect(sound.samples == values.map { Float($0) / scale }, "\(kind), \(bits) bits")
    }
  }

  /// The libraries that libsndfile calls decode as well; Debian's are files of their own.
  @Test func theVersionsNameEveryDecoder() {
    for name in [
      "libsndfile-", "libsoxr-", "libFLAC.so.", "libvorbis.so.", "libopus.so.", "libmpg123.so.",
    ] {
      let found = AudioFile.libraryVersions.filter { $0.hasPrefix(name) }
      #expect(found.count == 1 && found[0].contains(where: \.isNumber), "\(name): \(found)")
    }
  }

  @Test func readsBehindATagOfID3() throws {
    let folder = try ScratchFolder()
    let tag: [UInt8] =
      Array("ID3".utf8) + [4, 0, 0, 0, 0, 2, 0] + [UInt8](repeating: 0, count: 256)
    let stream = try bytes(of: Fixtures.path("formats/layer3.mp3"))
    let path = try folder.file("tagged.mp3", tag + stream)
    #expect(try AudioFile.read(path).frameCount == 9216)
    let ending = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
    let ended = try folder.file("ended.mp3", stream + ending)
    #expect(try AudioFile.read(ended).frameCount == 9216)
  }

  @Test func readsEveryClipOfTheFixtures() throws {
    let root = Fixtures.path("audio")
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    let sounds = names.filter { $0.hasSuffix(".wav") }
    #expect(sounds.count > 90)
    for name in sounds { #expect(try AudioFile.read("\(root)/\(name)").sampleRate == 16_000) }
  }
}
