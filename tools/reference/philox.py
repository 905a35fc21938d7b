"""Philox 4x32-10 and the random streams drawn from it, in numpy.

Run it with `tools/reference/record philox`.

Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011. The answers
that Random123 publishes are asserted.
"""

import numpy

import safetensors_file

MASK = numpy.uint64(0xFFFFFFFF)
WORD = numpy.uint64(32)
WEIGHTS, TRAINING_LATENTS, GENERATION, ORDER, INTERPOLATION, PHASE_SHUFFLE, PHASE = range(1, 8)
SPECTRAL_VECTORS, CROPS = 8, 9
AUGMENTATION, REAL_NOISE = 12, 13
STYLE_MIXING, TRAINING_NOISE, NOISE = 17, 18, 19

ANSWERS = [  # counter, key, block
    ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    ([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0],
     [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]),
]


def blocks(counters, key):
    """[n, 4] counters under one key to [n, 4] random words, all below 2^32 in uint64."""
    c0, c1, c2, c3 = numpy.asarray(counters, dtype=numpy.uint64).T
    for turn in range(10):
        k0 = numpy.uint64((key[0] + turn * 0x9E3779B9) % 2**32)
        k1 = numpy.uint64((key[1] + turn * 0xBB67AE85) % 2**32)
        left, right = c0 * numpy.uint64(0xD2511F53), c2 * numpy.uint64(0xCD9E8D57)
        c0, c2 = (right >> WORD) ^ c1 ^ k0, (left >> WORD) ^ c3 ^ k1
        c1, c3 = right & MASK, left & MASK
    return numpy.stack([c0, c1, c2, c3], axis=1)


class RandomStream:
    """Random words by their index: one row of those of a purpose, under a seed."""

    def __init__(self, seed, purpose, row=0):
        self.key = [seed % 2**32, seed >> 32]
        self.row, self.purpose = row, purpose

    def bits(self, count, start=0):
        """The words from index `start` on, below 2^32 in uint64."""
        index = numpy.uint64(start) + numpy.arange(count, dtype=numpy.uint64)
        block = index // numpy.uint64(4)
        counters = numpy.empty([count, 4], dtype=numpy.uint64)
        counters[:, 0], counters[:, 1] = block & MASK, block >> WORD
        counters[:, 2], counters[:, 3] = self.row, self.purpose
        words = blocks(counters, self.key)
        return words[numpy.arange(count), index % numpy.uint64(4)]

    def uniforms(self, count, start=0):
        """Multiples of 2^-24 in [0, 1): float64, exact in float32."""
        return (self.bits(count, start) >> numpy.uint64(8)).astype(numpy.float64) * 2.0**-24

    def normals(self, count, start=0):
        """Standard normal numbers in float64, by Box and Muller: numbers 2k and 2k + 1 are a pair, made of the uniform
        numbers with these indices."""
        skipped = start % 2
        pairs = self.uniforms((skipped + count + 1) // 2 * 2, start - skipped).reshape(-1, 2)
        # The logarithm is of a number in (0, 1].
        radius, angle = numpy.sqrt(-2 * numpy.log1p(-pairs[:, 0])), 2 * numpy.pi * pairs[:, 1]
        numbers = numpy.stack([radius * numpy.cos(angle), radius * numpy.sin(angle)], axis=1)
        return numbers.reshape(-1)[skipped:skipped + count]

    def integers(self, bound, count, start=0):
        """Integers in 0 ..< bound, by multiplication."""
        return ((self.bits(count, start) * numpy.uint64(bound)) >> WORD).astype(numpy.int64)

    def permutation(self, count):
        """0 ..< count in random order: Fisher and Yates, from the last place down."""
        order = list(range(count))
        for last in range(count - 1, 0, -1):
            other = int(self.integers(last + 1, 1, last)[0])
            order[last], order[other] = order[other], order[last]
        return numpy.array(order)


for counter, key, answer in ANSWERS:
    assert blocks([counter], key)[0].tolist() == answer, "not Philox 4x32-10"

# Seed, purpose, row, first index: every word of counter and key is used.
STREAMS = [
    (0, WEIGHTS, 0, 0),
    (7, TRAINING_LATENTS, 0, 3),
    (2**64 - 1, PHASE, 2**32 - 1, 2**34 - 2),
    (0x0123456789ABCDEF, PHASE_SHUFFLE, 261, 10**12),
]


def words(array):
    """32-bit patterns as int32."""
    return numpy.asarray(array, dtype=numpy.uint64).astype(numpy.uint32).view(numpy.int32)


def main():
    tensors = {f"known/{name}": words([known[index] for known in ANSWERS])
               for index, name in enumerate(["counter", "key", "block"])}
    for number, (seed, purpose, row, start) in enumerate(STREAMS):
        stream = RandomStream(seed, purpose, row)
        tensors[f"stream_{number}/identity"] = words(
            [seed % 2**32, seed >> 32, purpose, row, start % 2**32, start >> 32])
        tensors[f"stream_{number}/bits"] = words(stream.bits(13, start))
        tensors[f"stream_{number}/uniforms"] = stream.uniforms(13, start)
        tensors[f"stream_{number}/integers_below_5"] = stream.integers(5, 13, start)
        tensors[f"stream_{number}/integers_below_1000003"] = stream.integers(1000003, 13, start)
        tensors[f"stream_{number}/permutation"] = stream.permutation(11)
    safetensors_file.write(
        "philox.safetensors", tensors, "in the tensors",
        identity="words: seed low, seed high, purpose, row, first index low, first index high",
        permutation="drawn from index 0")


if __name__ == "__main__":
    main()
