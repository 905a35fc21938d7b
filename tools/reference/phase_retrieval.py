"""Phase gradient heap integration and ADMM, in float64.

Run it with `tools/reference/record phase_retrieval`.

Prusa, Balazs and Sondergaard 2017, algorithm 1, with a binary heap; Masuyama, Yatabe and Oikawa 2019,
equations 16 to 18, with all three of their variables; and the mixture of both with fast Griffin-Lim that
the methods fast and best are. In centred frames with zeros outside.
"""

import heapq
import math

import numpy

import clips
import safetensors_file
from griffin_lim import CLIPS
from stft import LENGTH, STEP, WINDOW

SEED = 0
SAMPLES, SHORT = 16384, 4000
ODD_LENGTH, ODD_STEP, ODD_SAMPLES = 90, 17, 1000  # a step that divides neither the frame nor the sound
TOLERANCE = 1e-6
MOMENTUM = 0.99


class Frames:
    """Centred frames of a window whose nearest Gaussian is exp(-pi n^2 / gamma): frame t about sample step * t."""

    def __init__(self, window, step, gamma):
        self.window, self.length, self.step, self.gamma = window, len(window), step, gamma

    def transform(self, signal):
        count = 1 + -(-len(signal) // self.step)
        padded = numpy.zeros((count - 1) * self.step + self.length)
        padded[self.length // 2:self.length // 2 + len(signal)] = signal
        starts = range(0, count * self.step, self.step)
        return numpy.fft.rfft(numpy.stack([padded[t:t + self.length] for t in starts]) * self.window)

    def inverse(self, spectrum, samples):
        """The least-squares inverse, of a signal that is zero outside its samples."""
        sums, energy = numpy.zeros((2, (len(spectrum) - 1) * self.step + self.length))
        for index, frame in enumerate(numpy.fft.irfft(spectrum, self.length)):
            place = slice(self.step * index, self.step * index + self.length)
            sums[place] += frame * self.window
            energy[place] += self.window ** 2
        inside = slice(self.length // 2, self.length // 2 + samples)
        return sums[inside] / energy[inside]

    def consistent(self, spectrum, samples):
        return self.transform(self.inverse(spectrum, samples))


def cosine_window(length, middle):
    return middle - (1 - middle) * numpy.cos(2 * math.pi * numpy.arange(length) / length)


def gaussian_window(length):
    return numpy.exp(-0.5 * ((numpy.arange(length) - length / 2) / (length / 6)) ** 2)


# Prusa and others: gamma of the windows of cosines; a Gaussian's is 2 pi sigma^2.
PUBLISHED = Frames(WINDOW, STEP, 0.25645 * LENGTH ** 2)
ODD = {
    "hamming": Frames(cosine_window(ODD_LENGTH, 0.54), ODD_STEP, 0.29794 * ODD_LENGTH ** 2),
    "gaussian": Frames(gaussian_window(ODD_LENGTH), ODD_STEP, 2 * math.pi * (ODD_LENGTH / 6) ** 2),
}


def integrated(magnitude, grid=PUBLISHED):
    """The phases, in turns in [-1/2, 1/2]; 0 where there is nothing but rounding."""
    frames, bins = magnitude.shape
    scale = grid.step * grid.length / grid.gamma
    logs = numpy.log(numpy.maximum(magnitude, TOLERANCE * magnitude.max()))
    along_frames = scale * numpy.gradient(logs, axis=1) / (2 * math.pi)
    along_frames += grid.step * numpy.arange(bins) / grid.length
    along_bins = -1 / scale * numpy.gradient(logs, axis=0) / (2 * math.pi) - 0.5
    pending = magnitude > TOLERANCE * magnitude.max()
    turns = numpy.zeros((frames, bins))
    while pending.any():
        seed = numpy.argmax(numpy.where(pending, magnitude, -1))  # the first of equal ones
        edge = [(-magnitude.flat[seed], seed)]
        pending.flat[seed] = False
        while edge:
            _, place = heapq.heappop(edge)
            frame, bin = divmod(place, bins)
            for steps, gradient, (t, m) in [
                    (1, along_frames, (frame + 1, bin)), (-1, along_frames, (frame - 1, bin)),
                    (1, along_bins, (frame, bin + 1)), (-1, along_bins, (frame, bin - 1))]:
                if 0 <= t < frames and 0 <= m < bins and pending[t, m]:
                    pending[t, m] = False
                    turns[t, m] = turns[frame, bin] + steps * (gradient[frame, bin] + gradient[t, m]) / 2
                    heapq.heappush(edge, (-magnitude[t, m], t * bins + m))
    return turns - numpy.round(turns)


def imposed(spectrum, magnitude):
    return magnitude * spectrum / numpy.maximum(numpy.abs(spectrum), 1e-300)


def searched(spectrum, magnitude, penalties, samples, grid=PUBLISHED):
    """ADMM: P_A(Z) after as many steps as there are penalties."""
    z, u = spectrum, numpy.zeros_like(spectrum)
    for penalty in penalties:
        x = imposed(z - u, magnitude)
        y = x + u
        z = (penalty * y + grid.consistent(y, samples)) / (1 + penalty)
        u = y - z
    return imposed(z, magnitude)


def finished(spectrum, magnitude, count, samples, grid=PUBLISHED):
    """Fast Griffin-Lim."""
    previous = None
    for _ in range(count):
        new = grid.consistent(spectrum, samples)
        estimate = new if previous is None else new + MOMENTUM * (new - previous)
        previous, spectrum = new, imposed(estimate, magnitude)
    return spectrum


def schedule(count):
    """The penalties of `best`, growing to 0.1, and how many steps of Griffin-Lim follow."""
    finish = math.ceil(count / 5)
    first = 0.1 * min(1, 16 / count)
    return numpy.geomspace(first, 0.1, count - finish) if count > finish + 1 else [0.1] * (count - finish), finish


def mixed(magnitude, count, samples, turns=0, grid=PUBLISHED):
    """The sound of `best` from the phases `turns`."""
    penalties, finish = schedule(count)
    start = magnitude * numpy.exp(2j * math.pi * turns)
    spectrum = searched(start, magnitude, penalties, samples, grid)
    return grid.inverse(finished(spectrum, magnitude, finish, samples, grid), samples)


def convergence(sound, magnitude):
    error = numpy.linalg.norm(numpy.abs(PUBLISHED.transform(sound)) - magnitude)
    return 20 * numpy.log10(error / numpy.linalg.norm(magnitude))


def published(tensors):
    """The published transform: phases, and sounds from zero and from integrated phases."""
    for index in (1, 5):
        magnitude = numpy.abs(PUBLISHED.transform(clips.fitted(CLIPS[index], SHORT))).astype(numpy.float32)
        tensors[f"magnitude/{index}"] = magnitude
        tensors[f"turns/{index}"] = integrated(magnitude.astype(float))
    magnitude = tensors["magnitude/1"].astype(float)
    for count in (1, 4):
        spectrum = searched(magnitude.astype(complex), magnitude, [0.1] * count, SHORT)
        tensors[f"audio/1/admm/{count}"] = PUBLISHED.inverse(spectrum, SHORT)
    tensors["audio/1/best/8"] = mixed(magnitude, 8, SHORT)
    tensors["audio/1/chain/8"] = mixed(magnitude, 8, SHORT, tensors["turns/1"])


def odd(tensors):
    """Other windows, under a step that divides nothing: phases, and the sound of the whole chain."""
    signal = clips.fitted(CLIPS[1], SHORT)[-ODD_SAMPLES:]
    for name, grid in ODD.items():
        magnitude = numpy.abs(grid.transform(signal)).astype(numpy.float32)
        turns = integrated(magnitude.astype(float), grid)
        tensors[f"magnitude/{name}"], tensors[f"turns/{name}"] = magnitude, turns
        tensors[f"audio/{name}/chain/8"] = mixed(magnitude.astype(float), 8, ODD_SAMPLES, turns, grid)


def converging(tensors):
    magnitudes = [numpy.abs(PUBLISHED.transform(clips.fitted(path, SAMPLES))) for path in CLIPS]
    starts = {"zero": [0] * len(CLIPS), "gradients": [integrated(m) for m in magnitudes]}
    for start, count in [("zero", 8), ("zero", 48), ("gradients", 16), ("gradients", 200)]:
        name = f"sc/best/{start}/{count}"
        tensors[name] = numpy.array([
            convergence(mixed(m, count, SAMPLES, turns), m) for m, turns in zip(magnitudes, starts[start])])
        print(name, tensors[name].round(2))


def main():
    tensors = {}
    published(tensors)
    odd(tensors)
    converging(tensors)
    safetensors_file.write(
        "phase_retrieval.safetensors", tensors, SEED, clips=", ".join(CLIPS),
        clip_samples=SAMPLES, short_samples=SHORT, odd_samples=ODD_SAMPLES)


if __name__ == "__main__":
    main()
