"""Phase gradient heap integration and ADMM, in float64.

    pip install -r tools/reference/requirements.txt
    python tools/reference/phase_retrieval.py

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
GAMMA = 0.25645 * LENGTH ** 2
TOLERANCE = 1e-6
MOMENTUM = 0.99


def frames_of(signal):
    """The windowed frames of a signal, frame t centred on sample 128 t."""
    count = 1 + -(-len(signal) // STEP)
    padded = numpy.zeros((count - 1) * STEP + LENGTH)
    padded[LENGTH // 2:LENGTH // 2 + len(signal)] = signal
    return numpy.stack([padded[STEP * t:STEP * t + LENGTH] for t in range(count)]) * WINDOW


def transform(signal):
    return numpy.fft.rfft(frames_of(signal))


def inverse(spectrum, samples):
    """The least-squares inverse, of a signal that is zero outside its samples."""
    sums, energy = numpy.zeros((2, (len(spectrum) - 1) * STEP + LENGTH))
    for index, frame in enumerate(numpy.fft.irfft(spectrum)):
        place = slice(STEP * index, STEP * index + LENGTH)
        sums[place] += frame * WINDOW
        energy[place] += WINDOW ** 2
    inside = slice(LENGTH // 2, LENGTH // 2 + samples)
    return sums[inside] / energy[inside]


def integrated(magnitude):
    """The phases, in turns in [-1/2, 1/2]; 0 where there is nothing but rounding."""
    frames, bins = magnitude.shape
    logs = numpy.log(numpy.maximum(magnitude, TOLERANCE * magnitude.max()))
    along_frames = STEP * LENGTH / GAMMA * numpy.gradient(logs, axis=1) / (2 * math.pi)
    along_frames += STEP * numpy.arange(bins) / LENGTH
    along_bins = -GAMMA / (STEP * LENGTH) * numpy.gradient(logs, axis=0) / (2 * math.pi) - 0.5
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


def searched(spectrum, magnitude, penalties, samples):
    """ADMM: P_A(Z) after as many steps as there are penalties."""
    z, u = spectrum, numpy.zeros_like(spectrum)
    for penalty in penalties:
        x = imposed(z - u, magnitude)
        y = x + u
        z = (penalty * y + transform(inverse(y, samples))) / (1 + penalty)
        u = y - z
    return imposed(z, magnitude)


def finished(spectrum, magnitude, count, samples):
    """Fast Griffin-Lim."""
    previous = None
    for _ in range(count):
        new = transform(inverse(spectrum, samples))
        estimate = new if previous is None else new + MOMENTUM * (new - previous)
        previous, spectrum = new, imposed(estimate, magnitude)
    return spectrum


def schedule(count):
    """The penalties of `best`, growing to 0.1, and how many steps of Griffin-Lim follow."""
    finish = math.ceil(count / 5)
    first = 0.1 * min(1, 16 / count)
    return numpy.geomspace(first, 0.1, count - finish) if count > finish + 1 else [0.1] * (count - finish), finish


def mixed(magnitude, count, samples):
    """The sound of `best` from zero phase."""
    penalties, finish = schedule(count)
    spectrum = searched(magnitude.astype(complex), magnitude, penalties, samples)
    return inverse(finished(spectrum, magnitude, finish, samples), samples)


def convergence(sound, magnitude):
    error = numpy.linalg.norm(numpy.abs(transform(sound)) - magnitude)
    return 20 * numpy.log10(error / numpy.linalg.norm(magnitude))


def main():
    tensors = {}
    for index in (1, 5):
        magnitude = numpy.abs(transform(clips.fitted(CLIPS[index], SHORT))).astype(numpy.float32)
        turns = integrated(magnitude.astype(float))
        tensors[f"magnitude/{index}"] = magnitude
        tensors[f"turns/{index}"] = turns
    magnitude = tensors["magnitude/1"].astype(float)
    for count in (1, 4):
        spectrum = searched(magnitude.astype(complex), magnitude, [0.1] * count, SHORT)
        tensors[f"audio/1/admm/{count}"] = inverse(spectrum, SHORT)
    tensors["audio/1/best/8"] = mixed(magnitude, 8, SHORT)
    magnitudes = [numpy.abs(transform(clips.fitted(path, SAMPLES))) for path in CLIPS]
    for count in (8, 48):
        name = f"sc/best/zero/{count}"
        tensors[name] = numpy.array([convergence(mixed(m, count, SAMPLES), m) for m in magnitudes])
        print(name, tensors[name].round(2))
    safetensors_file.write(
        "phase_retrieval.safetensors", tensors, SEED, clips=", ".join(CLIPS),
        clip_samples=SAMPLES, short_samples=SHORT)


if __name__ == "__main__":
    main()
