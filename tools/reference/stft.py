"""The short-time Fourier transform of the reference, in float64.

Run it with `tools/reference/record stft`.

tf.signal.stft(x, 256, 128, pad_end=True): frame t holds the samples from 128 t on, as many frames
as have a first sample, zeros past the end, a periodic Hann window, no scaling. librosa and SciPy,
which frame and scale otherwise, must agree once that is undone.
"""

import librosa
import numpy
import scipy.signal

import clips
import safetensors_file

LENGTH, STEP = 256, 128
FLOOR = 1e-6
WINDOW = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(LENGTH) / LENGTH)
SEED = 20190212


def stft(signal):
    """[samples] to complex [frames, 129]; frames = samples / 128, rounded up."""
    count = -(-len(signal) // STEP)
    padded = numpy.pad(signal, (0, LENGTH))
    frames = numpy.stack([padded[STEP * t:STEP * t + LENGTH] for t in range(count)])
    return numpy.fft.rfft(frames * WINDOW)


def log_magnitudes(spectrum):
    """ln(|X| + 1e-6)."""
    return numpy.log(numpy.abs(spectrum) + FLOOR)


def check(signal, spectrum):
    """librosa, centred, so one frame late, and SciPy, scaled by the window's sum, must agree."""
    padded = numpy.pad(signal, (0, 2 * LENGTH))
    centred = librosa.stft(padded, n_fft=LENGTH, hop_length=STEP, pad_mode="constant").T
    _, _, scaled = scipy.signal.stft(
        padded, window="hann", nperseg=LENGTH, noverlap=LENGTH - STEP, boundary=None, padded=False)
    peak = max(numpy.abs(spectrum).max(), 1)
    assert numpy.abs(centred[1:len(spectrum) + 1] - spectrum).max() < 1e-12 * peak
    assert numpy.abs(scaled.T[:len(spectrum)] * WINDOW.sum() - spectrum).max() < 1e-12 * peak


def signals():
    """The cases: what is simple, what is real, and lengths around a frame's."""
    generator = numpy.random.default_rng(SEED)
    impulse = numpy.zeros(2000)
    impulse[300] = 1
    cases = {
        "impulse": impulse,
        "chirp": 0.5 * scipy.signal.chirp(numpy.arange(2000) / 16000, 50, 2000 / 16000, 7500),
        "silence": numpy.zeros(2000),
        "speech": clips.fitted("digits/seven/flite_kal16.wav", 16384),
    }
    for length in [1, 255, 257, 16384]:
        cases[f"noise_{length}"] = 0.1 * generator.standard_normal(length)
    return {name: signal.astype(numpy.float32) for name, signal in cases.items()}


def main():
    tensors = {}
    for name, signal in signals().items():
        spectrum = stft(signal.astype(numpy.float64))
        check(signal.astype(numpy.float64), spectrum)
        tensors[f"{name}/signal"] = signal
        tensors[f"{name}/real"] = spectrum.real
        tensors[f"{name}/imaginary"] = spectrum.imag
        tensors[f"{name}/log_magnitude"] = log_magnitudes(spectrum)
    safetensors_file.write("stft.safetensors", tensors, SEED)


if __name__ == "__main__":
    main()
