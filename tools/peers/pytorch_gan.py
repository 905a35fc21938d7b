#!/usr/bin/env python3
"""SpecGAN and WaveGAN in eager PyTorch, written plainly, for comparisons of training speed.

The architecture, loss, optimiser, padding and phase shuffle are those of Donahue, McAuley and Puckette
(ICLR 2019). Prints one JSON object: medians over STEPS updates after one that is not timed.

    python tools/peers/pytorch_gan.py --model specgan --dimension 16 --threads 2
"""
import argparse
import json
import platform
import resource
import statistics
import time

import torch
from torch import nn
from torch.nn import functional

LATENT = 100
CHANNEL_FACTORS = (1, 2, 4, 8, 16)


class Model:
    """What the two models differ in."""

    def __init__(self, name, dimension):
        self.is_wave = name == "wavegan"
        self.dimension = dimension
        self.channels = [1] + [factor * dimension for factor in CHANNEL_FACTORS]
        self.sample = (1, 16384) if self.is_wave else (1, 128, 128)
        self.narrow = (16,) if self.is_wave else (4, 4)
        self.radius = 2 if self.is_wave else 0
        self.kernel, self.stride = (25, 4) if self.is_wave else (5, 2)
        # TensorFlow's SAME: what is missing before and after the input.
        self.padding = (10, 11) if self.is_wave else (1, 2, 1, 2)

    def convolution(self, inputs, outputs, transposed=False):
        kinds = (nn.Conv1d, nn.ConvTranspose1d) if self.is_wave else (nn.Conv2d, nn.ConvTranspose2d)
        return kinds[transposed](inputs, outputs, self.kernel, self.stride)


class Generator(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model
        widths = model.channels[::-1]
        self.project = nn.Linear(LATENT, 256 * model.dimension)
        self.layers = nn.ModuleList(
            model.convolution(*pair, transposed=True) for pair in zip(widths, widths[1:]))

    def forward(self, latents):
        model = self.model
        x = functional.relu(self.project(latents)).view(-1, model.channels[-1], *model.narrow)
        for index, layer in enumerate(self.layers):
            start = model.padding[0]
            lengths = [model.stride * length for length in x.shape[2:]]
            x = layer(x)
            for axis, length in enumerate(lengths, start=2):
                x = x.narrow(axis, start, length)
            x = torch.tanh(x) if index == 4 else functional.relu(x)
        return x


class Critic(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model
        self.layers = nn.ModuleList(
            model.convolution(*pair) for pair in zip(model.channels, model.channels[1:]))
        self.value = nn.Linear(256 * model.dimension, 1)

    def forward(self, x):
        for index, layer in enumerate(self.layers):
            x = functional.leaky_relu(layer(functional.pad(x, self.model.padding)), 0.2)
            if self.model.radius and index < 4:
                x = shuffled(x, self.model.radius)
        return self.value(x.flatten(1))


def shuffled(x, radius):
    shift = int(torch.randint(-radius, radius + 1, ()))
    padded = functional.pad(x, (max(shift, 0), max(-shift, 0)), mode="reflect")
    return padded[..., max(-shift, 0):max(-shift, 0) + x.shape[-1]]


def latents(batch):
    return 2 * torch.rand(batch, LATENT) - 1


def update_critic(generator, critic, optimizer, real):
    with torch.no_grad():
        generated = generator(latents(len(real)))
    optimizer.zero_grad(set_to_none=True)
    distance = critic(real).mean() - critic(generated).mean()
    position = torch.rand(len(real), *[1] * (real.dim() - 1))
    between = torch.lerp(real, generated, position).requires_grad_()
    slope, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    penalty = (slope.flatten(1).norm(dim=1) - 1).square().mean()
    (10 * penalty - distance).backward()
    optimizer.step()


def update_generator(generator, critic, optimizer, batch):
    optimizer.zero_grad(set_to_none=True)
    critic.requires_grad_(False)
    (-critic(generator(latents(batch))).mean()).backward()
    critic.requires_grad_(True)
    optimizer.step()


def generate(generator, batch):
    with torch.no_grad():
        generator(latents(batch))


def medians(action, steps):
    action()
    times = []
    for _ in range(steps):
        start = time.perf_counter(), time.process_time()
        action()
        times.append((time.perf_counter() - start[0], time.process_time() - start[1]))
    return [statistics.median(column) for column in zip(*times)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=["specgan", "wavegan"], required=True)
    parser.add_argument("--dimension", type=int, default=16)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    model = Model(options.model, options.dimension)
    generator, critic = Generator(model), Critic(model)
    adam = {net: torch.optim.Adam(net.parameters(), 1e-4, (0.5, 0.9)) for net in (generator, critic)}
    real = 2 * torch.rand(options.batch, *model.sample) - 1
    report = dict(vars(options), peer=f"PyTorch {torch.__version__}", python=platform.python_version())
    for name, action in {
        "critic": lambda: update_critic(generator, critic, adam[critic], real),
        "generator": lambda: update_generator(generator, critic, adam[generator], options.batch),
        "generate": lambda: generate(generator, options.batch),
    }.items():
        report[name + "_wall_s"], report[name + "_cpu_s"] = medians(action, options.steps)
    report["peak_rss_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(report))


if __name__ == "__main__":
    main()
