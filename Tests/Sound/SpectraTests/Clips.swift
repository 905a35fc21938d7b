import SpecGANTestSupport
import Spectra

/// The eight clips that the reference program of phase reconstruction took, in its order.
let clips = [
  "digits/zero/flite_kal16.wav", "digits/three/flite_slt.wav",
  "digits/seven/flite_kal16.wav", "digits/nine/flite_slt.wav",
  "drums/kick/bd_808.wav", "drums/snare/drum_snare_hard.wav",
  "drums/cymbal/drum_cymbal_hard.wav", "drums/tom/drum_tom_mid_soft.wav",
]

/// Clip `index`, cut or padded to the length of a slice.
func slice(_ index: Int) throws -> [Float] { try PCM16.clip(clips[index], length: 16_384) }

/// The exact magnitudes of `samples`.
func magnitudes(
  _ samples: [Float], _ framing: Framing, _ configuration: SpectrogramConfiguration = .init()
) throws -> MagnitudeSpectrogram {
  var stft = try STFT(configuration)
  return stft.magnitudes(of: samples.span, framing: framing)
}

/// An inverter of the published transform; `pghi` makes no iterations, whatever is asked for.
func inverter(
  _ method: InversionMethod, _ iterations: Int, seed: UInt64 = 0,
  _ firstPhase: FirstPhase? = nil,
  _ configuration: SpectrogramConfiguration = .init()
) throws -> Inverter {
  var inversion = InversionConfiguration()
  (inversion.method, inversion.iterations) = (method, method == .pghi ? 0 : iterations)
  return try Inverter(
    spectrogram: configuration, inversion: inversion, seed: seed, firstPhase: firstPhase)
}

/// The spectral convergences, in dB, of the eight clips' inversions, clip `i` numbered `i`.
func convergences(_ inverter: Inverter, _ framing: Framing) throws -> [Float] {
  try clips.indices.map { index in
    let target = try magnitudes(slice(index), framing)
    let sound = try inverter.invert(target, clip: UInt32(index))
    return Float(try spectralConvergence(of: sound, to: target))
  }
}

/// The mean.
func mean(_ numbers: [Float]) -> Float { numbers.reduce(0, +) / Float(numbers.count) }
