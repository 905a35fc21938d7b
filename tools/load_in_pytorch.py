#!/usr/bin/env python3
"""Loads a checkpoint's generator into PyTorch and makes the sounds that `specgan generate` makes.

    pip install torch==2.13.0 safetensors==0.8.0 numpy==2.4.6
    specgan generate run --output new --count 4 --raw raw.safetensors
    python tools/load_in_pytorch.py run/checkpoints/step-00001000.safetensors --latents new/latents.safetensors \
      --output pytorch --compare raw.safetensors

WaveGAN's output is sound and is written as WAV. SpecGAN's is spectrograms, which are written to
spectrograms.safetensors with their moments; `specgan invert` makes sounds of that file. The file stands alone:
`Generator` can be copied into a program of one's own.
"""
import argparse
import pathlib
import sys
import wave

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

LARGEST_DIFFERENCE = 1e-5


class Generator(nn.Module):
    """[batch, latent] to [batch, frames, bins, 1] or [batch, samples, channels], in (-1, 1)."""

    def __init__(self, tensors):
        super().__init__()
        self.project = nn.Linear(*tensors["G/z_project/dense/kernel"].shape)
        self.project.weight = nn.Parameter(tensors["G/z_project/dense/kernel"].T.contiguous())
        self.project.bias = nn.Parameter(tensors["G/z_project/dense/bias"])
        kernels = []
        while f"G/upconv_{len(kernels)}/conv2d_transpose/kernel" in tensors:
            kernels.append(tensors[f"G/upconv_{len(kernels)}/conv2d_transpose/kernel"])
        self.is_wave = kernels[0].shape[0] == 1
        self.layers = nn.ModuleList(map(self.layer, kernels))
        for index, layer in enumerate(self.layers):
            layer.bias = nn.Parameter(tensors[f"G/upconv_{index}/conv2d_transpose/bias"])

    def layer(self, kernel):
        """TensorFlow's [height, width, out, in] as PyTorch's [in, out, height, width]."""
        weight = kernel.permute(3, 2, 0, 1).contiguous()
        stride = (1, 4) if self.is_wave else (2, 2)
        layer = nn.ConvTranspose2d(*weight.shape[:2], weight.shape[2:], stride)
        layer.weight = nn.Parameter(weight)
        return layer

    def forward(self, latents):
        narrow = (1, 16) if self.is_wave else (4, 4)
        # TensorFlow's channels are last, PyTorch's come first.
        x = functional.relu(self.project(latents)).unflatten(1, (*narrow, -1)).permute(0, 3, 1, 2)
        for index, layer in enumerate(self.layers):
            lengths = [size * stride for size, stride in zip(x.shape[2:], layer.stride)]
            x = layer(x)
            # TensorFlow's SAME: what is too long is cut off, the smaller half of it at the start.
            for axis, length in enumerate(lengths, start=2):
                x = x.narrow(axis, (layer.kernel_size[axis - 2] - layer.stride[axis - 2]) // 2, length)
            x = torch.tanh(x) if index == len(self.layers) - 1 else functional.relu(x)
        x = x.permute(0, 2, 3, 1)
        return x[:, 0] if self.is_wave else x


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
    generator = Generator(tensors)
    with torch.no_grad():
        samples = generator(load_file(options.latents)["z"])
    output = pathlib.Path(options.output)
    output.mkdir(parents=True, exist_ok=True)
    if generator.is_wave:
        for index, sound in enumerate(samples):
            write_wav(output / f"{index:05d}.wav", sound, options.sample_rate)
    else:
        moments = {name: tensors[f"moments/{name}"] for name in ("mean", "deviation")}
        save_file({"spectrograms": samples[..., 0].contiguous(), **moments}, output / "spectrograms.safetensors")
    print(f"{output}: {len(samples)} sounds of shape {list(samples.shape[1:])}.")
    if options.compare:
        difference = (samples - load_file(options.compare)["samples"]).abs().max().item()
        print(f"The largest difference from {options.compare} is {difference:.1e}.")
        sys.exit(difference > LARGEST_DIFFERENCE)


if __name__ == "__main__":
    main()
