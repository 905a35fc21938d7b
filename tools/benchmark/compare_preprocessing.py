#!/usr/bin/env python3
"""Runs specgan's preprocessing and the Python pipeline, interleaved, checks that both give the same data,
and prints the Markdown table of tools/benchmark/preprocessing.

Usage: compare_preprocessing.py SPECGAN SOUNDS SCRATCH ROUNDS
"""
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

import numpy


def ours(specgan, sounds, output):
    """Wall-clock and CPU seconds of the whole program, its start included."""
    start = time.perf_counter()
    command = [specgan, "preprocess", sounds, "--output", str(output), "--threads", "2", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    report = json.loads(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    report |= {"wall_s": time.perf_counter() - start, "cpu_s": usage.ru_utime + usage.ru_stime}
    return report


def theirs(sounds, output):
    command = [sys.executable, "tools/peers/preprocessing.py", sounds, str(output)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def tensors(cache, kind):
    """All examples of a kind, shard after shard."""
    parts = []
    for path in sorted(cache.glob(f"{kind}-*.safetensors")):
        data = path.read_bytes()
        length = int.from_bytes(data[:8], "little")
        entry = json.loads(data[8:8 + length])[kind]
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        parts.append(numpy.frombuffer(data[start:end], numpy.float32).reshape(entry["shape"]))
    return numpy.concatenate(parts)


def check(cache, arrays):
    """Both resample with soxr's HQ, good to 2^-20 of the peak. Both transform in single precision, so the few
    bins far below their frame's peak differ."""
    def load(kind):
        return numpy.concatenate([numpy.load(path) for path in sorted(arrays.glob(f"*-{kind}.npy"))])

    slices = numpy.abs(tensors(cache, "slices")[..., 0] - load("slices"))
    spectrograms = numpy.abs(tensors(cache, "spectrograms") - load("logs"))
    assert slices.max() < 4e-6, slices.max()
    share = numpy.mean(spectrograms > 0.01)
    assert spectrograms.mean() < 1e-4 and share < 1e-3, (spectrograms.mean(), share)
    print(f"The same work: slices differ by {slices.max():.1e} at most, spectrograms by {spectrograms.mean():.1e} on "
          f"average and {100 * share:.3f} % of their values by more than 0.01.\n")


def processor():
    lines = open("/proc/cpuinfo").read().splitlines()
    return next(line.split(": ")[1] for line in lines if line.startswith("model name"))


def main():
    specgan, sounds, scratch, rounds = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), int(sys.argv[4])
    rows = {"specgan": [], "Python": []}
    cache, arrays = scratch / "cache", scratch / "arrays"
    for _ in range(rounds):
        for name, output, run in (
                ("Python", arrays, lambda: theirs(sounds, arrays)), ("specgan", cache, lambda: ours(specgan, sounds, cache))):
            shutil.rmtree(output, ignore_errors=True)
            rows[name].append(run())
            os.sync()  # so that neither waits for the writes of the other
    check(cache, arrays)
    shutil.rmtree(cache)
    shutil.rmtree(arrays)

    def median(name, figure):
        return statistics.median(row[figure] for row in rows[name])

    peer, files = rows["Python"][0], rows["specgan"][0]["files"]
    assert rows["specgan"][0]["slices"] == peer["slices"]
    versions = ", ".join(f"{name} {peer[name]}" for name in ("librosa", "numpy", "soundfile", "soxr"))
    print(f"{processor()}, {platform.system()} {platform.release()}; {versions}, Python {platform.python_version()}; "
          f"{files} files at 44.1 kHz, medians of {rounds} rounds, two cores.\n")
    print("| figure | specgan | Python | ratio |\n|---|---|---|---|")
    for prefix in ("", "first_"):
        wall, cpu = median("Python", prefix + "wall_s"), median("Python", prefix + "cpu_s")
        mine, mine_cpu = median("specgan", "wall_s"), median("specgan", "cpu_s")
        note = "; Python's without normalising" if prefix else ""
        print(f"| files per second{note} | {files / mine:.0f} | {files / wall:.0f} | {wall / mine:.2f} |")
        print(f"| CPU seconds{note} | {mine_cpu:.2f} | {cpu:.2f} | {cpu / mine_cpu:.2f} |")


main()
