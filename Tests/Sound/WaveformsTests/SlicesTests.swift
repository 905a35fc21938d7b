import Testing
import Waveforms

@Suite struct SlicesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var frames: Int
    var overlap: Double
    var first = false
    var pad: Bool
    var offsets: [Int]
    var testDescription: String {
      "\(frames) frames, overlap \(overlap), first \(first), pad \(pad)"
    }
  }

  /// Slices of four frames: sounds that are shorter, fit exactly, or are longer by a part or a
  /// whole.
  static let cases: [Case] = [
    Case(frames: 0, overlap: 0, pad: true, offsets: []),
    Case(frames: 0, overlap: 0, pad: false, offsets: []),
    Case(frames: 3, overlap: 0, pad: true, offsets: [0]),
    Case(frames: 3, overlap: 0, pad: false, offsets: []),
    Case(frames: 4, overlap: 0, pad: true, offsets: [0]),
    Case(frames: 4, overlap: 0, pad: false, offsets: [0]),
    Case(frames: 5, overlap: 0, pad: true, offsets: [0, 4]),
    Case(frames: 5, overlap: 0, pad: false, offsets: [0]),
    Case(frames: 8, overlap: 0, pad: true, offsets: [0, 4]),
    Case(frames: 8, overlap: 0, pad: false, offsets: [0, 4]),
    Case(frames: 3, overlap: 0.5, pad: true, offsets: [0]),
    Case(frames: 3, overlap: 0.5, pad: false, offsets: []),
    Case(frames: 4, overlap: 0.5, pad: true, offsets: [0]),
    Case(frames: 4, overlap: 0.5, pad: false, offsets: [0]),
    Case(frames: 5, overlap: 0.5, pad: true, offsets: [0, 2]),
    Case(frames: 5, overlap: 0.5, pad: false, offsets: [0]),
    Case(frames: 6, overlap: 0.5, pad: true, offsets: [0, 2]),
    Case(frames: 8, overlap: 0.5, pad: false, offsets: [0, 2, 4]),
    Case(frames: 8, overlap: 0.5, pad: true, offsets: [0, 2, 4]),
    Case(frames: 6, overlap: 0.99, pad: false, offsets: [0, 1, 2]),
    Case(frames: 0, overlap: 0, first: true, pad: true, offsets: []),
  ]

  static let firstOnly = [3, 4, 5, 8].flatMap { frames in
    [0, 0.5].flatMap { overlap in
      [true, false].map { pad in
        Case(frames: frames, overlap: overlap, first: true, pad: pad, offsets: [0])
      }
    }
  }

  @Test(arguments: cases + firstOnly) func slicesStartWhereTheyShould(_ example: Case) throws {
    var configuration = AudioConfiguration()
    configuration.sliceLength = 4
    configuration.overlap = example.overlap
    configuration.firstSliceOnly = example.first
    configuration.padEnd = example.pad
    let sound = Waveform(
      samples: (0..<2 * example.frames).map { Float($0 + 1) }, channels: 2, sampleRate: 8000)
    #expect(Array(configuration.sliceOffsets(frameCount: example.frames)) == example.offsets)
    let expected = example.offsets.map { offset in
      (2 * offset..<2 * offset + 8).map { $0 < sound.samples.count ? Float($0 + 1) : 0 }
    }
    #expect(try sound.slices(configuration) == expected)
  }

  @Test(arguments: [(0, 0.5), (-4, 0), (4, 1), (4, -0.5), (4, .nan)])
  func refusesSettingsThatCutNothing(sliceLength: Int, overlap: Double) {
    let sound = Waveform(samples: [1, 2], channels: 1, sampleRate: 8000)
    let settings = AudioConfiguration(sliceLength: sliceLength, overlap: overlap)
    #expect(throws: SpecGANError.self) { try sound.slices(settings) }
  }

  @Test(arguments: [(4, 0.0, 4), (4, 0.5, 2), (5, 0.5, 3), (4, 0.99, 1), (16_384, 0.25, 12_288)])
  func theHopIsRounded(length: Int, overlap: Double, hop: Int) {
    var configuration = AudioConfiguration()
    configuration.sliceLength = length
    configuration.overlap = overlap
    #expect(configuration.hop == hop)
  }

  /// Law: padded slices cover every frame, and each holds a frame that none before it does.
  @Test(arguments: [1, 7, 8, 9, 15, 16, 17, 100], [0, 0.3, 0.5, 0.9])
  func paddedSlicesCoverTheSound(frames: Int, overlap: Double) {
    var configuration = AudioConfiguration()
    configuration.sliceLength = 8
    configuration.overlap = overlap
    var covered = 0
    for offset in configuration.sliceOffsets(frameCount: frames) {
      #expect(offset <= covered)
      #expect(covered < frames)
      covered = offset + 8
    }
    #expect(covered >= frames)
  }

  @Test func aSliceBehindTheEndIsZeros() {
    let sound = Waveform(samples: [1, 2], channels: 1, sampleRate: 8000)
    #expect(sound.slice(at: 5, length: 3) == [0, 0, 0])
    #expect(sound.slice(at: 1, length: 3) == [2, 0, 0])
  }
}
