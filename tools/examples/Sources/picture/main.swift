// Draws the spectrogram of an audio file, and reconstructs the audio without its phases.
//
//     picture kick.wav kick.png reconstructed.wav

import SpecGAN

guard CommandLine.arguments.count == 4 else {
  fatalError("Usage: picture AUDIO PNG WAV")
}
let (audio, png, wav) = (
  CommandLine.arguments[1], CommandLine.arguments[2], CommandLine.arguments[3]
)

// The magnitudes of frames of 256 samples, half overlapping.
let clip = try Waveform(contentsOf: audio).mixed(to: 1)
var stft = try STFT()
let magnitude = stft.magnitudes(of: clip.samples, framing: .centered)
try magnitude.writePicture(to: png)
print("\(magnitude.frameCount) frames of \(magnitude.binCount) bins")

// Phases that fit the magnitudes, and the audio of both.
let samples = try Inverter().invert(magnitude, length: clip.frameCount)
let reconstructed = Waveform(samples: samples, channels: 1, sampleRate: clip.sampleRate)
let clipped = try reconstructed.write(to: wav)

let error = try spectralConvergence(of: samples, to: magnitude)
print("spectral convergence \(error.rounded()) dB, \(clipped) samples clipped")
