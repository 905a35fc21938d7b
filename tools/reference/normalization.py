"""Moments of log-magnitudes, the normalisation to [-1, 1], and the way back, in float64.

Run it with `tools/reference/record normalization`.

Source: Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 3.
"""

import numpy

import clips
import safetensors_file
from stft import log_magnitudes, stft

DEVIATIONS = 3
CLIPS = [
    "digits/two/flite_kal16.wav", "drums/snare/sn_zome.wav", "drums/perc/tabla_dhec.wav",
]


def moments(rows):
    """Mean and population standard deviation of each bin over all frames, in two passes."""
    mean = rows.sum(axis=0) / len(rows)
    return mean, numpy.sqrt(((rows - mean) ** 2).sum(axis=0) / len(rows))


def normalized(log_magnitude, mean, deviation):
    """[frames, 129] to [frames, 128]: the Nyquist bin dropped, +-3 deviations to +-1, clipped."""
    standard = (log_magnitude - mean) / deviation / DEVIATIONS
    return numpy.clip(standard[:, :128], -1, 1)


def magnitudes(values, mean, deviation):
    """The way back, [frames, 128] to [frames, 129]: the dropped bin is the mean."""
    complete = numpy.pad(values, ((0, 0), (0, 1)))
    return numpy.exp(complete * DEVIATIONS * deviation + mean)


def stored(array):
    """What a reader of the fixture will see."""
    return array.astype(numpy.float32).astype(numpy.float64)


def main():
    signals = [clips.read(path) for path in CLIPS]
    rows = [stored(log_magnitudes(stft(signal))) for signal in signals]
    mean, deviation = [stored(moment) for moment in moments(numpy.concatenate(rows))]
    values = stored(normalized(rows[0], mean, deviation))
    clipped = numpy.mean(numpy.abs(values) == 1)
    assert deviation.min() > 0.5, "no bin may be near a floor on the deviation"
    assert 0 < clipped < 0.1, "some values must be clipped, and few"
    tensors = {
        "mean": mean, "deviation": deviation, "normalized": values,
        "magnitude": magnitudes(values, mean, deviation)}
    for index, (signal, row) in enumerate(zip(signals, rows)):
        tensors[f"signal_{index}"] = signal
        tensors[f"log_magnitude_{index}"] = row
    safetensors_file.write(
        "normalization.safetensors", tensors, "none", clips=", ".join(CLIPS),
        normalized_clip=0, clipped_share=clipped)


if __name__ == "__main__":
    main()
