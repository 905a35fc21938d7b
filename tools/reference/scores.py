"""Writes Fixtures/golden/scores.safetensors: what scores of generated sounds are on small data, by numpy, SciPy
and scikit-learn.
Run it with `tools/reference/record scores`."""

import numpy
import scipy.linalg
import scipy.special
import scipy.stats
import sklearn.cluster
import sklearn.decomposition
import sklearn.metrics
import sklearn.metrics.pairwise
import sklearn.neighbors

import clips
import philox
import safetensors_file

SEED = 20260
SUBSETS = 20
random = numpy.random.default_rng(SEED)


def stored(array):
    """The numbers as the file holds them, which everything is computed from."""
    return numpy.asarray(array, dtype=numpy.float32).astype(numpy.float64)


# Class probabilities

def divergence(p, q):
    return scipy.special.rel_entr(p, q).sum(axis=-1)


def inception(probabilities, splits):
    # As the published inception score cuts them, whose parts differ by one where they cannot be equal.
    ends = [part * len(probabilities) // splits for part in range(splits + 1)]
    parts = [probabilities[begin:end] for begin, end in zip(ends, ends[1:])]
    scores = [numpy.exp(divergence(part, part.mean(axis=0)).mean()) for part in parts]
    return numpy.array([numpy.mean(scores), numpy.std(scores)])


def classes():
    probabilities = stored(scipy.special.softmax(3 * random.normal(size=(120, 10)), axis=1))
    labels = random.integers(0, 10, size=120)
    training = stored(random.dirichlet(numpy.full(10, 5.0)))
    training = training / training.sum()
    pairs = divergence(probabilities[:, None], probabilities[None])
    am = divergence(training, probabilities.mean(axis=0)) + scipy.stats.entropy(probabilities, axis=1).mean()
    # One class for sure, where the reference's logarithm of zero is no number.
    sure = numpy.eye(10)[numpy.arange(40) % 10]
    return {
        "classes/probabilities": probabilities, "classes/labels": labels,
        "classes/training": training,
        "classes/inception": inception(probabilities, 6), "classes/inception_whole": inception(probabilities, 1),
        "classes/inception_uneven": inception(probabilities, 7),
        "classes/modified": numpy.exp(pairs.mean()).reshape(1), "classes/am": numpy.reshape(am, 1),
        "classes/histogram": numpy.bincount(probabilities.argmax(axis=1), minlength=10),
        "classes/accuracy": numpy.mean(probabilities.argmax(axis=1) == labels).reshape(1),
        "classes/sure": sure, "classes/sure_inception": inception(sure, 4)}


# Features

def frechet(real, generated):
    first, second = numpy.cov(real.T), numpy.cov(generated.T)
    root = numpy.real(scipy.linalg.sqrtm(first @ second))
    means = real.mean(axis=0) - generated.mean(axis=0)
    return means @ means + numpy.trace(first + second - 2 * root)


def kernel_distance(real, generated):
    def kernel(x, y):
        return sklearn.metrics.pairwise.polynomial_kernel(x, y, degree=3, gamma=1 / x.shape[1], coef0=1)

    def within(x):
        values = kernel(x, x)
        return (values.sum() - numpy.trace(values)) / (len(x) * (len(x) - 1))

    return within(real) + within(generated) - 2 * kernel(real, generated).mean()


def jackknife_error(real, generated):
    """The estimate without each sound of either set in turn, as the definition has it."""
    variance = 0
    for own, others in ((real, generated), (generated, real)):
        estimates = [kernel_distance(numpy.delete(own, row, axis=0), others) for row in range(len(own))]
        variance += (len(own) - 1) * numpy.var(estimates)
    return numpy.sqrt(variance)


def neighbor_scores(real, generated, k):
    def radii(x):
        return sklearn.neighbors.NearestNeighbors(n_neighbors=k + 1).fit(x).kneighbors(x)[0][:, k]

    distances = sklearn.metrics.pairwise.euclidean_distances(real, generated)
    real_balls, generated_balls = distances <= radii(real)[:, None], distances <= radii(generated)[None]
    return numpy.array([
        real_balls.any(axis=0).mean(), generated_balls.any(axis=1).mean(),
        real_balls.sum(axis=0).mean() / k, real_balls.any(axis=1).mean()])


def nearest(x, others):
    return sklearn.neighbors.NearestNeighbors(n_neighbors=1).fit(others).kneighbors(x)[0].mean()


def nearest_other(x):
    return sklearn.neighbors.NearestNeighbors(n_neighbors=2).fit(x).kneighbors(x)[0][:, 1].mean()


def bins(real, generated, first):
    clusters = sklearn.cluster.KMeans(len(first), init=first, n_init=1, tol=0, max_iter=300,
                                      algorithm="lloyd").fit(real)
    counts = [numpy.bincount(clusters.predict(x), minlength=len(first)) for x in (real, generated)]
    different = 0
    for a, b in zip(*counts):
        pooled = (a + b) / (len(real) + len(generated))
        z = (a / len(real) - b / len(generated)) / numpy.sqrt(
            pooled * (1 - pooled) * (1 / len(real) + 1 / len(generated)))
        different += 2 * scipy.stats.norm.sf(abs(z)) < 0.05
    shares = [counts[0] / len(real), counts[1] / len(generated)]
    middle = (shares[0] + shares[1]) / 2
    jensen = (divergence(shares[0], middle) + divergence(shares[1], middle)) / 2
    return {"bins/centers": clusters.cluster_centers_, "bins/real": shares[0], "bins/generated": shares[1],
            "bins/different": numpy.array([different]), "bins/divergence": numpy.reshape(jensen, 1)}


def features():
    size = 19
    mixing = random.normal(size=(size, size)) / numpy.sqrt(size)
    real = stored(random.normal(size=(150, size)) @ mixing + 0.3)
    generated = stored(1.2 * random.normal(size=(110, size)) @ mixing)
    held_out = stored(random.normal(size=(60, size)) @ mixing + 0.3)
    # Of fewer sounds than numbers, so that the covariance has no inverse.
    few = generated[:7]
    components = sklearn.decomposition.PCA().fit(real)
    first = real[:8]
    return {
        "features/real": real, "features/generated": generated, "features/held_out": held_out,
        "frechet": numpy.array([frechet(real, generated), frechet(real, few)]),
        "kernel": numpy.reshape(kernel_distance(real[:110], generated), 1),
        "kernel_error": numpy.reshape(jackknife_error(real, generated), 1),
        "kernel_uneven": numpy.reshape(kernel_distance(real, generated), 1),
        "kernel_real": numpy.reshape(kernel_distance(real[:75], real[75:]), 1),
        "neighbors/3": neighbor_scores(real, generated, 3), "neighbors/5": neighbor_scores(real, generated, 5),
        "nearest": numpy.array([
            nearest_other(generated), nearest(generated, real), nearest_other(held_out),
            nearest(held_out, real)]),
        "components/mean": components.mean_, "components/vectors": components.components_,
        "components/variances": components.explained_variance_,
        "components/shares": components.explained_variance_ratio_,
        **bins(real, generated, first)}


# As many sounds and numbers as an evaluation has: drawn alike on both sides, as a file of them would be large.

def uniforms(count, seed):
    return (2 * philox.RandomStream(seed, philox.GENERATION, 77).uniforms(count) - 1).astype(numpy.float32)


def many(count, size, seed, spread, shift):
    """Numbers of falling variance that hang together, by float32 operations in this order."""
    noise = uniforms(count * size, seed).reshape(count, size)
    scales = numpy.float32(spread) / (1 + numpy.arange(size) % 7).astype(numpy.float32)
    return (noise * scales + numpy.float32(0.5) * numpy.roll(noise, -1, axis=1) + numpy.float32(shift)).astype(
        numpy.float64)


def extrapolation(real, generated, sizes, seed):
    distances = [
        frechet(real, generated[philox.RandomStream(seed, SUBSETS, row).permutation(len(generated))[:size]])
        for row, size in enumerate(sizes)]
    slope, distance = numpy.polyfit(1 / numpy.array(sizes), distances, 1)
    return numpy.array([distance, slope])


def sizes():
    tensors = {}
    for size in (32, 128):
        real, generated = many(1200, size, 31, 1, 0), many(1000, size, 32, 1.25, 0.25)
        chosen = [max(100, 2 * size) + (1000 - max(100, 2 * size)) * step // 14 for step in range(15)]
        tensors |= {
            f"many/{size}/frechet": numpy.reshape(frechet(real, generated), 1),
            f"many/{size}/extrapolation": extrapolation(real, generated, chosen, 9),
            f"many/{size}/kernel": numpy.reshape(kernel_distance(real, generated), 1)}
    return tensors


# Spectrograms

def spectrum(samples, length, step):
    window = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(length) / length)
    padded = numpy.pad(samples, (0, length))
    frames = numpy.stack([padded[start:start + length] for start in range(0, len(samples), step)])
    return abs(numpy.fft.rfft(frames * window))


def mel_weights(bin_count, band_count=128, rate=16000, lowest=40.0, highest=7800.0):
    """TensorFlow's documented definition: triangles in mels, zero frequency in none."""
    def mels(frequency):
        return 1127.0 * numpy.log(1.0 + frequency / 700.0)

    bins = mels(numpy.linspace(0, rate / 2, bin_count))[:, None]
    edges = numpy.linspace(mels(lowest), mels(highest), band_count + 2)
    lower, center, upper = edges[:-2], edges[1:-1], edges[2:]
    weights = numpy.maximum(0, numpy.minimum((bins - lower) / (center - lower), (upper - bins) / (upper - center)))
    weights[0] = 0
    return weights


def mel(samples, length):
    return numpy.log(spectrum(samples, length, 128) @ mel_weights(length // 2 + 1) + 1e-6)


def audible_mel(samples):
    """Bands up to 8 kHz, over a noise whose bins have the magnitude of a sine of -60 dB in a Hann window."""
    weights = mel_weights(513, highest=8000.0)
    floors = 10 ** (-60 / 20) * 1024 / 4 * numpy.maximum(weights.sum(axis=0), 1)
    return numpy.log((spectrum(samples, 1024, 128) @ weights) ** 2 + floors ** 2) / 2


def consistency(logarithms, length, step, ratio):
    gamma = ratio * length ** 2
    logarithms = numpy.maximum(logarithms, logarithms.max() - 10)
    time = logarithms[:-2, 1:-1] - 2 * logarithms[1:-1, 1:-1] + logarithms[2:, 1:-1]
    frequency = logarithms[1:-1, :-2] - 2 * logarithms[1:-1, 1:-1] + logarithms[1:-1, 2:]
    first = abs(gamma / step ** 2 * time + numpy.pi)
    second = abs(length ** 2 / gamma * frequency + numpy.pi)
    return numpy.corrcoef(first.ravel(), second.ravel())[0, 1]


def log_spectral_distance(reached, wanted, floor=1e-6):
    decibels = 20 * (numpy.log10(reached + floor) - numpy.log10(wanted + floor))
    return numpy.sqrt((decibels ** 2).mean(axis=1)).mean()


def spectrograms():
    speech = clips.fitted("digits/three/flite_slt.wav", 16384)
    published = stored(numpy.log(spectrum(speech[2048:7168], 256, 128) + 1e-6))
    # What is asked for is the same sound, later and quieter.
    asked, given = stored(0.5 * speech[2048:7168]), stored(speech[2100:7220])
    return {
        "log_spectral/samples": given, "log_spectral/asked": asked,
        "log_spectral/distance": numpy.reshape(
            log_spectral_distance(spectrum(given, 256, 128), spectrum(asked, 256, 128)), 1),
        # Every eighth frame, to keep the file small.
        "mel/1024": mel(speech, 1024)[::8], "mel/2048": mel(speech, 2048)[::8],
        # The reference's, of 16-bit integers; and the means over eighths of the time and 16 groups of bands.
        "mel/audible": audible_mel(speech)[::8],
        "mel/code": mel(32768 * speech, 2048)[::8],
        "mel/summary": mel(speech, 1024).reshape(8, 16, 16, 8).mean(axis=(1, 3)),
        "consistency/spectrogram": published,
        "consistency/hann": numpy.reshape(consistency(published, 256, 128, 0.25645), 1)}


safetensors_file.write(
    "scores.safetensors", {**classes(), **features(), **sizes(), **spectrograms()}, seed=SEED,
    libraries=["numpy", "scipy", "scikit-learn", "soundfile"])
