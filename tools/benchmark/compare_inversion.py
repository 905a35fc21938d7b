#!/usr/bin/env python3
"""Prints the Markdown tables of tools/benchmark/inversion: accuracy and speed of phase reconstruction by
specgan and librosa.

All programs run on one thread, on the same clips: those of Fixtures/audio/digits and drums, cut or padded with
zeros to 16,384 samples. Spectral convergence is 20 log10(|| |STFT y| - S || / ||S||) in centred frames of the same
transform, a mean over the clips, and over four seeds if the initial phase is random: with one seed the mean over
ten clips varies by about 0.5 dB. Times are CPU seconds, interleaved, medians over ROUNDS.

Spectrograms are compared in the reference's framing, 128 frames from sample 0 on with zeros past the end, which
PyTorch's input gets beforehand. specgan normalises them as well; both allocate new arrays. PyTorch is called for
each clip and for all clips at once, and the faster counts. Reading the clips is not timed on either side.

Usage: compare_inversion.py SPECGAN [--rounds ROUNDS] [--tables TABLE…]
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = "1"

import librosa
import numpy
import soundfile
import torch

SAMPLES, LENGTH, STEP = 16384, 256, 128
FOLDERS = {"speech": "digits", "drums": "drums"}
SEEDS = range(4)
RANDOM = {"griffin-lim", "fast-griffin-lim", "admm"}  # they start from random phases
AUDIO = pathlib.Path(__file__).resolve().parents[2] / "Fixtures" / "audio"


def sounds(folder):
    for path in sorted((AUDIO / folder).glob("**/*.wav")):
        samples, rate = soundfile.read(path, dtype="float32")
        assert rate == 16000 and samples.ndim == 1, path
        yield numpy.pad(samples, (0, max(0, SAMPLES - len(samples))))[:SAMPLES]


def magnitudes(sound, step=STEP):
    return numpy.abs(librosa.stft(sound, n_fft=LENGTH, hop_length=step))


def convergence(sound, wanted, step=STEP):
    error = numpy.linalg.norm(magnitudes(sound, step) - wanted)
    return 20 * numpy.log10(error / numpy.linalg.norm(wanted))


def averaged(measure, method):
    """The mean of `measure(seed)` over as many seeds as the method needs."""
    return statistics.mean(measure(seed) for seed in (SEEDS if method in RANDOM else [0]))


def librosas(clips, iterations, seed=0, step=STEP):
    """Mean spectral convergence, and CPU seconds per clip."""
    wanted = [magnitudes(clip, step) for clip in clips]
    start = time.process_time()
    found = [librosa.griffinlim(target, n_iter=iterations, hop_length=step, n_fft=LENGTH, length=SAMPLES,
                                random_state=seed) for target in wanted]
    seconds = time.process_time() - start
    return statistics.mean(convergence(*pair, step) for pair in zip(found, wanted)), seconds / len(clips)


class Ours:
    """The program, and a folder of its inputs and outputs."""

    def __init__(self, program, folder, groups):
        self.program, self.folder = program, pathlib.Path(folder)
        for group, clips in groups.items():
            (self.folder / group).mkdir()
            for index, clip in enumerate(clips):
                soundfile.write(self.folder / group / f"{index:03}.wav", clip, 16000, subtype="FLOAT")

    def inverted(self, inputs, method, iterations, step=STEP, seed=0):
        configuration = self.folder / "configuration.yaml"
        configuration.write_text(f"spectrogram: {{frame_step: {step}}}\n")
        count = [] if iterations is None else ["--iterations", str(iterations)]
        output = subprocess.run(
            [self.program, "invert", *sorted(map(str, inputs)), "--output", self.folder / "out", "--format", "float",
             "--method", method, *count, "--threads", "1", "--config", configuration,
             "--seed", str(seed), "--json"],
            capture_output=True, text=True, check=True).stdout
        return json.loads(output)

    def from_sounds(self, group, clips, method, iterations=None, step=STEP, seed=0):
        """As `librosas`; the convergence is measured by the same code."""
        report = self.inverted((self.folder / group).iterdir(), method, iterations, step, seed)
        found = [soundfile.read(path, dtype="float32")[0] for path in report["files"]]
        errors = [convergence(sound, magnitudes(clip, step), step) for sound, clip in zip(found, clips)]
        return statistics.mean(errors), report["inversion_cpu_s"] / len(clips)

    def from_magnitudes(self, targets, method, iterations=None):
        """The mean spectral convergence for `[frames, bins]` magnitudes, which may be inconsistent."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))  # removed with all the others
        for index, target in enumerate(targets):
            header = json.dumps({"magnitude": {"dtype": "F32", "shape": target.shape,
                                               "data_offsets": [0, 4 * target.size]}}).encode()
            header += b" " * (-len(header) % 8)
            data = numpy.ascontiguousarray(target, dtype="<f4").tobytes()
            (folder / f"{index:03}.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + data)
        inputs = list(folder.iterdir())
        return averaged(lambda seed: statistics.mean(
            self.inverted(inputs, method, iterations, seed=seed)["spectral_convergence_db"]), method)

    def benchmark(self, group):
        output = subprocess.run(
            [self.program, "benchmark", "--dimension", "1", "--batch", "1", "--steps", "1", "--threads", "1", "--json",
             "--sounds", *(self.folder / group).iterdir()],
            capture_output=True, text=True, check=True).stdout
        return json.loads(output)


def perturbed(clips):
    """Magnitudes with errors like those of a network, by name; in the reference's framing, `[clips, frames, bins]`."""
    exact = numpy.stack([magnitudes(clip).T[1:] for clip in clips])
    logs = numpy.log(exact + 1e-6)
    mean = logs.mean(axis=(0, 1))
    deviation = numpy.maximum(logs.std(axis=(0, 1)), 1e-4)

    def normalized(deviations):
        clipped = numpy.clip((logs - mean) / deviation, -deviations, deviations) * deviation + mean
        clipped[..., -1] = mean[-1]  # the bin that networks do not see
        return clipped

    def blurred(values, axis):
        padded = numpy.pad(values, [(0, 0)] + [(1, 1) if a == axis else (0, 0) for a in (1, 2)], mode="edge")
        middle = numpy.take(padded, range(1, padded.shape[axis] - 1), axis)
        before = numpy.take(padded, range(padded.shape[axis] - 2), axis)
        after = numpy.take(padded, range(2, padded.shape[axis]), axis)
        return 0.25 * before + 0.5 * middle + 0.25 * after

    noise = numpy.random.default_rng(0).standard_normal(logs.shape)
    families = {"normalised, clipped at 3 deviations": normalized(3), "clipped at 1 deviation": normalized(1),
                "noise of 0.1 on the logarithms": logs + 0.1 * noise,
                "logarithms blurred over 3 × 3": blurred(blurred(logs, 1), 2)}
    return {name: numpy.exp(values).astype(numpy.float32) for name, values in families.items()}


def table(header, rows):
    print("| " + " | ".join(header) + " |\n|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
    print(flush=True)


def quality(ours, groups, _):
    plan = [("reference", [16]), ("griffin-lim", [60]), ("fast-griffin-lim", [16, 60, 200]), ("admm", [60]),
            ("pghi", [None]), ("fast", [16]), ("best", [60, 200])]

    def theirs(clips, count):
        return statistics.mean(librosas(clips, count, seed)[0] for seed in SEEDS)

    def our(group, clips, method, count):
        return averaged(lambda seed: ours.from_sounds(group, clips, method, count, seed=seed)[0], method)
    rows = [["librosa.griffinlim", count, *(f"{theirs(clips, count):.1f}" for clips in groups.values())]
            for count in (16, 32, 60, 200)]
    rows += [[f"`{method}`", count or 0, *(f"{our(group, clips, method, count):.1f}"
                                           for group, clips in groups.items())]
             for method, counts in plan for count in counts]
    table(["method", "projections", *(f"{len(clips)} of {group}" for group, clips in groups.items())], rows)


def robustness(ours, groups, _):
    rows = []
    for group, clips in groups.items():
        for name, targets in perturbed(clips).items():
            row = [group, name]
            for method, count in [("fast", 16), ("best", 200)]:
                yardstick = ours.from_magnitudes(targets, "fast-griffin-lim", count)
                row += [f"{yardstick:.1f}", f"{ours.from_magnitudes(targets, method):.1f}"]
            rows.append(row)
    table(["sounds", "magnitudes", "`fast-griffin-lim`, 16", "`fast`, 16", "`fast-griffin-lim`, 200", "`best`, 200"], rows)


def overlap(ours, groups, _):
    rows = [[step, *(f"{ours.from_sounds(group, clips, method, None, step)[0]:.1f}"
                     for group, clips in groups.items() for method in ("pghi", "fast", "best"))]
            for step in (128, 64, 32)]
    table(["frame step", *(f"{group}, `{method}`" for group in groups for method in ("pghi", "fast", "best"))], rows)


def seconds_of(run, count):
    """CPU seconds of `run` per clip, a median, for `count` clips."""
    times = []
    for _ in range(11):
        start = time.process_time()
        run()
        times.append((time.process_time() - start) / count)
    return statistics.median(times[1:])


def transforms(clips):
    """PyTorch's CPU seconds per clip for log-magnitudes: one by one, and all at once."""
    window = torch.hann_window(LENGTH)
    padded = torch.from_numpy(numpy.stack([numpy.pad(clip, (0, LENGTH - STEP)) for clip in clips]))
    clips = [clip.clone() for clip in padded]

    def logarithms(sounds):
        spectra = torch.stft(sounds, LENGTH, STEP, window=window, center=False, return_complex=True)
        return torch.log(spectra.abs() + 1e-6)
    assert logarithms(padded).shape == (len(clips), LENGTH // 2 + 1, SAMPLES // STEP)
    return (seconds_of(lambda: [logarithms(clip) for clip in clips], len(clips)),
            seconds_of(lambda: logarithms(padded), len(clips)))


def speed(ours, groups, rounds):
    clips = groups["speech"]
    times = {}

    def note(name, seconds):
        times.setdefault(name, []).append(1000 * seconds)
    librosas(clips[:1], 1)  # it compiles when it is first called
    for _ in range(rounds):
        note("fast, theirs", librosas(clips, 16)[1])
        note("fast, ours", ours.from_sounds("speech", clips, "fast")[1])
        note("best, theirs", librosas(clips, 200)[1])
        note("best, ours", ours.from_sounds("speech", clips, "best")[1])
        note("pghi", ours.from_sounds("speech", clips, "pghi")[1])
        for name, seconds in zip(("one by one", "at once"), transforms(clips)):
            note(f"transform, {name}", seconds)
        note("transform, ours", ours.benchmark("speech")["transform_cpu_s"])
    middle = {name: statistics.median(values) for name, values in times.items()}
    faster = min("one by one", "at once", key=lambda name: middle[f"transform, {name}"])
    middle["transform, theirs"] = middle[f"transform, {faster}"]
    rows = [[title, f"{middle[f'{key}, ours']:.3f} ms", f"{middle[f'{key}, theirs']:.3f} ms",
             f"{middle[f'{key}, theirs'] / middle[f'{key}, ours']:.1f}"] for key, title in [
        ("fast", "`fast`, 16 projections, and librosa.griffinlim's 16"),
        ("best", "`best`, 200 projections, and librosa.griffinlim's 200"),
        ("transform", f"normalised log-magnitudes, and torch.stft with logarithms, clips {faster}")]]
    rows.insert(2, ["`pghi`, with its one inverse", f"{middle['pghi']:.3f} ms", "", ""])
    table(["a clip of 16,384 samples, one thread", "specgan", "peer", "ratio"], rows)


TABLES = {"speed": speed, "quality": quality, "robustness": robustness, "overlap": overlap}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--tables", nargs="+", choices=list(TABLES), default=list(TABLES))
    arguments = arguments.parse_args()
    assert arguments.rounds > 0, "at least one round"
    torch.set_num_threads(1)
    lines = open("/proc/cpuinfo").read().splitlines()
    processor = next(line.split(": ")[1] for line in lines if line.startswith("model name"))
    print(f"{processor}, {platform.system()} {platform.release()}; librosa {librosa.__version__}, NumPy "
          f"{numpy.__version__}, PyTorch {torch.__version__}, Python {platform.python_version()}\n")
    groups = {name: list(sounds(folder)) for name, folder in FOLDERS.items()}
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(arguments.program, folder, groups)
        for name in arguments.tables:
            TABLES[name](ours, groups, arguments.rounds)


main()
