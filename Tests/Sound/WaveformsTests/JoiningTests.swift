import Testing
import Waveforms

@Suite struct JoiningTests {
  @Test func soundsFollowEachOtherWithSilenceBetween() {
    func sound(_ samples: [Float]) -> Waveform {
      Waveform(samples: samples, channels: 2, sampleRate: 8_000)
    }
    let sounds = [sound([1, 2, 3, 4]), sound([5, 6]), sound([7, 8])]
    #expect(
      Waveform(joining: sounds, silence: 2)
        == sound([1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 0, 0, 0, 0, 7, 8]))
    #expect(Waveform(joining: sounds, silence: 0) == sound([1, 2, 3, 4, 5, 6, 7, 8]))
    #expect(Waveform(joining: [sounds[1]], silence: 9) == sounds[1])
  }
}
