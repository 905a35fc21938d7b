#!/usr/bin/env python3
"""Loads a checkpoint's generator into PyTorch and computes the same samples as `specgan generate`.

    pip install torch==2.13.0 safetensors==0.8.0 numpy==2.4.6
    specgan generate run --output new --count 4 --raw raw.safetensors
    python tools/bridges/load_in_pytorch.py run/checkpoints/step-00001000.safetensors \
      --latents new/latents.safetensors --output pytorch --compare raw.safetensors

WaveGAN's output is audio and is written as WAV. SpecGAN's output is spectrograms, which are written to
spectrograms.safetensors with their moments; `specgan invert` turns that file into audio. This file has no other
dependencies: copy `Generator` into a program of your own. Averaged weights are used if the checkpoint has them.
"""
import argparse
import pathlib
import re
import sys
import wave

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

# Batch normalization of weights that are hardly trained multiplies roundings to some 1e-5.
LARGEST_DIFFERENCE = 1e-4


class Generator(nn.Module):
    """[batch, latent] to [batch, frames, bins, channels] or [batch, samples, channels], in (-1, 1) before any filter.

    A latent has a one in the place of its label behind it, and zeros in those of the others, where there are labels.
    """

    def __init__(self, tensors, configuration):
        """The weights of `tensors`; `configuration` is the text of that name in the checkpoint's metadata."""
        super().__init__()
        tensors = tensors | {name.removesuffix("/ExponentialMovingAverage"): tensor
                             for name, tensor in tensors.items() if name.endswith("/ExponentialMovingAverage")}
        tensors = tensors | {name.removesuffix("/u"): spectrally_normalized(tensors[name.removesuffix("/u")], tensor)
                             for name, tensor in tensors.items() if name.startswith("G/") and name.endswith("/u")}
        self.is_wave = "D/downconv_0/conv1d/kernel" in tensors
        upsampling = setting(configuration, "upsampling", "zeros")
        self.styles = Styles(tensors, setting(configuration, "generator_normalization", "none") == "conditional")
        kernel = tensors["G/z_project/dense/kernel"]
        self.project = nn.Linear(*kernel.shape)
        latent = int(setting(configuration, "latent", 100))
        self.labels = len(self.styles.embedding) if self.styles.is_used else len(kernel) - latent
        self.project.weight = nn.Parameter(kernel.T.contiguous())
        self.project.bias = nn.Parameter(tensors["G/z_project/dense/bias"])
        levels = 0
        while any(name.startswith(f"G/upconv_{levels}/") for name in tensors):
            levels += 1
        # A picture's narrow end follows from its size, of which each level is half; a sound's is 16 always.
        self.narrow = (1, 16) if self.is_wave else tuple(
            int(setting(configuration, size, 128)) >> levels for size in ("frames", "bins"))
        self.normalize = normalization(tensors, "G/z_project", self.styles)
        self.levels = nn.ModuleList()
        for level in range(levels):
            is_last = level == levels - 1
            stride = (2, 2) if not self.is_wave else (1, 4)
            if level == 5 and setting(configuration, "slice_length", 16384) == "32768":
                stride = (1, 2)
            self.levels.append(nn.Sequential(
                upsampled(tensors, f"G/upconv_{level}", stride, upsampling),
                normalization(tensors, f"G/upconv_{level}", self.styles), nn.Tanh() if is_last else nn.ReLU()))
            # The layer before attention is the one with as many channels.
            attention = tensors.get("G/attention/query/kernel")
            if attention is not None and not is_last and len(attention) == channels(tensors, f"G/upconv_{level}"):
                self.levels.append(Attention(tensors, "G/attention", window=(1, 4) if self.is_wave else (2, 2)))
        if "G/pp_filt/conv1d/kernel" in tensors:
            self.levels.append(Convolution(tensors["G/pp_filt/conv1d/kernel"][None]))

    def forward(self, latents):
        # TensorFlow's channels are last, PyTorch's come first.
        self.styles.read(latents)
        x = self.project(latents[:, :self.project.in_features]).unflatten(1, (*self.narrow, -1)).permute(0, 3, 1, 2)
        x = functional.relu(self.normalize(x))
        for level in self.levels:
            x = level(x)
        x = x.permute(0, 2, 3, 1)
        return x[:, 0] if self.is_wave else x


def spectrally_normalized(kernel, vector):
    """A kernel divided by the estimate of its largest singular value."""
    return kernel / (kernel.flatten(0, -2) @ vector).norm()


def upsampled(tensors, name, stride, upsampling):
    """A transposed convolution, or a resize and a convolution."""
    if upsampling == "zeros":
        return TransposedConvolution(
            tensors[f"{name}/conv2d_transpose/kernel"], tensors[f"{name}/conv2d_transpose/bias"], stride)
    if f"{name}/conv1d/kernel" in tensors:
        kernel, bias = tensors[f"{name}/conv1d/kernel"][None], tensors[f"{name}/conv1d/bias"]
    else:
        kernel, bias = tensors[f"{name}/conv2d/kernel"], tensors[f"{name}/conv2d/bias"]
    return nn.Sequential(Resize(stride, upsampling), Convolution(kernel, bias))


def channels(tensors, name):
    """Returns the number of output channels of a level."""
    return next(len(tensor) for key, tensor in tensors.items() if key.startswith(name + "/") and key.endswith("/bias"))


class Styles(nn.Module):
    """The inputs of conditional batch normalization: the chunks of the latent, and the embedding of the label."""

    def __init__(self, tensors, is_used):
        super().__init__()
        self.is_used, self.first = is_used, len(tensors["G/z_project/dense/kernel"])
        self.embedding = nn.Parameter(tensors.get("G/embedding/kernel", torch.zeros(0, 0)))
        self.inputs, self.count = [], 0

    def read(self, latents):
        if not self.is_used:
            return
        end = latents.shape[1] - len(self.embedding)
        embedded = latents[:, end:] @ self.embedding if len(self.embedding) else latents[:, end:]
        # The chunks have equal lengths and follow the part of the dense layer.
        chunks = latents[:, self.first:end].chunk(self.count, dim=1)
        self.inputs = [torch.cat([chunk, embedded], 1) for chunk in chunks]


class ConditionalNormalization(nn.Module):
    """Batch normalization by the moving means and variances, with gains and offsets from the styles."""

    def __init__(self, tensors, name, styles):
        super().__init__()
        gain = tensors[f"{name}/gain/kernel"]
        self.normalize = nn.BatchNorm2d(gain.shape[1], eps=1e-3, affine=False)
        self.normalize.running_mean, self.normalize.running_var = (
            tensors[f"{name}/moving_{part}"] for part in ("mean", "variance"))
        self.gain, self.bias = nn.Parameter(gain), nn.Parameter(tensors[f"{name}/bias/kernel"])
        # In a list, so that its parameters are not registered a second time.
        self.styles, self.index = [styles], styles.count
        styles.count += 1

    def forward(self, x):
        inputs = self.styles[0].inputs[self.index]
        gain, bias = ((inputs @ kernel)[:, :, None, None] for kernel in (self.gain, self.bias))
        return self.normalize(x) * (1 + gain) + bias


def normalization(tensors, name, styles):
    """Batch normalization by the moving means and variances, if the network has it."""
    name += "/batch_normalization"
    if f"{name}/gain/kernel" in tensors:
        return ConditionalNormalization(tensors, name, styles)
    if f"{name}/gamma" not in tensors:
        return nn.Identity()
    layer = nn.BatchNorm2d(tensors[f"{name}/gamma"].numel(), eps=1e-3, momentum=0.01)
    layer.weight, layer.bias = (nn.Parameter(tensors[f"{name}/{part}"]) for part in ("gamma", "beta"))
    layer.running_mean, layer.running_var = (tensors[f"{name}/moving_{part}"] for part in ("mean", "variance"))
    return layer


class TransposedConvolution(nn.Module):
    """TensorFlow's, with the padding SAME, of a kernel [height, width, out, in]."""

    def __init__(self, kernel, bias, stride):
        super().__init__()
        self.weight, self.bias = nn.Parameter(kernel.permute(3, 2, 0, 1).contiguous()), nn.Parameter(bias)
        self.stride = stride

    def forward(self, x):
        lengths = [length * stride for length, stride in zip(x.shape[2:], self.stride)]
        surplus = [kernel - stride for kernel, stride in zip(self.weight.shape[2:], self.stride)]
        # A kernel shorter than the stride leaves zeros behind its last place, where only the bias is.
        missing = [max(-length, 0) for length in surplus]
        x = functional.conv_transpose2d(x, self.weight, None, self.stride, output_padding=missing)
        # What is too long is cut off, the smaller half of it at the start.
        for axis, length in enumerate(lengths):
            x = x.narrow(axis + 2, max(surplus[axis], 0) // 2, length)
        return x + self.bias[:, None, None]


class Convolution(nn.Module):
    """At a stride of 1 and TensorFlow's padding SAME, of a kernel [height, width, in, out]."""

    def __init__(self, kernel, bias=None):
        super().__init__()
        self.weight = nn.Parameter(kernel.permute(3, 2, 0, 1).contiguous())
        self.bias = None if bias is None else nn.Parameter(bias)

    def forward(self, x):
        height, width = self.weight.shape[2:]
        x = functional.pad(x, ((width - 1) // 2, width // 2, (height - 1) // 2, height // 2))
        return functional.conv2d(x, self.weight, self.bias)


class Attention(nn.Module):
    """Self-attention with max-pooled keys and values, added to its input."""

    def __init__(self, tensors, scope, window):
        super().__init__()
        for name in ("query", "key", "value", "output"):
            setattr(self, name, nn.Parameter(tensors[f"{scope}/{name}/kernel"]))
        self.gamma, self.window = nn.Parameter(tensors[f"{scope}/gamma"]), window

    def forward(self, x):
        def project(kernel):
            return torch.einsum("nchw,cd->ndhw", x, kernel)

        keys, values = (functional.max_pool2d(project(kernel), self.window).flatten(2)
                        for kernel in (self.key, self.value))
        weights = torch.softmax(project(self.query).flatten(2).transpose(1, 2) @ keys, dim=-1)
        result = (values @ weights.transpose(1, 2)).unflatten(2, x.shape[2:])
        return x + self.gamma * torch.einsum("ndhw,dc->nchw", result, self.output)


class Resize(nn.Module):
    """Position p of the output is at p / stride of the input, as in TensorFlow 1, which PyTorch's interpolate does not
    support; with low-pass it is at (p + 1/2) / stride - 1/2. Values beyond an end are those of the end."""

    def __init__(self, strides, kind):
        super().__init__()
        self.strides, self.kind = strides, kind

    def forward(self, x):
        for axis, stride in enumerate(self.strides, start=2):
            if stride > 1:
                matrix = resampling(x.shape[axis], stride, self.kind)
                x = (x.transpose(axis, -1) @ matrix.T.to(x)).transpose(axis, -1)
        return x


def resampling(length, stride, kind):
    """The matrix [length * stride, length] of a resize."""
    matrix = torch.zeros(length * stride, length)
    for position in range(length * stride):
        place, part = divmod((position + 0.5) / stride - 0.5 if kind == "low-pass" else position / stride, 1)
        weights = {"nearest": [0, 1, 0, 0], "linear": [0, 1 - part, part, 0],
                   "low-pass": [0, 1 - part, part, 0],
                   "cubic": [cubic(1 + part), cubic(part), cubic(1 - part), cubic(2 - part)]}[kind]
        for neighbour, weight in enumerate(weights, start=int(place) - 1):
            matrix[position, min(max(neighbour, 0), length - 1)] += weight
    return matrix


def cubic(distance, a=-0.75):
    """The weight of a neighbour. Keys, "Cubic convolution interpolation", 1981, eq. 4, with TensorFlow's a."""
    if distance <= 1:
        return (a + 2) * distance ** 3 - (a + 3) * distance ** 2 + 1
    return a * (distance ** 3 - 5 * distance ** 2 + 8 * distance - 4)


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


def setting(configuration, key, default):
    """The word after `key:` in the text of a configuration."""
    found = re.search(rf"\b{key}: *([-.\w]+)", configuration)
    return found[1] if found else default


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
        generator = Generator(tensors, file.metadata()["configuration"]).eval()
    with torch.no_grad():
        samples = generator(with_labels(load_file(options.latents), generator))
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
