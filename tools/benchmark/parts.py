#!/usr/bin/env python3
"""Measures what optional parts of the networks cost in time and memory, interleaved, and prints two Markdown tables of the
least values, which other load affects least: updates with each part, and elementwise layers beside copies of as many
values. Needs NumPy.

Usage: parts.py SPECGAN [ROUNDS]      5 rounds by default
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy

from compare_training import processor

DIMENSION, BATCH, FRAMES = 16, 16, 128
# Forward passes in a step: the generator on two batches, one for each update; the critic on four: real, generated and
# interpolated examples, and those of the generator's update.
GENERATOR_PASSES, CRITIC_PASSES = 2, 4
PARTS = {
    "default": {},
    "`attention: 16`": {"network": {"attention": 16}},
    "`attention: 32`": {"network": {"attention": 32}},
    "`generator_normalization: batch`": {"network": {"generator_normalization": "batch"}},
    "`generator_normalization: conditional`": {"network": {"generator_normalization": "conditional"}},
    "`generator_spectral: true`": {"network": {"generator_spectral": True}},
    "`critic_normalization: spectral`": {"network": {"critic_normalization": "spectral"}},
    "`generator: style-based`": {"network": {"generator": "style-based"}},
    "the same with `noise_inputs` and `style_mixing: 0.9`": {
        "network": {"generator": "style-based", "noise_inputs": True}, "training": {"style_mixing": 0.9}},
    "`upsampling: low-pass`": {"network": {"upsampling": "low-pass"}},
    "`downsampling: low-pass`": {"network": {"downsampling": "low-pass"}},
    "`upsampling: nearest`, `specgan.kernel: 3`": {"network": {"upsampling": "nearest"}, "specgan": {"kernel": 3}},
    "`growing: true`, last level": {"network": {"growing": True}},
}
# The layers whose passes multiply nothing or little: the end of their name, and what they read or write most of.
ELEMENTWISE = {"style": "input", "demodulation": "output", "batch_normalization": "output", "resize": "output",
               "low_pass": "input"}


def configuration(part):
    sections = {"network": {"dimension": DIMENSION}, "training": {"batch_size": BATCH, "critic_updates": 1}}
    for section, values in part.items():
        sections[section] = sections.get(section, {}) | values
    return json.dumps(sections)


def measured(specgan, path):
    command = [specgan, "benchmark", "--config", path, "--threads", "1", "--steps", "4", "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def values(layer, kind):
    """The number of values of a batch that a layer reads or writes, by its name; None for an unknown layer."""
    network, name = layer.split("/")[:2]
    level = name.rpartition("conv_")[2]
    if name == "z_project":
        return 256 * DIMENSION * BATCH
    if not level.isdigit():
        return None
    # The layers of the generator begin at 4 x 4 positions, those of the critic at complete samples.
    after = int(level) + (kind == "output")
    depth = 5 - after if network == "G" else after
    channels = DIMENSION * 2 ** (depth - 1) if depth > 0 else 1
    if layer.endswith("resize"):
        channels *= 2
    return (FRAMES >> depth) ** 2 * channels * BATCH


def copy_time(count):
    """The least CPU seconds of a copy of as many float32 values on one thread, between arrays that the last copies have
    displaced from the fast caches, as the other layers displace a layer's values."""
    sources = [numpy.ones(count, numpy.float32) for _ in range(8)]
    targets = [numpy.zeros(count, numpy.float32) for _ in range(8)]
    times = []
    for _ in range(15):
        start = time.process_time()
        for source, target in zip(sources, targets):
            numpy.copyto(target, source)
        times.append((time.process_time() - start) / len(sources))
    return min(times)


def elementwise(rows):
    """The time of forward passes by kind of layer, with the number of their values and the time of copies."""
    found = {}
    for row in rows:
        for entry in row["passes"]:
            layer, kind = entry["layer"], entry["layer"].rpartition("/")[2]
            if entry["pass"] != "forward" or kind not in ELEMENTWISE:
                continue
            count = values(layer, ELEMENTWISE[kind])
            if count is not None:
                passes = GENERATOR_PASSES if layer.startswith("G/") else CRITIC_PASSES
                found.setdefault((kind, layer), (count, passes, []))[2].append(entry["cpu_s"] / passes)
    return found


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    specgan, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    results = {name: [] for name in PARTS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for number, (name, part) in enumerate(PARTS.items()):
                path = pathlib.Path(folder) / f"{number}.yaml"
                path.write_text(configuration(part))
                results[name].append(measured(specgan, path))
    version = subprocess.run([specgan, "--version"], check=True, capture_output=True, text=True).stdout.splitlines()[0]
    print(f"{processor()}; {version}; SpecGAN, {DIMENSION} channels, batches of {BATCH}, one thread; least of "
          f"{rounds} runs.\n")
    print("| part | critic update, CPU s | generator update | generating a batch | time of a step | multiplications | "
          "memory, MiB |\n|---|---|---|---|---|---|---|")

    def least(name, key):
        return min(row[key] for row in results[name])

    def step(name):
        return least(name, "critic_cpu_s") + least(name, "generator_cpu_s")

    def work(name):
        return sum(entry["gflop"] for entry in results[name][0]["passes"])

    for name in PARTS:
        print(f"| {name} | {least(name, 'critic_cpu_s'):.3f} | {least(name, 'generator_cpu_s'):.3f} | "
              f"{least(name, 'generate_cpu_s'):.4f} | {step(name) / step('default'):.2f} x | "
              f"{work(name) / work('default'):.2f} x | {least(name, 'peak_rss_mib'):.0f} |")
    print("\n| layer | values, millions | forward pass, CPU ms | a copy, CPU ms | ratio |\n|---|---|---|---|---|")
    for part in ("`generator: style-based`", "`generator_normalization: batch`",
                 "the same with `noise_inputs` and `style_mixing: 0.9`", "`upsampling: low-pass`",
                 "`downsampling: low-pass`"):
        totals = {}
        for (kind, _), (count, _, times) in elementwise(results[part]).items():
            total = totals.setdefault(kind, [0, 0.0, 0.0])
            total[0] += count
            total[1] += min(times)
            total[2] += copy_time(count)
        for kind, (count, own, copy) in totals.items():
            noise = ", with noise" if "noise" in part and kind == "demodulation" else ""
            if "noise" in part and kind != "demodulation":
                continue
            print(f"| `{kind}`{noise} | {count / 1e6:.2f} | {1e3 * own:.2f} | {1e3 * copy:.2f} | {own / copy:.1f} |")


if __name__ == "__main__":
    main()
