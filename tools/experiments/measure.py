"""Tests the scores of `specgan evaluate` with real clips whose damage is known.

Held-out digits get five backgrounds that differ only below what is audible beside the word, which
must not change the scores, and seven kinds of damage, which must. Everything is drawn three times; a
damage is detected if its score is worse than that of unchanged clips by at least three standard
deviations of the latter.

Usage: measure.py SOUNDS [--program specgan] [--work FOLDER] [--count N] [--classifier FILE]
"""

import argparse
import glob
import json
import os
import shutil
import subprocess
import sys
import wave
import zlib

import numpy

RATE, LENGTH = 16000, 16384
SEEDS = (0, 1, 2)
# The background of a word is what lies this far below its peak, in dB.
BACKGROUND_LEVEL = -33
# Clips that come with digital silence get noise of a level between these, in dB of full scale.
HISS_LEVELS = (-65, -45)
LARGEST_SPREAD, LARGEST_RATIO, LEAST_DEVIATIONS = 0.03, 1.5, 3


# Reading and writing

def read(path):
    """The samples of a file that `write` has written."""
    with wave.open(path) as file:
        return numpy.frombuffer(file.readframes(LENGTH), "<i2") / 32768


def cached_clips(cache):
    """Yields (label, name, samples) of each clip of a cache with one slice per file."""
    with open(f"{cache}/sources.jsonl") as file:
        rows = [row for row in map(json.loads, file) if row.get("slices")]
    place = 0
    for path in sorted(glob.glob(f"{cache}/slices-*.safetensors")):
        with open(path, "rb") as file:
            size = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(size))
        start, end = header["slices"]["data_offsets"]
        slices = numpy.fromfile(path, "<f4", (end - start) // 4, offset=8 + size + start)
        for samples in slices.reshape(-1, LENGTH):
            label, name = rows[place]["path"].split(os.sep)[-2:]
            yield label, os.path.splitext(name)[0] + ".wav", samples.astype(float)
            place += 1


def write(path, samples):
    """Writes 16-bit samples."""
    values = numpy.clip(numpy.round(samples * 32768), -32768, 32767).astype("<i2")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, RATE, len(values), "NONE", "not compressed"))
        file.writeframes(values.tobytes())


def listing(folder):
    """(label, name) of all WAV files in FOLDER/label."""
    return sorted((label, name) for label in os.listdir(folder)
                  for name in os.listdir(os.path.join(folder, label)) if name.endswith(".wav"))


def source(*key):
    """Random numbers that depend on KEY alone."""
    return numpy.random.default_rng(zlib.crc32(repr(key).encode()))


# What is changed

def with_hiss(samples, key):
    """The clip over faint noise, if its background is silence to 14 bits; others stay."""
    ends = numpy.abs(numpy.concatenate([samples[:64], samples[-64:]]))
    if ends.max() > 2 ** -14:
        return samples
    chance = source("hiss", key)
    return samples + chance.standard_normal(LENGTH) * 10 ** (chance.uniform(*HISS_LEVELS) / 20)


def word_share(samples):
    """For each sample 1 within the word and 0 in the background, with ramps of 4 ms."""
    width = RATE // 100
    padded = numpy.pad(numpy.abs(samples), width, mode="edge")
    loudest = numpy.lib.stride_tricks.sliding_window_view(padded, 2 * width + 1).max(axis=1)
    inside = (loudest > numpy.abs(samples).max() * 10 ** (BACKGROUND_LEVEL / 20)).astype(float)
    ramp = RATE // 250
    return numpy.convolve(numpy.pad(inside, ramp // 2, mode="edge"), numpy.ones(ramp + 1) / (ramp + 1),
                          mode="valid")[:LENGTH]


def background(gain_db):
    def change(samples, key):
        share = word_share(samples)
        return samples * (share + (1 - share) * 10 ** (gain_db / 20))
    return change


def ending_in_zeros(samples, key):
    return numpy.where(numpy.arange(LENGTH) < RATE, samples, 0)


def low_pass(samples, key, limit=2000):
    spectrum = numpy.fft.rfft(samples)
    frequencies = numpy.arange(len(spectrum)) * RATE / LENGTH
    # Half a cosine between 0.9 and 1.1 of the limit, so that nothing rings.
    fade = numpy.clip((1.1 - frequencies / limit) / 0.2, 0, 1)
    return numpy.fft.irfft(spectrum * (0.5 - 0.5 * numpy.cos(numpy.pi * fade)), LENGTH)


def tremolo(samples, key, depth=0.8, rate=16):
    phase = source("tremolo", key).uniform(0, 2 * numpy.pi)
    wave = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * rate * numpy.arange(LENGTH) / RATE + phase)
    return samples * (1 - depth * wave)


def reversed_time(samples, key):
    return samples[::-1]


def lower(samples, key, semitones=4):
    """The clip played slower, so that it sounds lower, from the middle of the word outwards."""
    share = word_share(samples)
    middle = numpy.sum(share * numpy.arange(LENGTH)) / numpy.sum(share)
    positions = middle + (numpy.arange(LENGTH) - middle) * 2 ** (-semitones / 12)
    return numpy.interp(positions, numpy.arange(LENGTH), samples)


def noisy(samples, key, level=-30):
    return samples + source("noise", key).standard_normal(LENGTH) * 10 ** (level / 20)


def unchanged(samples, key):
    return samples


BACKGROUNDS = {
    "unchanged": unchanged,
    "zeros at the end": ending_in_zeros,
    "14 dB lower": background(-14),
    "34 dB lower": background(-34),
    "digital silence": background(-numpy.inf),
}
DAMAGES = {
    "low-pass at 2 kHz": low_pass,
    "tremolo of 16 Hz, 80 %": tremolo,
    "reversed": reversed_time,
    "4 semitones lower": lower,
    "white noise at -30 dBFS": noisy,
}
HALF, COPIES = "half the classes", "copies"


def prepare(program, sounds, work):
    """Writes the clips of SOUNDS in one format, with hiss, and their caches."""
    for part in ["train", "test"]:
        cache = f"{work}/{part}.cache"
        if os.path.exists(cache):
            continue
        shutil.rmtree(f"{work}/{part}", ignore_errors=True)
        as_they_are = f"{work}/{part}.source"
        program.run("preprocess", f"{sounds}/{part}", "--output", as_they_are, "--set",
                    "audio.first_slice_only=true")
        for label, name, samples in cached_clips(as_they_are):
            write(f"{work}/{part}/{label}/{name}", with_hiss(samples, (part, label, name)))
        shutil.rmtree(as_they_are)
        program.run("preprocess", f"{work}/{part}", "--output", cache)


def sets_of(sounds, folder, seed, count):
    """Writes the sets of one draw; returns their names and folders."""
    chance = source("draw", seed)
    held_out = listing(f"{sounds}/test")
    labels = sorted({label for label, _ in held_out})
    half = set(chance.permutation(labels)[:len(labels) // 2])
    of_half = [entry for entry in held_out if entry[0] in half]
    count = min(count, len(of_half))
    chosen = [held_out[index] for index in chance.permutation(len(held_out))[:count]]
    training = listing(f"{sounds}/train")
    copied = [training[index] for index in chance.permutation(len(training))[:count]]
    drawn_half = [of_half[index] for index in chance.permutation(len(of_half))[:count]]
    plans = [(name, "test", chosen, change) for name, change in (BACKGROUNDS | DAMAGES).items()]
    plans += [(HALF, "test", drawn_half, unchanged), (COPIES, "train", copied, unchanged)]
    for name, part, entries, change in plans:
        for label, file in entries:
            samples = read(f"{sounds}/{part}/{label}/{file}")
            write(f"{folder}/{name}/{label}/{file}", change(samples, (seed, label, file)))
    return {name: f"{folder}/{name}" for name, *_ in plans}


# The distance that training reports

def levels(samples, floor_db, bands=16, times=8, frame=256, step=128):
    """Levels in dB, `[times, bands]`, as in tools/reference/spectral_distance.py."""
    window = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(frame) / frame)
    frames = numpy.lib.stride_tricks.sliding_window_view(numpy.pad(samples, (0, frame)), frame)
    magnitudes = abs(numpy.fft.rfft(frames[:LENGTH:step] * window))[:, :-1]
    decibels = 10 * numpy.log10(magnitudes ** 2 + (10 ** (floor_db / 20) * window.sum() / 2) ** 2)
    return decibels.reshape(times, -1, bands, frame // 2 // bands).mean(axis=(1, 3))


def statistics(clips, floor_db):
    found = numpy.stack([levels(samples, floor_db) for samples in clips])
    return found.mean(axis=0), found.std(axis=0)


def spectral_distance(one, other):
    return float(numpy.sqrt(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2).mean()))


# Running

class Program:
    def __init__(self, path, threads):
        self.path, self.threads = path, threads

    def run(self, *arguments):
        command = [self.path, *map(str, arguments), "--threads", str(self.threads), "--json", "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}\n{done.stderr}")
        return json.loads(done.stdout) if done.stdout else None


def scores(program, sets, reference, held_out, count, options):
    """The scores of each set by one call of evaluate."""
    report = program.run("evaluate", *sets.values(), "--real", reference, "--held-out", held_out,
                         "--count", count, *options)
    named = {entry["name"]: entry["scores"] for entry in report["sets"]}
    return {name: named[path] for name, path in sets.items()}


def value(scores, key):
    found = scores.get(key)
    return found["value"] if isinstance(found, dict) else found


def draw(program, arguments, seed, folder, reference, held_out):
    """{set: {score: value}} of one draw."""
    sets = sets_of(folder, f"{folder}/sets-{seed}", seed, arguments.count)
    judged = scores(program, sets, reference, held_out, arguments.reference_count,
                    ["--classifier", arguments.classifier])
    by_mel = scores(program, sets, reference, held_out, arguments.reference_count,
                    ["--features", arguments.features])
    training = listing(f"{folder}/train")
    step = max(1, len(training) // 1024)
    real = statistics((read(f"{folder}/train/{label}/{name}") for label, name in training[::step]),
                      arguments.spectral_floor)
    rows = {}
    for name, path in sets.items():
        clips = (read(f"{path}/{label}/{file}") for label, file in listing(path))
        rows[name] = {
            "inception score": value(judged[name], "inception_score"),
            "Fréchet, classifier": value(judged[name], "frechet_distance"),
            "coverage": value(judged[name], "coverage"),
            "copies": value(judged[name], "copies"),
            "Fréchet, log-mel": value(by_mel[name], "frechet_distance"),
            "spectral distance": spectral_distance(statistics(clips, arguments.spectral_floor), real),
        }
    shutil.rmtree(f"{folder}/sets-{seed}")
    return rows


def verdicts(draws, is_small):
    """(law, found, allowed, holds) of each law.

    With few clips the Fréchet distance on 128 features and the distance of levels are mostly noise.
    """
    def values(name, key):
        return numpy.array([rows[name][key] for rows in draws])

    found = []
    inception = numpy.array([values(name, "inception score").mean() for name in BACKGROUNDS])
    spread = (inception.max() - inception.min()) / values("unchanged", "inception score").mean()
    found.append(("spread of the inception score over the backgrounds", spread, LARGEST_SPREAD,
                  spread <= LARGEST_SPREAD))
    for key in ["Fréchet, log-mel", "spectral distance"]:
        worst = max(values(name, key).mean() for name in BACKGROUNDS)
        ratio = worst / values("unchanged", key).mean()
        found.append((f"{key}: worst background over unchanged", ratio, LARGEST_RATIO,
                      ratio <= LARGEST_RATIO))
    # The classifier's features are means over time: only the inception score detects a reversal in them.
    detected = [(name, key, 1) for name in DAMAGES for key in ["Fréchet, classifier", "Fréchet, log-mel"]
                if (name, key) != ("reversed", "Fréchet, classifier")]
    detected += [("reversed", "inception score", -1)]
    detected += [(name, "spectral distance", 1) for name in DAMAGES if name != "reversed"]
    detected += [(HALF, "inception score", -1), (HALF, "coverage", -1), (COPIES, "copies", 1)]
    if is_small:
        detected = [law for law in detected
                    if law[1] in ["Fréchet, classifier", "coverage", "copies"]]
    for name, key, sign in detected:
        plain, damaged = values("unchanged", key), values(name, key)
        deviations = sign * (damaged.mean() - plain.mean()) / max(plain.std(ddof=1), 1e-9)
        found.append((f"{key}: {name}, in deviations of unchanged", deviations, LEAST_DEVIATIONS,
                      deviations >= LEAST_DEVIATIONS))
    return found


def write_fixtures(sounds, folder, count):
    """Writes COUNT words of each digit and part as Ogg Vorbis, without their background."""
    for part in ["train", "test"]:
        listed = listing(f"{sounds}/{part}")
        for label in sorted({label for label, _ in listed}):
            own = [name for other, name in listed if other == label]
            for index in source("fixtures", part, label).permutation(len(own))[:count]:
                samples = read(f"{sounds}/{part}/{label}/{own[index]}")
                path = f"{folder}/{part}/{label}/{own[index]}"
                write(path, background(-numpy.inf)(samples, None))
                subprocess.run(["oggenc", "--quiet", "--quality", "4", "--serial", "1", path], check=True)
                os.remove(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sounds")
    parser.add_argument("--program", default=".build/release/specgan")
    parser.add_argument("--work", default="experiments/measure", help="a folder for caches and clips")
    parser.add_argument("--count", type=int, default=400, help="clips in a set")
    parser.add_argument("--reference-count", type=int, default=2000, help="real clips that sets are compared to")
    parser.add_argument("--classifier", help="default: one of 8 channels is trained")
    parser.add_argument("--features", default="audible", choices=["audible", "published"])
    parser.add_argument("--spectral-floor", type=float, default=-54, help="dB, of the distance that training reports")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--small", action="store_true",
                        help="leave out the laws that need hundreds of clips")
    parser.add_argument("--fixtures", metavar="FOLDER", help="write the fixtures of the tests, and stop")
    arguments = parser.parse_args()
    program = Program(arguments.program, arguments.threads)
    work = arguments.work
    prepare(program, arguments.sounds, work)
    if arguments.fixtures:
        return write_fixtures(work, arguments.fixtures, 10)
    if not arguments.classifier:
        arguments.classifier = f"{work}/{arguments.features}.classifier"
        if not os.path.exists(arguments.classifier):
            report = program.run("classifier", "train", f"{work}/train.cache", "--channels", 8, "--patience", 5,
                                 "--features", arguments.features, "--output", arguments.classifier)
            print(json.dumps(report), flush=True)
    draws = [draw(program, arguments, seed, work, f"{work}/train.cache", f"{work}/test.cache")
             for seed in SEEDS]
    keys = list(draws[0]["unchanged"])
    print("| | " + " | ".join(keys) + " |\n" + "|---" * (len(keys) + 1) + "|")
    for name in draws[0]:
        cells = [numpy.array([rows[name][key] for rows in draws]) for key in keys]
        print(f"| {name} | " + " | ".join(f"{cell.mean():.3g} ± {cell.std(ddof=1):.2g}" for cell in cells) + " |")
    print("\n| law | found | allowed | |\n|---|---|---|---|")
    all_hold = True
    for law, found, allowed, holds in verdicts(draws, arguments.small):
        print(f"| {law} | {found:.3g} | {allowed} | {'holds' if holds else 'broken'} |")
        all_hold = all_hold and holds
    sys.exit(0 if all_hold else 1)


if __name__ == "__main__":
    main()
