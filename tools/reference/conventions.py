"""The short-time Fourier transform of other libraries, for other frames and windows than the published ones.

Run it with `tools/reference/record conventions`.

Centred frames, zeros beyond the signal, periodic windows, no scaling: librosa.stft(pad_mode="constant"),
torch.stft(pad_mode="constant") and SciPy's ShortTimeFFT(phase_shift=None) agree on it, which is checked
here, and with numpy's FFT of every frame. All in float64.
"""

import librosa
import numpy
import scipy.signal
import torch

import safetensors_file

SEED = 20190501
# Frame length, step, window, samples: powers of two and not, overlaps of a half to 15/16, lengths that are
# whole steps, that are not, and shorter than a frame.
GRID = [
    (256, 128, "hann", 1024), (256, 64, "hamming", 700), (64, 16, "gaussian", 400),
    (90, 45, "hamming", 333), (512, 32, "gaussian", 300), (100, 25, "hann", 60), (6, 1, "hamming", 40),
]


def window(name, length):
    """Periodic: the value after the last would be the first again."""
    if name == "gaussian":
        return scipy.signal.windows.gaussian(length, std=length / 6, sym=False)
    return scipy.signal.get_window(name, length, fftbins=True)


def by_numpy(signal, length, step, shape):
    padded = numpy.pad(signal, length)
    starts = range(length // 2, length // 2 + len(signal) + 1, step)
    return numpy.stack([numpy.fft.rfft(padded[start:start + length] * shape) for start in starts])


def by_librosa(signal, length, step, shape):
    return librosa.stft(signal, n_fft=length, hop_length=step, window=shape, pad_mode="constant").T


def by_torch(signal, length, step, shape):
    return torch.stft(
        torch.from_numpy(signal), length, step, window=torch.from_numpy(shape), center=True,
        pad_mode="constant", return_complex=True).numpy().T


def by_scipy(signal, length, step, shape):
    transform = scipy.signal.ShortTimeFFT(shape, hop=step, fs=1, phase_shift=None)
    return transform.stft(signal, p0=0, p1=1 + len(signal) // step).T


def main():
    generator = numpy.random.default_rng(SEED)
    tensors = {}
    for length, step, name, count in GRID:
        signal = (0.3 * generator.standard_normal(count)).astype(numpy.float32)
        shape = window(name, length)
        exact = signal.astype(numpy.float64)
        spectrum = by_numpy(exact, length, step, shape)
        for other in (by_librosa, by_torch, by_scipy):
            found = other(exact, length, step, shape)
            assert found.shape == spectrum.shape, other
            assert numpy.abs(found - spectrum).max() < 1e-12 * numpy.abs(spectrum).max(), other
        case = f"{name}_{length}_{step}"
        tensors[f"{case}/window"] = shape
        tensors[f"{case}/signal"] = signal
        tensors[f"{case}/real"] = spectrum.real
        tensors[f"{case}/imaginary"] = spectrum.imag
    safetensors_file.write("conventions.safetensors", tensors, SEED)


if __name__ == "__main__":
    main()
