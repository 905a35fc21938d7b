import SpecGANRandomness
import Testing
import Waveforms

/// The laws of trimmed clips, on noise that decays, after silence, noise or nothing.
@Suite struct ClipEdgesTests {
  private static let rate = 16_000
  /// 1 ms and 5 ms at that rate.
  private static let (fadeIn, fadeOut) = (16, 80)

  private var trimming: Mastering {
    var mastering = Mastering()
    (mastering.trimsStart, mastering.trimsEnd) = (true, true)
    return mastering
  }

  private func waveform(_ samples: [Float]) -> Waveform {
    Waveform(samples: samples, channels: 1, sampleRate: Self.rate)
  }

  /// Noise of 4,000 samples that decays by 120 dB, after `silence` samples of noise at `floor`.
  private func hit(_ seed: UInt64, silence: Int, floor: Float, attack: Int) -> Waveform {
    let stream = RandomStream(seed: seed, stream: 5)
    func noise(_ index: Int) -> Float { 2 * stream.uniform(at: UInt64(index)) - 1 }
    let before = (0..<silence).map { floor * noise($0) }
    let after = (0..<4_000).map { index -> Float in
      let rise = index < attack ? Float(index) / Float(attack) : 1
      let decay = Float(index) / 4_000
      return rise * (1 - decay) * (1 - decay) * (1 - decay) * noise(silence + index) / 1
    }
    let tail = [Float](repeating: 0, count: 3_000)
    return waveform(before + after + tail)
  }

  @Test(arguments: 0..<40) func aClipBeginsWithItsAttackOrWithoutAClick(_ seed: Int) {
    let stream = RandomStream(seed: UInt64(seed), stream: 6)
    let silence = seed % 4 == 0 ? 0 : Int(stream.uniform(at: 0) * 2_000)
    let clip = hit(
      UInt64(seed), silence: silence, floor: seed % 3 == 0 ? 0 : 0.0002,
      attack: seed % 5 == 0 ? 1 : Int(stream.uniform(at: 1) * 400) + 1)
    for level in [OutputLevel.protect, .normalize] {
      var mastering = trimming
      mastering.level = level
      let gain = mastering.gain(peak: clip.peak)
      let (found, edges) = mastering.edged(clip, gain: gain, number: 0)
      #expect(found.peak <= OutputLevel.ceiling * (1 + 0x1p-22))
      let first = abs(found.samples[0])
      let beginning = found.samples.prefix(Self.fadeIn).map(abs).max() ?? 0
      #expect(first < 0.01 || beginning >= found.peak * 0.5, "\(first), \(beginning)")
      #expect(edges.start == 0 || found.samples[0] == 0)
      // What was cut is inaudible, and so is all that fades in after a cut.
      let limit = clip.peak * 0.001
      #expect(clip.samples.prefix(edges.start).allSatisfy { abs($0) <= limit })
      let end = edges.start + edges.frameCount
      #expect(clip.samples.dropFirst(end).allSatisfy { abs($0) <= limit })
      #expect(found.frameCount == edges.frameCount && end <= clip.frameCount)
      // Between the fades each sample is that of the clip.
      for frame in edges.fadeIn..<edges.frameCount - edges.fadeOut {
        #expect(found.samples[frame] == clip.samples[edges.start + frame] * gain)
      }
      #expect(abs(found.samples[edges.frameCount - 1]) <= found.peak / Float(Self.fadeOut + 1))
      // The edges alone give the same clip.
      var louder = clip
      for index in louder.samples.indices { louder.samples[index] *= gain }
      #expect(edges.apply(to: louder) == found)
    }
  }

  @Test func silenceIsCutToOneMillisecondBeforeTheOnset() {
    let clip = waveform([Float](repeating: 0.0005, count: 100) + [1, 0.5] + [0, 0, 0])
    let edges = ClipEdges(of: clip, trimsStart: true, trimsEnd: false)
    #expect(edges == ClipEdges(start: 84, frameCount: 21, fadeIn: 16, fadeOut: 0))
    let cut = edges.apply(to: clip)
    #expect(cut.samples[0] == 0 && cut.samples[8] == 0.00025 && cut.samples[16] == 1)
  }

  /// A soft burst of one sample or 30 ms at the end is cut off with the silence before it, at one
  /// or two channels. A louder, longer or earlier one, and one that follows within 50 ms, stays.
  @Test(arguments: [1, 2]) func aBurstAtTheEndIsCutOff(_ channels: Int) {
    func frameCount(_ level: Float, length: Int, gap: Int = 2_000, after: Int = 0) -> Int {
      let frames =
        [1, 0.5] + [Float](repeating: 0.0005, count: gap) + [Float](repeating: level, count: length)
        + [Float](repeating: 0, count: after)
      let clip = Waveform(
        samples: frames.flatMap { frame in [Float](repeating: frame, count: channels) },
        channels: channels, sampleRate: Self.rate)
      return ClipEdges(of: clip, trimsStart: false, trimsEnd: true).frameCount
    }
    for length in [1, 80, 480] {
      let all = 2_002 + length
      #expect(frameCount(0.03, length: length) == 82)
      #expect(frameCount(-0.03, length: length, gap: 800) == 82)
      #expect(frameCount(0.033, length: length) == all)
      #expect(frameCount(0.03, length: length, gap: 799) == 801 + length)
      #expect(frameCount(0.03, length: length, after: 480) == all + 80)
    }
    #expect(frameCount(0.03, length: 481) == 2_483)
    // After 200 ms, soft sounds of any length are cut off, and no louder ones.
    #expect(frameCount(0.03, length: 4_000, gap: 3_200, after: 100) == 82)
    #expect(frameCount(0.03, length: 4_000, gap: 3_199) == 7_201)
    #expect(frameCount(0.033, length: 4_000, gap: 3_200) == 7_202)
  }

  /// An attack in the first millisecond stays; a step that is no attack fades in.
  @Test func onlyAnAttackBeginsAbruptly() {
    let rest = [Float](repeating: 0.3, count: 50)
    func edges(_ samples: [Float]) -> ClipEdges {
      ClipEdges(of: waveform(samples), trimsStart: true, trimsEnd: false)
    }
    #expect(edges([0.3, 0.6, -0.6] + rest).fadeIn == 0)
    #expect(edges([0.3, -0.3] + rest + [0.7]).fadeIn == 16)
    #expect(edges([0.3, -0.3] + rest + [0.6]).fadeIn == 0)
    #expect(
      edges([0, 0] + rest + [0.7])
        == ClipEdges(
          start: 0, frameCount: 53, fadeIn: 16, fadeOut: 0))
    let silence = edges([0, 0, 0])
    #expect(silence == ClipEdges(start: 0, frameCount: 3, fadeIn: 0, fadeOut: 0))
  }

  @Test func framesStayComplete() {
    let samples = [Float](repeating: 0, count: 200) + [0, 1, 0.2, 0.1] + [0, 0]
    let clip = Waveform(samples: samples, channels: 2, sampleRate: 8_000)
    let edges = ClipEdges(of: clip, trimsStart: true, trimsEnd: true)
    #expect(edges == ClipEdges(start: 92, frameCount: 11, fadeIn: 8, fadeOut: 40))
    #expect(edges.apply(to: clip).samples.count == 22)
  }
}
