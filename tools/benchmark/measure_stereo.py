#!/usr/bin/env python3
"""Prints the Markdown table of tools/benchmark/stereo: the image of stereo clips before and after phase
reconstruction, with both channels together and with each alone.

A clip is the first 65,536 samples of a stereo file in which neither channel is silent and the difference of the
channels is above -30 dB of the clip. Its magnitudes, in frames of 512 samples with a step of 256, are inverted
unchanged and perturbed. The perturbation is Gaussian noise in dB: 2 dB that both channels share, and 1 dB in each
channel. "each alone" inverts the channels as two mono files.

Columns are medians over the clips, of the absolute differences from the original: of the level difference of left
and right in dB; of their correlation at lag 0, also the 90th percentile and the mean; of the largest correlation
within 1 ms. "same lag" is the share of clips in which that one is within 1 sample of the original's. The last two
are the spectral convergence in dB of the louder and the quieter channel to the magnitudes that were inverted.

Usage: measure_stereo.py SPECGAN FOLDER…
"""
import argparse
import json
import os
import pathlib
import platform
import struct
import subprocess
import tempfile

os.environ["OMP_NUM_THREADS"] = "1"

import numpy
import soundfile

SAMPLES, LENGTH, STEP = 65536, 512, 256
METHODS = ["best", "fast", "pghi"]
COMMON, OWN = 2.0, 1.0  # dB
CONFIGURATION = """\
audio: {{sample_rate: {rate}, slice_length: 65536, channels: {channels}}}
spectrogram: {{frame_length: 512, frame_step: 256}}
specgan: {{frames: 256, bins: 256}}
"""


def clips(folders):
    """Yields the samples, [frames, 2], and the sample rate in Hz of each file with a stereo image."""
    paths = sorted(path for folder in folders for path in pathlib.Path(folder).rglob("*") if path.is_file())
    for path in paths:
        try:
            samples, rate = soundfile.read(path, frames=SAMPLES, dtype="float64", always_2d=True)
        except soundfile.LibsndfileError:
            continue
        if samples.shape[1] != 2 or len(samples) < 2000:
            continue
        energy = (samples**2).sum(0)
        side = ((samples[:, 0] - samples[:, 1]) ** 2).sum()
        if energy.min() > 0 and energy.sum() > 1e-6 * len(samples) and side > 1e-3 * energy.sum():
            yield samples, rate


def magnitudes(samples):
    """|X| of frames that begin at multiples of the step, padded with zeros, [frames, bins, channels]."""
    frames = -(-len(samples) // STEP)
    padded = numpy.pad(samples, ((0, frames * STEP + LENGTH - len(samples)), (0, 0)))
    window = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(LENGTH) / LENGTH)
    framed = numpy.stack([padded[t * STEP : t * STEP + LENGTH] for t in range(frames)])
    return numpy.abs(numpy.fft.rfft(framed * window[:, None], axis=1))


def write_magnitude(path, values):
    data = numpy.ascontiguousarray(values, "<f4").tobytes()
    header = {"magnitude": {"dtype": "F32", "shape": list(values.shape), "data_offsets": [0, len(data)]}}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class Image:
    """The level difference in dB, the correlation at lag 0, and the largest within 1 ms with its lag."""

    def __init__(self, samples, rate):
        energies = (samples**2).sum(0)
        self.level = 10 * numpy.log10((energies[0] + 1e-20) / (energies[1] + 1e-20))
        most = rate // 1000
        # Padded, so that no product wraps around.
        left, right = numpy.fft.rfft(samples, 2 ** (len(samples) + most).bit_length(), axis=0).T
        products = numpy.fft.irfft(left.conj() * right)
        lags = range(-most, most + 1)
        correlations = [products[lag] / (numpy.sqrt(energies.prod()) + 1e-20) for lag in lags]
        self.correlation = correlations[most]
        self.largest = max(correlations)
        self.lag = lags[int(numpy.argmax(correlations))]


def convergences(samples, wanted):
    """The spectral convergence in dB, of the channel with more energy first."""
    order = numpy.argsort(-(wanted**2).sum((0, 1)), kind="stable")
    errors = ((magnitudes(samples) - wanted) ** 2).sum((0, 1)) / (wanted**2).sum((0, 1))
    return 10 * numpy.log10(errors[order])


def inverted(program, targets, rates, method, together, folder):
    """The clips of `targets`, [frames, bins, 2], with both channels together or each alone."""
    results = [None] * len(targets)
    for rate in sorted(set(rates)):
        (folder / "c.yaml").write_text(CONFIGURATION.format(rate=rate, channels=2 if together else 1))
        names = {}
        for index, target in enumerate(targets):
            if rates[index] == rate:
                parts = [target] if together else [target[:, :, 0], target[:, :, 1]]
                names[index] = [f"{index:05}-{part}" for part in range(len(parts))]
                for name, part in zip(names[index], parts):
                    write_magnitude(folder / f"{name}.safetensors", part)
        files = [f"{name}.safetensors" for group in names.values() for name in group]
        subprocess.run(
            [program, "invert", *files, "--output", "out", "--replace", "--config", "c.yaml", "--method", method,
             "--level", "as-is", "--format", "float", "--quiet"], cwd=folder, check=True)
        for index, group in names.items():
            channels = [soundfile.read(folder / "out" / f"{name}.wav", always_2d=True)[0] for name in group]
            results[index] = numpy.concatenate(channels, axis=1)
    return results


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("specgan")
    arguments.add_argument("folders", nargs="+")
    given = arguments.parse_args()
    program = str(pathlib.Path(given.specgan).resolve())
    sounds, rates = zip(*clips(given.folders))
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    print(f"{len(sounds)} clips; {version}; Python {platform.python_version()}, numpy {numpy.__version__}, "
          f"{platform.machine()}\n")
    print("| magnitudes | method | channels | level, dB | correlation | 90 % | mean | largest | same lag "
          "| louder, dB | quieter, dB |\n|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    exact = [magnitudes(sound) for sound in sounds]
    images = [Image(sound, rate) for sound, rate in zip(sounds, rates)]
    random = numpy.random.default_rng(1)
    def deviates(shape, decibels):
        return random.standard_normal(shape) * decibels
    perturbed = [
        values * 10 ** ((deviates(values.shape[:2] + (1,), COMMON) + deviates(values.shape, OWN)) / 20)
        for values in exact
    ]
    with tempfile.TemporaryDirectory() as folder:
        for name, targets in [("exact", exact), ("perturbed", perturbed)]:
            for method in METHODS:
                for together in [False, True]:
                    results = inverted(program, targets, rates, method, together, pathlib.Path(folder))
                    rows = []
                    for before, rate, target, result in zip(images, rates, targets, results):
                        after = Image(result, rate)
                        rows.append([
                            abs(before.level - after.level), abs(before.correlation - after.correlation),
                            abs(before.largest - after.largest), abs(before.lag - after.lag) <= 1,
                            *convergences(result, target)])
                    level, correlation, largest, lag, louder, quieter = numpy.array(rows, float).T
                    median = numpy.median
                    print(f"| {name} | {method} | {'together' if together else 'each alone'} | {median(level):.2f} "
                          f"| {median(correlation):.3f} | {numpy.percentile(correlation, 90):.3f} "
                          f"| {correlation.mean():.3f} | {median(largest):.3f} | {lag.mean():.0%} "
                          f"| {median(louder):.1f} | {median(quieter):.1f} |", flush=True)


main()
