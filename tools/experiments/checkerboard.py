"""Measures the checkerboard that upsampling leaves in the output of a generator.

A pattern that repeats every `stride` positions is a line in the spectrum along an axis, at the frequencies pi (a period
of 2 positions), pi/2 (4 positions), and so on: one for each layer. The measure is the power of that line, averaged over
all outputs and over the other axis, relative to the power of its neighbors, in dB. Without a pattern it is about 0 dB.
Real data has its own row.

Usage: checkerboard.py [--program specgan] [--model specgan|wavegan] [--steps N…] [--seeds N] [--count N]
                       [--work FOLDER] [--set KEY=VALUE…]
"""

import argparse
import glob
import json
import os
import shutil
import subprocess

import numpy

SOUNDS, SETTINGS = "Fixtures/audio/drums", "tools/quickstart.yaml"
# Distances of a line's neighbors in bins. A Hann window spreads a line over two bins on either side.
NEIGHBORS = (3, 4, 5, 6)
UNCHANGED = {
    "network.conditional": "false", "training.augmentation": "none", "inversion.method": "fast",
    "monitoring.preview_count": 0, "monitoring.tensorboard": "false", "monitoring.report": "false"}
LOW_PASS = {"network.upsampling": "low-pass"}
BOTH = {**LOW_PASS, "network.downsampling": "low-pass"}
VARIANTS = {
    "specgan": {
        "zeros, 5 × 5": {}, "zeros, 4 × 4": {"specgan.kernel": 4},
        "nearest, 3 × 3": {"network.upsampling": "nearest", "specgan.kernel": 3},
        "low-pass, 3 × 3": {**LOW_PASS, "specgan.kernel": 3},
        "low-pass both, 3 × 3": {**BOTH, "specgan.kernel": 3}, "low-pass both, 5 × 5": BOTH},
    "wavegan": {
        "zeros, 25": {}, "zeros, 24": {"wavegan.kernel": 24},
        "nearest, 9": {"network.upsampling": "nearest", "wavegan.kernel": 9},
        "low-pass, 9": {**LOW_PASS, "wavegan.kernel": 9}, "low-pass both, 9": {**BOTH, "wavegan.kernel": 9}}}
# Periods of the patterns in positions: those of the last layers, which have strides of 2 or 4.
PERIODS = {"specgan": (2, 4, 8), "wavegan": (2, 4, 16)}


def tensor(path, name):
    """The tensor `name` of a safetensors file."""
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        entry = json.loads(file.read(size))[name]
    start, end = entry["data_offsets"]
    return numpy.fromfile(path, "<f4", (end - start) // 4, offset=8 + size + start).reshape(entry["shape"])


def line_level(samples, axis, period):
    """The level of the line with `period` along `axis` of [count, positions…, channels] above its neighbors, in dB."""
    rows = numpy.moveaxis(samples.astype(float), axis, -1)
    length = rows.shape[-1]
    spectrum = numpy.fft.rfft((rows - rows.mean(-1, keepdims=True)) * numpy.hanning(length + 1)[:-1])
    power = (numpy.abs(spectrum) ** 2).reshape(-1, length // 2 + 1).mean(0)
    line = length // period
    neighbors = [power[line + side] for near in NEIGHBORS for side in (-near, near) if line + side < len(power)]
    return 10 * numpy.log10(power[line] / numpy.mean(neighbors))


def levels(samples, model):
    """The level of every period along time, and for pictures also along frequency."""
    axes = (1, 2) if model == "specgan" else (1,)
    return [line_level(samples, axis, period) for period in PERIODS[model] for axis in axes]


def settings_of(options, changes):
    """The arguments of `--set` for a variant."""
    values = {**UNCHANGED, **changes} | dict(change.split("=", 1) for change in options.set)
    return [word for key, value in values.items() for word in ("--set", f"{key}={value}")]


def call(options, *words):
    """Runs the program without its messages, which are printed if it fails."""
    result = subprocess.run([options.program, *map(str, words)], capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(f"{' '.join(map(str, words))}: {result.stderr}")


def generated(options, name, changes, steps, seed):
    """The output of a network after `steps` steps."""
    folder = os.path.join(options.work, "".join(word if word.isalnum() else "-" for word in name) + f"-{seed}")
    run, settings = f"{folder}/run", settings_of(options, {**changes, "training.seed": seed})
    call(options, "train", SETTINGS, "--model", options.model, "--cache", f"{options.work}/cache", "--run", run,
         "--steps", steps, *settings, *(["--resume"] if os.path.exists(run) else []))
    shutil.rmtree(f"{folder}/new", ignore_errors=True)
    call(options, "generate", run, "--output", f"{folder}/new", "--count", options.count, "--raw",
         f"{folder}/raw.safetensors", "--replace")
    return tensor(f"{folder}/raw.safetensors", "samples")


def print_row(name, steps, values):
    print(f"| {name} | {steps} | " + " | ".join(f"{value:.1f}" for value in values) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="specgan")
    parser.add_argument("--model", choices=PERIODS, default="specgan")
    parser.add_argument("--steps", type=int, nargs="+", default=[0, 1000], help="default: 0 and 1000")
    parser.add_argument("--seeds", type=int, default=3, help="networks of each kind, default 3")
    parser.add_argument("--count", type=int, default=64, help="outputs of each network, default 64")
    parser.add_argument("--work", help="default: experiments/checkerboard-MODEL, which is replaced")
    parser.add_argument("--set", nargs="+", default=[], metavar="KEY=VALUE", help="other settings for all networks")
    options = parser.parse_args()
    options.work = options.work or f"experiments/checkerboard-{options.model}"
    shutil.rmtree(options.work, ignore_errors=True)
    os.makedirs(options.work)
    cache = f"{options.work}/cache"
    call(options, "preprocess", SOUNDS, "--output", cache, "--config", SETTINGS, *settings_of(options, {}))
    axes = (" along time", " along frequency") if options.model == "specgan" else ("",)
    heads = [f"period {period}{axis}" for period in PERIODS[options.model] for axis in axes]
    print("| generator and critic | steps | " + " | ".join(heads) + " |")
    print("|---" * (len(heads) + 2) + "|")
    name = "spectrograms" if options.model == "specgan" else "slices"
    real = numpy.concatenate([tensor(path, name) for path in sorted(glob.glob(f"{cache}/{name}-*.safetensors"))])
    if real.ndim == len(axes) + 1:
        real = real[..., None]
    print_row("real drums", "–", levels(real, options.model))
    for name, changes in VARIANTS[options.model].items():
        for steps in sorted(options.steps):
            found = [levels(generated(options, name, changes, steps, seed), options.model)
                     for seed in range(options.seeds)]
            print_row(name, steps, numpy.mean(found, axis=0))


if __name__ == "__main__":
    main()
