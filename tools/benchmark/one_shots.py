#!/usr/bin/env python3
"""Writes a folder of COUNT clips at 44.1 kHz, 0.3 to 1.5 s long: the drums of Fixtures/audio, repeated, at
other levels and with a little noise. The bytes are the same each time.

Usage: one_shots.py FOLDER COUNT
"""
import pathlib
import sys

import numpy
import soundfile
import soxr

RATE = 44_100


def main():
    output, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    clips = sorted(pathlib.Path("Fixtures/audio/drums").glob("*/*.wav"))
    drums = [(clip.parent.name, soundfile.read(clip, dtype="float32")) for clip in clips]
    drums = [(label, soxr.resample(samples, rate, RATE)) for label, (samples, rate) in drums]
    generator = numpy.random.default_rng(1)
    for index in range(count):
        label, drum = drums[index % len(drums)]
        length = int(RATE * generator.uniform(0.3, 1.5))
        sound = numpy.resize(drum, length) * numpy.float32(generator.uniform(0.3, 0.9))
        sound += 1e-3 * generator.standard_normal(length).astype(numpy.float32)
        path = output / label / f"{index:05d}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, numpy.clip(sound, -1, 1), RATE, subtype="PCM_16")


main()
