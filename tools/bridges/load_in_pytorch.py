#!/usr/bin/env python3
"""Loads a checkpoint's generator into PyTorch and computes the same samples as `specgan generate`.

    pip install torch==2.13.0 safetensors==0.8.0 numpy==2.4.6
    specgan generate run --output new --count 4 --raw raw.safetensors
    python tools/bridges/load_in_pytorch.py run/checkpoints/step-00001000.safetensors \
      --latents new/latents.safetensors --output pytorch --compare raw.safetensors

WaveGAN's output is audio and is written as WAV. SpecGAN's output is spectrograms, which are written to
spectrograms.safetensors with their moments; `specgan invert` turns that file into audio. Averaged weights are used if
the checkpoint has them. The generator is in pytorch_generator.py, to be copied into a program of your own.
"""
import argparse
import math
import pathlib
import sys
import wave

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch.nn import functional

from pytorch_generator import Generator

# Batch normalization of weights that are hardly trained multiplies roundings to some 1e-5.
LARGEST_DIFFERENCE = 1e-4
MASK = 0xFFFFFFFF
# The purpose of specgan's random streams for the noise inputs of clips.
NOISE = 19


def with_labels(latents, generator):
    """The latents `z`, and behind each the weights of its labels, if the generator knows of labels.

    They are what `labels` beside `z` says, or all in turn.
    """
    z = latents["z"]
    count = generator.labels
    if count == 0:
        return z
    labels = latents.get("labels", torch.arange(len(z)) % count)
    # Mixtures have a weight for each label.
    weights = labels if labels.ndim == 2 else functional.one_hot(labels.long(), count)
    return torch.cat([z, weights.to(z)], 1)


def noise_of(latents, seed, generator):
    """[clips, noise_positions]: the noise inputs that specgan draws for the clips of a file of latents; None for none.

    They depend on the seed and on the clips' numbers, which are those in `numbers` beside `z`, or 0, 1 and so on.
    """
    if generator.noise_positions == 0:
        return None
    numbers = latents.get("numbers", torch.arange(len(latents["z"])))
    return torch.stack([normals(seed, NOISE, number & MASK, generator.noise_positions) for number in numbers.tolist()])


def normals(seed, purpose, row, count):
    """The first standard normal numbers of a random stream of specgan, by Box and Muller."""
    uniforms = (random_words(seed, purpose, row, count + count % 2) >> 8).double() * 2.0 ** -24
    radius, angle = (-2 * torch.log1p(-uniforms[::2])).sqrt(), 2 * math.pi * uniforms[1::2]
    return torch.stack([radius * angle.cos(), radius * angle.sin()], 1).flatten()[:count].float()


def random_words(seed, purpose, row, count):
    """The first 32-bit words of a random stream of specgan: Philox 4x32-10 of Salmon et al., "Parallel Random Numbers:
    As Easy as 1, 2, 3", 2011."""
    block = torch.arange((count + 3) // 4)
    c0, c1, c2, c3 = block & MASK, block >> 32, torch.full_like(block, row), torch.full_like(block, purpose)
    for turn in range(10):
        k0, k1 = (seed + turn * 0x9E3779B9) & MASK, ((seed >> 32) + turn * 0xBB67AE85) & MASK
        # Products of 64 bits overflow into the sign, which the masks remove.
        left, right = c0 * 0xD2511F53, c2 * 0xCD9E8D57
        c0, c1, c2, c3 = (right >> 32 & MASK) ^ c1 ^ k0, right & MASK, (left >> 32 & MASK) ^ c3 ^ k1, left & MASK
    return torch.stack([c0, c1, c2, c3], 1).flatten()[:count]


def write_wav(path, samples, rate):
    """[samples, channels] in [-1, 1] as 16 bits."""
    numbers = (samples * 32768).round().clamp(-32768, 32767).to(torch.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(numbers.numpy().tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", help="a file from a run's checkpoints folder")
    parser.add_argument("--latents", required=True, help="latents.safetensors that `specgan generate` wrote")
    parser.add_argument("--output", required=True, help="the folder to write to")
    parser.add_argument("--sample-rate", type=int, default=16000)
    parser.add_argument("--compare", help="what `specgan generate --raw` wrote; leaves with 1 where it differs")
    options = parser.parse_args()
    tensors = load_file(options.checkpoint)
    with safe_open(options.checkpoint, framework="pt") as file:
        metadata = file.metadata()
        generator = Generator(tensors, metadata["configuration"], int(metadata["step"])).eval()
    latents = load_file(options.latents)
    if "truncations" in latents or latents["z"].ndim == 3:
        sys.exit(f"{options.latents}: truncated styles and latents of single layers are not supported. "
                 "Generate clips without --truncation and --layers.")
    with safe_open(options.latents, framework="pt") as file:
        seed = int((file.metadata() or {}).get("seed", 0))
    with torch.no_grad():
        samples = generator(with_labels(latents, generator), noise_of(latents, seed, generator))
    output = pathlib.Path(options.output)
    output.mkdir(parents=True, exist_ok=True)
    if generator.is_wave:
        for index, sound in enumerate(samples):
            write_wav(output / f"{index:05d}.wav", sound, options.sample_rate)
    else:
        moments = {name: tensors[f"moments/{name}"] for name in ("mean", "deviation", "peak", "frame_peak")
                   if f"moments/{name}" in tensors}
        spectrograms = samples[..., 0] if samples.shape[-1] == 1 else samples
        save_file({"spectrograms": spectrograms.contiguous(), **moments}, output / "spectrograms.safetensors")
    print(f"{output}: {len(samples)} sounds of shape {list(samples.shape[1:])}.")
    if options.compare:
        difference = (samples - load_file(options.compare)["samples"]).abs().max().item()
        print(f"The largest difference from {options.compare} is {difference:.1e}.")
        sys.exit(difference > LARGEST_DIFFERENCE)


if __name__ == "__main__":
    main()
