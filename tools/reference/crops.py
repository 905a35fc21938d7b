"""Where random crops of sounds start, in exact arithmetic, and the random words that decide it.

Run it with `tools/reference/record crops`.
"""

import numpy

import philox
import safetensors_file

WORD = 2**32
SEED, BATCH, UPDATES = 2**40 + 5, 3, 4
# Frames of a sound, of a slice, from slice to slice, and whether the last slice is padded.
SOUNDS = [
    (1000, 1000, 1000, 1), (1001, 1000, 1000, 1), (600, 1000, 1000, 1), (4321, 1000, 1000, 1),
    (4321, 1000, 1000, 0), (4321, 1000, 500, 1), (4321, 1000, 500, 0), (2999, 1000, 700, 1),
    (2999, 1000, 900, 0), (2500, 1000, 100, 1), (2500, 1000, 300, 0),
]


def slice_count(frames, length, hop, pad_end):
    """Slices of a sound, counted as they are cut."""
    count, start = 0, 0
    while start == 0 or (start + length - hop < frames if pad_end else start + length <= frames):
        count, start = count + 1, start + hop
    return count


def start(number, word, frames, length, hop, count):
    """The frame at which slice `number`'s crop starts, for a random word below 2^32."""
    starts = min(max(frames - length, 0), (count - 1) * hop) + 1
    return (number * WORD + word) * starts // (count * WORD)


def main():
    tensors = {}
    words = [0, 1, WORD // 3, WORD // 2, WORD - 1]
    for index, (frames, length, hop, pad_end) in enumerate(SOUNDS):
        count = slice_count(frames, length, hop, pad_end)
        tensors[f"sound_{index}/settings"] = numpy.array([frames, length, hop, pad_end])
        tensors[f"sound_{index}/starts"] = numpy.array(
            [[start(number, word, frames, length, hop, count) for word in words]
             for number in range(count)])
    tensors["words"] = philox.words(words)
    for roll_backs in [0, 2]:
        stream = philox.RandomStream(SEED, philox.CROPS, roll_backs)
        tensors[f"roll_backs_{roll_backs}/words"] = philox.words(
            stream.bits(UPDATES * BATCH).reshape(UPDATES, BATCH))
    safetensors_file.write(
        "crops.safetensors", tensors, SEED, words="32-bit patterns", batch=BATCH)


if __name__ == "__main__":
    main()
