"""The sounds of Fixtures/audio as float64 arrays in [-1, 1)."""

import numpy
import soundfile

from safetensors_file import ROOT


def read(path):
    """The samples of Fixtures/audio/PATH, a 16 kHz mono file: exact multiples of 2^-15."""
    samples, rate = soundfile.read(ROOT / "Fixtures" / "audio" / path, dtype="float64")
    assert rate == 16000 and samples.ndim == 1, path
    return samples


def fitted(path, length):
    """The same, cut or padded with zeros to `length` samples."""
    samples = read(path)[:length]
    return numpy.pad(samples, (0, length - len(samples)))


def repeated(path, length):
    """The same, repeated to `length` samples, so that no part is silent."""
    return numpy.resize(read(path), length)
