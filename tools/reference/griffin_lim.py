"""Phase reconstruction by librosa, and by the method of the reference, in float64.

Run it with `tools/reference/record griffin_lim`.

Griffin and Lim 1984; Perraudin, Balazs and Sondergaard 2013 (momentum 0.99), both by librosa in
centred frames with zeros outside. The reference's own inverter overlaps a Hann synthesis
window on the Hann analysis window and does not normalise. Spectral convergence is
20 log10(|| |STFT y| - S || / ||S||).
"""

import librosa
import numpy

import clips
import safetensors_file
from stft import LENGTH, STEP, WINDOW, stft

SEED = 0
SAMPLES, SHORT = 16384, 4000
MOMENTUM = {"griffin-lim": 0, "fast-griffin-lim": 0.99}
CLIPS = [
    "digits/zero/flite_kal16.wav", "digits/three/flite_slt.wav",
    "digits/seven/flite_kal16.wav", "digits/nine/flite_slt.wav",
    "drums/kick/bd_808.wav", "drums/snare/drum_snare_hard.wav",
    "drums/cymbal/drum_cymbal_hard.wav", "drums/tom/drum_tom_mid_soft.wav",
]


def convergence(estimate, magnitude):
    """The remaining error of the magnitudes, in dB."""
    error = numpy.linalg.norm(numpy.abs(estimate) - magnitude)
    return 20 * numpy.log10(error / numpy.linalg.norm(magnitude))


def centred(signal):
    """librosa's frames: frame t is centred on sample 128 t. Complex [129, frames]."""
    return librosa.stft(signal, n_fft=LENGTH, hop_length=STEP, pad_mode="constant")


def reconstructed(signal, method, start, iterations):
    """librosa's sound from the exact magnitudes of `signal`, and its spectral convergence."""
    magnitude = numpy.abs(centred(signal))
    sound = librosa.griffinlim(
        magnitude, n_iter=iterations, hop_length=STEP, n_fft=LENGTH, momentum=MOMENTUM[method],
        init={"zero": None, "random": "random"}[start], random_state=SEED, length=len(signal))
    return sound, convergence(centred(sound), magnitude)


def overlapped(spectrum):
    """The inverse of the reference: windowed a second time, added up, nothing divided by."""
    sound = numpy.zeros(STEP * (len(spectrum) - 1) + LENGTH)
    for index, frame in enumerate(numpy.fft.irfft(spectrum) * WINDOW):
        sound[STEP * index:STEP * index + LENGTH] += frame
    return sound


def published(signal, iterations=16):
    """The reference's sound from the magnitudes of `signal`, and its spectral convergence."""
    magnitude = numpy.abs(stft(signal))
    spectrum = magnitude.astype(complex)
    for _ in range(iterations):
        estimate = stft(overlapped(spectrum))[:len(magnitude)]  # whole frames only
        spectrum = magnitude * estimate / numpy.maximum(1e-8, numpy.abs(estimate))
    sound = overlapped(spectrum)[:len(signal)]
    return sound, convergence(stft(sound), magnitude)


def main():
    signals = [clips.fitted(path, SAMPLES) for path in CLIPS]
    runs = [(m, "zero", n) for m in MOMENTUM for n in (1, 4, 32)]
    runs += [(m, "random", n) for m in MOMENTUM for n in (32, 60)]
    tensors = {}
    for run in runs:
        name = "sc/" + "/".join(map(str, run))
        tensors[name] = numpy.array([reconstructed(signal, *run)[1] for signal in signals])
        print(name, tensors[name].round(2))
    for index, method, iterations in [(i, m, n) for i in (1, 5) for m in MOMENTUM for n in (1, 4)]:
        sound, _ = reconstructed(signals[index][:SHORT], method, "zero", iterations)
        tensors[f"audio/{index}/{method}/{iterations}"] = sound
    sounds = [published(signal) for signal in signals]
    tensors["sc/reference/zero/16"] = numpy.array([error for _, error in sounds])
    tensors["audio/0/reference/16"] = sounds[0][0]
    print("sc/reference/zero/16", tensors["sc/reference/zero/16"].round(2))
    safetensors_file.write(
        "griffin_lim.safetensors", tensors, SEED, clips=", ".join(CLIPS),
        clip_samples=SAMPLES, short_samples=SHORT)


if __name__ == "__main__":
    main()
