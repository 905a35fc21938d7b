#!/usr/bin/env python3
"""Prints the Markdown tables of tools/benchmark/training from the JSON lines that it collects.

Usage: compare_training.py SPECGAN RESULTS
"""
import collections
import json
import platform
import statistics
import subprocess
import sys

FIGURES = {
    "critic_cpu_s": "critic update", "generator_cpu_s": "generator update", "generate_cpu_s": "generating",
    "peak_rss_mib": "peak memory"}
TITLES = {"specgan": "SpecGAN", "wavegan": "WaveGAN"}


def processor():
    lines = open("/proc/cpuinfo").read().splitlines()
    return next(line.split(": ")[1] for line in lines if line.startswith("model name"))


def rows_of(path):
    """The medians of every figure, by program, problem and threads."""
    columns = collections.defaultdict(lambda: collections.defaultdict(list))
    peer = None
    for row in map(json.loads, open(path)):
        peer = row if "peer" in row else peer
        key = "peer" in row, row["model"], row["dimension"], row["batch"], row["threads"]
        for name, value in row.items():
            if isinstance(value, float):
                columns[key][name].append(value)
    medians = {key: {name: statistics.median(values) for name, values in figures.items()}
               for key, figures in columns.items()}
    return medians, peer


def against_pytorch(medians):
    print("| model, dimension, batch | figure | specgan | PyTorch | ratio |\n|---|---|---|---|---|")
    for problem in dict.fromkeys(key[1:4] for key in medians if key[0]):
        for figure, title in FIGURES.items():
            ours = medians[(False, *problem, 2)][figure]
            theirs = min(medians[(True, *problem, threads)][figure] for threads in (1, 2))
            unit = "MiB" if figure.endswith("mib") else "s"
            digits = 0 if unit == "MiB" else 3
            print(f"| {TITLES[problem[0]]}, {problem[1]}, {problem[2]} | {title} | {ours:.{digits}f} {unit} "
                  f"| {theirs:.{digits}f} {unit} | {theirs / ours:.2f} |")


def alone(medians):
    print("\n| model, dimension, batch | critic update, 2 threads | efficiency | CPU seconds a FLOP, to 16 and 64 "
          "| one thread's wall time over two's |\n|---|---|---|---|---|")

    def rate(key):  # useful operations a CPU second, in GFLOP/s
        return medians[key]["efficiency"] * medians[key]["peak_gflops_per_core"]

    for key in sorted(key for key in medians if not key[0] and key[4] == 2):
        _, model, dimension, batch, _ = key
        one = medians.get((*key[:4], 1))
        speedup = f"{one['critic_wall_s'] / medians[key]['critic_wall_s']:.2f}" if one else ""
        print(f"| {TITLES[model]}, {dimension}, {batch} | {medians[key]['critic_wall_s']:.3f} s | "
              f"{medians[key]['efficiency']:.2f} | {rate((False, model, 16, 64, 2)) / rate(key):.2f} | {speedup} |")


def main():
    specgan, results = sys.argv[1:]
    medians, peer = rows_of(results)
    version = subprocess.run([specgan, "--version"], capture_output=True, text=True).stdout.split("\n")
    print(f"{processor()}, {platform.system()} {platform.release()}; {', '.join(line for line in version if line)}; "
          f"{peer['peer']}, Python {peer['python']}\n")
    against_pytorch(medians)
    alone(medians)


if __name__ == "__main__":
    main()
