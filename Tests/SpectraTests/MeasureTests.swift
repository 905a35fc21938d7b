import ComplexModule
import Foundation
import RealModule
import Spectra
import TestSupport
import Testing
import Workers

let clips = [
    "digits/zero/flite_kal16.wav", "digits/three/flite_slt.wav",
    "digits/seven/flite_kal16.wav", "digits/nine/flite_slt.wav",
    "drums/kick/bd_808.wav", "drums/snare/drum_snare_hard.wav",
    "drums/cymbal/drum_cymbal_hard.wav", "drums/tom/drum_tom_mid_soft.wav",
]
@Suite(.serialized) struct Measure {
  @Test func stftError() throws {
    let golden = try Golden("stft")
    for name in ["impulse", "chirp", "speech", "noise_1", "noise_255", "noise_257", "noise_16384"] {
      var stft = try STFT()
      let s = try golden.floats("\(name)/signal")
      let re = try golden.floats("\(name)/real"), im = try golden.floats("\(name)/imaginary")
      var sp = [Complex<Float>](repeating: 0, count: re.count)
      var ms = sp.mutableSpan
      stft.transform(s.span, into: &ms)
      var worst: Float = 0
      for start in stride(from: 0, to: re.count, by: 129) {
        let peak = (start..<start+129).map { hypot(re[$0], im[$0]) }.max()!
        for i in start..<start+129 { worst = max(worst, hypot(sp[i].real - re[i], sp[i].imaginary - im[i]) / max(peak, 1e-30)) }
      }
      print("stft", name, worst)
    }
  }
  @Test func gl() throws {
    let golden = try Golden("griffin_lim")
    for m in [InversionMethod.griffinLim, .fastGriffinLim] {
      for i in [1, 5] { for n in [1, 4] {
        let clip = try PCM16.clip(clips[i], length: 4000)
        var stft = try STFT()
        let full = stft.magnitudes(of: clip.span, framing: .centered)
        let mag = MagnitudeSpectrogram(frameCount: 32, binCount: 129, values: Array(full.values.prefix(32*129)), framing: .centered)
        var c = InversionConfiguration(); c.method = m; c.iterations = n
        let y = try Inverter(spectrogram: .init(), inversion: c, seed: 0, firstPhase: .zero).invert(mag, length: 4000)
        let g = try golden.floats("audio/\(i)/\(m.rawValue)/\(n)")
        print("audio", i, m, n, relativeError(y, g), largestDifference(y, g), g.map { abs($0) }.max()!)
      } }
      for (phase, n) in [(FirstPhase.zero, 1), (.zero, 4), (.zero, 32), (.random, 32), (.random, 60)] {
        let g = try golden.floats("sc/\(m.rawValue)/\(phase)/\(n)")
        var mine: [Float] = [], pub: [Float] = []
        for i in 0..<8 {
          let clip = try PCM16.clip(clips[i], length: 16384)
          var stft = try STFT()
          var c = InversionConfiguration(); c.method = m; c.iterations = n
          for f in Framing.allCases {
            let mag = stft.magnitudes(of: clip.span, framing: f)
            let y = try Inverter(spectrogram: .init(), inversion: c, seed: 0, firstPhase: phase).invert(mag, clip: UInt32(i))
            let v = Float(try spectralConvergence(of: y, to: mag))
            if f == .published { pub.append(v) } else { mine.append(v) }
          }
        }
        print("sc", m, phase, n); print("  librosa", g, g.reduce(0,+)/8); print("  mine   ", mine, mine.reduce(0,+)/8, "worst diff", largestDifference(mine, g)); print("  publish", pub, pub.reduce(0,+)/8)
      }
    }
    var c = InversionConfiguration(); c.method = .reference; c.iterations = 16
    let g = try golden.floats("sc/reference/zero/16")
    for i in 0..<8 {
      let clip = try PCM16.clip(clips[i], length: 16384)
      var stft = try STFT()
      let mag = stft.magnitudes(of: clip.span)
      let y = try Inverter(spectrogram: .init(), inversion: c, seed: 0).invert(mag)
      print("reference", i, try spectralConvergence(of: y, to: mag), g[i])
      if i == 0 { let a = try golden.floats("audio/0/reference/16"); print(relativeError(y, a), largestDifference(y, a)) }
    }
  }
  @Test func time() throws {
    let clip = try PCM16.clip(clips[0], length: 16384)
    var stft = try STFT()
    let mag = stft.magnitudes(of: clip.span)
    let clock = ContinuousClock()
    for m in InversionMethod.allCases {
      var times: [Duration] = []
      for n in [0, 60] {
        var c = InversionConfiguration(); c.method = m; c.iterations = n
        let inv = try Inverter(spectrogram: .init(), inversion: c, seed: 0)
        _ = try inv.invert(mag)
        times.append(try (0..<5).map { _ in try clock.measure { _ = try inv.invert(mag) } }.min()!)
      }
      print("time", m, "0:", times[0], "60:", times[1], "per", (times[1] - times[0]) / 60)
    }
    print("logmag", clock.measure { for _ in 0..<20 { _ = stft.logMagnitudes(of: clip.span) } } / 20)
    print("new stft", try clock.measure { for _ in 0..<20 { _ = try STFT() } } / 20)
  }
}
