"""Writes Fixtures/golden/spectral_distance.safetensors: how loud digits and drums are by band and time, and
how far the two are from each other."""

import numpy

import clips
import safetensors_file

LENGTH, FRAME, STEP, BANDS, TIMES = 16384, 256, 128, 16, 8


def names(folder):
    """The sounds of Fixtures/audio/FOLDER."""
    top = safetensors_file.ROOT / "Fixtures" / "audio"
    return sorted(str(path.relative_to(top)) for path in (top / folder).rglob("*.wav"))


def levels(samples):
    """`[times, bands]` in decibels: means of the logarithms over equal parts, without the Nyquist bin."""
    window = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(FRAME) / FRAME)
    padded = numpy.pad(samples, (0, FRAME))
    frames = numpy.stack([padded[start:start + FRAME] for start in range(0, LENGTH, STEP)])
    magnitudes = abs(numpy.fft.rfft(frames * window))[:, :-1]
    silence = 10 ** (-54 / 20) * window.sum() / 2
    decibels = 10 * numpy.log10(magnitudes ** 2 + silence ** 2)
    return decibels.reshape(TIMES, -1, BANDS, FRAME // 2 // BANDS).mean(axis=(1, 3))


def statistics(folder):
    """Mean and deviation over the sounds of a folder."""
    found = numpy.stack([levels(clips.fitted(name, LENGTH)) for name in names(folder)])
    return found.mean(axis=0), found.std(axis=0)


(digit_mean, digit_deviation), (drum_mean, drum_deviation) = statistics("digits"), statistics("drums")
squares = (digit_mean - drum_mean) ** 2 + (digit_deviation - drum_deviation) ** 2
safetensors_file.write("spectral_distance.safetensors", {
    "digits/mean": digit_mean, "digits/deviation": digit_deviation,
    "drums/mean": drum_mean, "drums/deviation": drum_deviation,
    "distance": numpy.sqrt(squares.mean(keepdims=True)).reshape(1)}, seed="none")
