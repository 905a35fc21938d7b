import SpecGANErrors
import Testing
import Waveforms

@Suite struct LevelsTests {
  private let stereo = Waveform(
    samples: [1, 0, 0.5, -0.5, 3e38, 3e38], channels: 2, sampleRate: 8000)

  @Test func manyChannelsBecomeTheirMean() throws {
    #expect(try stereo.mixed(to: 1).samples == [0.5, 0, 3e38])
    let three = Waveform(samples: [1, 2, 6], channels: 3, sampleRate: 8000)
    #expect(try three.mixed(to: 1) == Waveform(samples: [3], channels: 1, sampleRate: 8000))
  }

  @Test func oneChannelBecomesCopies() throws {
    let mono = Waveform(samples: [0.1, 0.2], channels: 1, sampleRate: 8000)
    #expect(try mono.mixed(to: 2).samples == [0.1, 0.1, 0.2, 0.2])
    #expect(try mono.mixed(to: 2).channels == 2)
    #expect(try mono.mixed(to: 1) == mono)
  }

  @Test func theSameCountStaysAndOthersAreRefused() throws {
    #expect(try stereo.mixed(to: 2) == stereo)
    for wanted in [3, 0, -1] {
      #expect(throws: SpecGANError.unmixable(channels: 2, wanted: wanted)) {
        try stereo.mixed(to: wanted)
      }
    }
  }

  @Test(arguments: [[0.1, -0.3, 0.2], [5, -2], [0x1p-149, 0], [-1]] as [[Float]])
  func theLargestSampleBecomesOne(samples: [Float]) {
    let sound = Waveform(samples: samples, channels: 1, sampleRate: 8000).peakNormalized()
    #expect(sound.samples.map(abs).max() == 1)
    for (scaled, sample) in zip(sound.samples, samples) { #expect(scaled * sample >= 0) }
  }

  @Test func silenceStaysSilence() {
    let silence = Waveform(samples: [0, 0], channels: 1, sampleRate: 8000)
    #expect(silence.peakNormalized() == silence)
    let nothing = Waveform(samples: [], channels: 1, sampleRate: 8000)
    #expect(nothing.peakNormalized() == nothing)
  }
}
