#!/usr/bin/env python3
"""Preprocesses a folder of audio files in two processes with soundfile, soxr and librosa, written plainly.

Every WAV below INPUT is read, mixed down, resampled to 16 kHz, cut or padded into slices of 16384 samples
and transformed: 256-sample periodic Hann, hop 128, frames from 0, 128 of them, ln(|X| + 1e-6). A file's
slices and log-magnitudes are written as float32 arrays to OUTPUT and its sums merged into the moments of
each bin; then the log-magnitudes are normalised in place, without the Nyquist bin, as SpecGAN trains on
them. One JSON object is printed: `first_wall_s` and `first_cpu_s` leave the normalising out. Importing,
and what the libraries load and compile at their first call, is not timed.
"""
import argparse
import json
import multiprocessing
import os
import pathlib
import resource
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # the processes are the parallelism

import librosa  # noqa: E402
import numpy  # noqa: E402
import soundfile  # noqa: E402
import soxr  # noqa: E402

RATE, LENGTH, FRAME, STEP = 16_000, 16_384, 256, 128


def sound(path):
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
    return mono if rate == RATE else soxr.resample(mono, rate, RATE)


def slices(samples):
    count = max(1, -(-len(samples) // LENGTH))
    padded = numpy.zeros(count * LENGTH, numpy.float32)
    padded[:len(samples)] = samples
    return padded.reshape(count, LENGTH)


def log_magnitudes(pieces):
    padded = numpy.pad(pieces, ((0, 0), (0, FRAME - STEP)))
    spectra = librosa.stft(padded, n_fft=FRAME, hop_length=STEP, window="hann", center=False)
    return numpy.log(numpy.abs(spectra) + numpy.float32(1e-6)).swapaxes(1, 2)


def prepare(job):
    path, target = job
    pieces = slices(sound(path))
    logs = log_magnitudes(pieces)
    numpy.save(f"{target}-slices.npy", pieces)
    numpy.save(f"{target}-logs.npy", logs)
    rows = logs.reshape(-1, FRAME // 2 + 1).astype(numpy.float64)
    return len(pieces), len(rows), rows.sum(axis=0), (rows * rows).sum(axis=0)


def normalize(job):
    target, mean, deviation = job
    logs = numpy.load(f"{target}-logs.npy")[..., :-1]
    numpy.save(f"{target}-logs.npy", numpy.clip((logs - mean) / (3 * deviation), -1, 1))


def cpu_seconds():
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in usage)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True)
    log_magnitudes(slices(soxr.resample(numpy.ones(FRAME, numpy.float32), 44_100, RATE)))  # loads what is lazy
    before = cpu_seconds()
    start = time.perf_counter()
    paths = sorted(arguments.input.rglob("*.wav"))
    jobs = [(path, arguments.output / f"{index:06d}") for index, path in enumerate(paths)]
    with multiprocessing.get_context("fork").Pool(arguments.processes) as pool:
        results = pool.map(prepare, jobs, chunksize=16)
        pool.close()
        pool.join()
    frames = sum(result[1] for result in results)
    mean = sum(result[2] for result in results) / frames
    deviation = numpy.sqrt(numpy.maximum(sum(result[3] for result in results) / frames - mean ** 2, 0))
    moments = mean[:-1].astype(numpy.float32), numpy.maximum(deviation, 1e-4)[:-1].astype(numpy.float32)
    first = time.perf_counter() - start, cpu_seconds() - before
    with multiprocessing.get_context("fork").Pool(arguments.processes) as pool:
        pool.map(normalize, [(target, *moments) for _, target in jobs], chunksize=16)
        pool.close()
        pool.join()
    wall = time.perf_counter() - start
    print(json.dumps({
        "files": len(paths), "slices": sum(result[0] for result in results), "wall_s": wall,
        "cpu_s": cpu_seconds() - before, "first_wall_s": first[0], "first_cpu_s": first[1],
        "numpy": numpy.__version__, "librosa": librosa.__version__, "soxr": soxr.__version__,
        "soundfile": soundfile.__version__}))


main()
