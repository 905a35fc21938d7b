#!/usr/bin/env python3
"""Prints the Markdown table of tools/benchmark/merging: the error of inversion with and without merged bins.

Each sound, mixed down and at most 2 s, is inverted by `specgan invert`, which removes its phases and the details that
merged bins lose. The result is compared with the original by the root mean square difference of levels in dB, over
bands or bins and as a mean over time and sounds; levels more than 80 dB below the sound's largest count as 80 dB below.

Bands are 40 Gaussians between 50 Hz and 21.6 kHz, equally spaced on the scale of Glasberg and Moore, "Derivation of
Auditory Filter Shapes from Notched-Noise Data", Hearing Research 47, 1990, each with the standard deviation of half
its equivalent rectangular bandwidth.

Usage: compare_merging.py SPECGAN FOLDER
"""
import pathlib
import platform
import subprocess
import sys
import tempfile

import numpy
import soundfile

RATE, LONGEST, FLOOR_DB = 44_100, 2.0, -80
# Frame length, frame step, merged bins, first merged bin.
SETTINGS = [(512, 256, 1, 0), (512, 256, 3, 64), (640, 320, 1, 0), (640, 320, 4, 64), (256, 128, 1, 0)]
HATS_AND_CYMBALS = ("hat", "crash", "ride", "splash", "bell", "cymbal")
SHORT, LONG = 256, 1024


def magnitudes(sound, length):
    """The magnitudes of frames of `length` samples, a quarter of that apart."""
    window = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(length) / length)
    padded = numpy.pad(sound, length)
    starts = range(0, len(padded) - length + 1, length // 4)
    return numpy.abs(numpy.fft.rfft(numpy.stack([padded[start:start + length] for start in starts]) * window))


def bands(spectrogram):
    """The levels, as magnitudes, of bands of the ear's resolution."""
    bins = numpy.arange(spectrogram.shape[1]) * RATE / (2 * (spectrogram.shape[1] - 1))
    scale = numpy.linspace(*(21.4 * numpy.log10(1 + 0.00437 * numpy.array([50, 21_600]))), 40)
    centers = (10 ** (scale / 21.4) - 1) / 0.00437
    deviations = 24.7 * (0.00437 * centers + 1) / 2
    weights = numpy.exp(-0.5 * ((bins - centers[:, None]) / deviations[:, None]) ** 2)
    return numpy.sqrt(spectrogram ** 2 @ weights.T)


def distance(found, wanted):
    floor = wanted.max() * 10 ** (FLOOR_DB / 20)
    levels = [20 * numpy.log10(numpy.maximum(each, floor)) for each in (found, wanted)]
    return numpy.sqrt(((levels[0] - levels[1]) ** 2).mean(1)).mean()


def errors(found, wanted):
    """The errors in bands of short and of long frames, and in the bins of frames of 512 samples."""
    return [distance(bands(magnitudes(found, n)), bands(magnitudes(wanted, n))) for n in (SHORT, LONG)] + [
        distance(magnitudes(found, 512), magnitudes(wanted, 512))]


def main(specgan, folder):
    sounds = {}
    for path in sorted(pathlib.Path(folder).glob("*.wav")):
        samples, rate = soundfile.read(path, always_2d=True)
        samples = samples.mean(1)[:int(LONGEST * RATE)]
        if rate == RATE and numpy.abs(samples).max() > 0:
            sounds[path.stem] = samples / (2 * numpy.abs(samples).max())
    assert sounds, f"{folder} has no WAV files of {RATE} Hz"
    hats = [name for name in sounds if any(part in name.lower() for part in HATS_AND_CYMBALS)]
    version = subprocess.run([specgan, "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    print(f"{len(sounds)} sounds, {len(hats)} of them hats and cymbals; {version}, NumPy {numpy.__version__}, "
          f"{platform.machine()}\n")
    print("| frame, step | merged | elements per second | auditory bands, frames of 256 | "
          "auditory bands, frames of 1,024 | bins, frames of 512 |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "in").mkdir()
        for name, samples in sounds.items():
            soundfile.write(work / "in" / f"{name}.wav", samples, RATE, subtype="FLOAT")
        for row, (length, step, merged, first) in enumerate(SETTINGS):
            configuration = work / f"{row}.yaml"
            configuration.write_text(
                f"spectrogram: {{frame_length: {length}, frame_step: {step}, merged_bins: {merged}, "
                f"first_merged_bin: {first}}}\n")
            subprocess.run(
                [specgan, "invert", *sorted(map(str, (work / "in").iterdir())), "--output", work / str(row),
                 "--config", configuration, "--format", "float", "--level", "as-is", "--quiet"], check=True)
            found = {}
            for name, samples in sounds.items():
                inverted = soundfile.read(work / str(row) / f"{name}.wav")[0]
                assert len(inverted) == len(samples), name
                found[name] = errors(inverted, samples)
            means = [numpy.mean([found[name] for name in names], axis=0) for names in (sounds, hats)]
            bins = first + (length // 2 - first) // merged
            print(f"| {length}, {step} | {f'{merged} from bin {first}' if merged > 1 else 'none'} | "
                  f"{bins * RATE / step:,.0f} | " + " | ".join(
                      f"{every:.2f}, {hat:.2f}" for every, hat in zip(*means)) + " |")


if __name__ == "__main__":
    main(*sys.argv[1:])
