"""Writes Fixtures/golden/augmentation.safetensors: transformed examples and the way back, by
automatic differentiation in double precision.

Run it with `tools/reference/record augmentation`.
"""

import math

import numpy
import torch

import philox
import safetensors_file

SEED = 3
EXAMPLES, FRAMES, BINS, LENGTH, CHANNELS = 12, 32, 16, 64, 2
NUMBERS, PROBABILITY, LOG_FLOOR, CLIP = 16, 0.7, 1e-2, 3.0
LARGEST_GAIN, LARGEST_BIN_SHIFT = 6 * math.log(10) / 20, 2


class Draw:
    """Sixteen uniform numbers, the first six of which decide which operations are applied."""

    def __init__(self, numbers, probability=PROBABILITY):
        self.numbers, self.probability = numbers, probability

    def position(self, index):
        return 2 * self.numbers[6 + index] - 1 if self.numbers[index] < self.probability else None

    def part(self, index, length):
        if self.numbers[index] >= self.probability:
            return range(0)
        width = int(self.numbers[6 + index] * length / 8) + 1
        start = min(int(self.numbers[8 + index] * (length - width + 1)), length - width)
        return range(start, start + width)


def shifted(values, shift, axis, filling):
    """`values` moved by `shift` places along an axis; `filling`, of the same shape, has what comes in."""
    count = values.shape[axis]
    if shift >= 0:
        parts = [filling.narrow(axis, 0, shift), values.narrow(axis, 0, count - shift)]
    else:
        parts = [values.narrow(axis, -shift, count + shift), filling.narrow(axis, count + shift, -shift)]
    return torch.cat(parts, dim=axis)


def picture(x, draw, mean, spread):
    """The transformed picture, [frames, bins]."""
    frame_count, bin_count = x.shape
    silence = torch.clamp((math.log(LOG_FLOOR) - mean) / spread, min=-1)
    shift = int((draw.position(0) or 0) * frame_count / 8)
    bins = math.floor((draw.position(1) or 0) * (LARGEST_BIN_SHIFT + 0.5) + 0.5)
    logs = x * spread + mean
    moved = shifted(logs, bins, 1, torch.full_like(logs, math.log(LOG_FLOOR)))
    gain, tilt = draw.position(2), draw.position(3)
    if gain is not None or tilt is not None:
        places = 2 * torch.arange(bin_count, dtype=x.dtype) / (bin_count - 1) - 1
        factors = torch.exp(LARGEST_GAIN * ((gain or 0) + (tilt or 0) * places))
        changed = torch.log(factors * (torch.exp(moved) - LOG_FLOOR) + LOG_FLOOR)
        moved = torch.where(torch.exp(moved) > LOG_FLOOR, changed, moved)
    moved = (moved - mean) / spread
    # What is shifted in has the value of silence as it is clipped.
    gone = [place for place in range(bin_count) if not 0 <= place - bins < bin_count]
    gone += list(draw.part(5, bin_count))
    kept = torch.ones(bin_count, dtype=torch.bool)
    kept[gone] = False
    moved = torch.where(kept, moved, silence)
    moved = shifted(moved, shift, 0, silence.expand(frame_count, bin_count))
    masked = list(draw.part(4, frame_count))
    rows = torch.ones((frame_count, 1), dtype=torch.bool)
    rows[masked] = False
    return torch.where(rows, moved, silence)


def waveform(x, draw):
    """The transformed waveform, [length, channels]."""
    factor = 10 ** ((draw.position(2) or 0) * 6 / 20)
    polarity = draw.position(1)
    factor *= -1 if polarity is not None and polarity < 0 else 1
    length = x.shape[0]
    shift = int((draw.position(0) or 0) * length / 8)
    result = shifted(factor * x, shift, 0, torch.zeros_like(x))
    rows = torch.ones((length, 1), dtype=torch.bool)
    rows[list(draw.part(4, length))] = False
    return torch.where(rows, result, torch.zeros_like(result))


def both_ways(transform, shape, numbers, first, lowest=-1.0):
    """Examples, what they become, cotangents of that, and cotangents of the examples."""
    stream = philox.RandomStream(SEED, philox.TRAINING_LATENTS)
    size = EXAMPLES * shape[0] * shape[1]
    uniforms = stream.uniforms(2 * size, first).astype(numpy.float32).astype(numpy.float64)
    x = torch.tensor(lowest + (1 - lowest) * uniforms[:size]).reshape(EXAMPLES, *shape).requires_grad_()
    y = torch.stack([transform(x[place], Draw(numbers[place])) for place in range(EXAMPLES)])
    cotangent = torch.tensor(2 * uniforms[size:] - 1).reshape(EXAMPLES, *shape)
    back, = torch.autograd.grad((y * cotangent).sum(), x)
    return x.detach().numpy(), y.detach().numpy(), cotangent.numpy(), back.numpy()


def main():
    draws = philox.RandomStream(SEED, philox.ORDER)
    numbers = draws.uniforms(EXAMPLES * NUMBERS, 0).reshape(EXAMPLES, NUMBERS)
    moments = philox.RandomStream(SEED, philox.INTERPOLATION).uniforms(2 * (BINS + 1), 0)
    mean = (-2 + moments[:BINS + 1]).astype(numpy.float32)
    deviation = (0.4 + 0.3 * moments[BINS + 1:]).astype(numpy.float32)
    centers = torch.tensor(mean[:BINS].astype(numpy.float64))
    spread = torch.tensor(deviation[:BINS].astype(numpy.float64)) * CLIP
    tensors = {"draws": numbers, "mean": mean, "deviation": deviation}
    # Values below that of silence are among them: a generator may make them.
    for name, results in [
            ("picture", both_ways(lambda x, draw: picture(x, draw, centers, spread), (FRAMES, BINS), numbers, 0, -1.3)),
            ("waveform", both_ways(waveform, (LENGTH, CHANNELS), numbers, 1 << 20))]:
        tensors |= {f"{name}/{part}": value
                    for part, value in zip(["example", "result", "cotangent", "back"], results)}
    safetensors_file.write("augmentation.safetensors", tensors, SEED, probability=PROBABILITY,
                           log_floor=LOG_FLOOR, clip_deviations=CLIP)


if __name__ == "__main__":
    main()
