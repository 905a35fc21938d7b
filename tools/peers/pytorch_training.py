#!/usr/bin/env python3
"""Trains SpecGAN in eager PyTorch on a cache of specgan, by one of two recipes, and writes what it generates.

Networks and updates are those of pytorch_gan.py; initial weights are drawn as TensorFlow does. Every EVERY
steps, and after the last one, COUNT spectrograms of the averaged generator are written to
OUTPUT/step-N.safetensors, with the moments of the cache, for `specgan invert`. Prints a JSON object a line: the
step and the CPU seconds that training took until then.

    python tools/peers/pytorch_training.py experiments/digits/cache --recipe best --steps 1000 --output torch

The recipes are those of tools/experiments: published.yaml and settings.yaml.
"""
import argparse
import copy
import json
import pathlib
import resource

import numpy
import torch
from safetensors.numpy import load_file
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

import pytorch_gan

BATCH = 16
AVERAGE_DECAY = 0.999
GRADIENT_WEIGHT, PENALTY_INTERVAL = 2, 4


class Published:
    """WGAN-GP with two critic updates a step."""

    critic_updates, rate, betas = 2, 8e-4, (0.5, 0.9)

    def update_critic(self, generator, critic, optimizer, real):
        pytorch_gan.update_critic(generator, critic, optimizer, real)

    def update_generator(self, generator, critic, optimizer, real):
        pytorch_gan.update_generator(generator, critic, optimizer, len(real))


class Best:
    """Relativistic pairs with R1 and R2 in every fourth critic update."""

    critic_updates, rate, betas = 1, 8e-4, (0.0, 0.99)

    def __init__(self):
        self.updates = 0

    def update_critic(self, generator, critic, optimizer, real):
        with torch.no_grad():
            generated = generator(pytorch_gan.latents(len(real)))
        optimizer.zero_grad(set_to_none=True)
        is_penalized = self.updates % PENALTY_INTERVAL == 0
        self.updates += 1
        examples = torch.cat([real, generated]).requires_grad_(is_penalized)
        values = critic(examples)
        loss = functional.softplus(values[len(real):] - values[:len(real)]).mean()
        if is_penalized:
            slope, = torch.autograd.grad(values.sum(), examples, create_graph=True)
            norms = slope.flatten(1).square().sum(1)
            loss = loss + PENALTY_INTERVAL * GRADIENT_WEIGHT / 2 * norms.sum() / len(real)
        loss.backward()
        optimizer.step()

    def update_generator(self, generator, critic, optimizer, real):
        optimizer.zero_grad(set_to_none=True)
        critic.requires_grad_(False)
        difference = critic(generator(pytorch_gan.latents(len(real)))) - critic(real)
        functional.softplus(-difference).mean().backward()
        critic.requires_grad_(True)
        optimizer.step()


RECIPES = {"published": Published, "best": Best}


def draw_weights(network):
    """TensorFlow's: kernels uniform in ±√(6 / (fan in + fan out)), biases zero."""
    for layer in network.modules():
        if hasattr(layer, "bias"):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)


def read_cache(folder):
    """The spectrograms [n, 1, frames, bins] of a cache, and its moments."""
    shards = [load_file(path)["spectrograms"] for path in sorted(folder.glob("spectrograms-*.safetensors"))]
    moments = {name: torch.from_numpy(value)
               for name, value in load_file(folder / "moments.safetensors").items()}
    return torch.from_numpy(numpy.concatenate(shards))[:, None], moments


def batches(examples):
    """Examples in a new random order in every epoch."""
    while True:
        order = torch.randperm(len(examples))
        for start in range(0, len(examples) - BATCH + 1, BATCH):
            yield examples[order[start:start + BATCH]]


def update_average(average, generator, step):
    """Moves the average as TensorFlow does with a number of updates, so that the initial weights lose their influence
    early."""
    decay = min(AVERAGE_DECAY, (1 + step) / (10 + step))
    with torch.no_grad():
        for mean, weight in zip(average.parameters(), generator.parameters()):
            mean.lerp_(weight, 1 - decay)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def write_spectrograms(average, count, moments, path):
    with torch.no_grad():
        pictures = [average(pytorch_gan.latents(min(100, count - start)))[:, 0] for start in range(0, count, 100)]
    save_file({"spectrograms": torch.cat(pictures).contiguous(), **moments}, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cache", type=pathlib.Path)
    parser.add_argument("--recipe", choices=RECIPES, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--dimension", type=int, default=16)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--every", type=int, default=500)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.output.mkdir(parents=True, exist_ok=True)

    examples, moments = read_cache(options.cache)
    model = pytorch_gan.Model("specgan", options.dimension)
    generator, critic = pytorch_gan.Generator(model), pytorch_gan.Critic(model)
    draw_weights(generator)
    draw_weights(critic)
    average = copy.deepcopy(generator)
    recipe = RECIPES[options.recipe]()
    adam = {network: torch.optim.Adam(network.parameters(), recipe.rate, recipe.betas)
            for network in (generator, critic)}
    source, spent = batches(examples), 0.0
    for step in range(1, options.steps + 1):
        start = cpu_seconds()
        for _ in range(recipe.critic_updates):
            real = next(source)
            recipe.update_critic(generator, critic, adam[critic], real)
        recipe.update_generator(generator, critic, adam[generator], real)
        update_average(average, generator, step)
        spent += cpu_seconds() - start
        if step % options.every == 0 or step == options.steps:
            write_spectrograms(average, options.count, moments, options.output / f"step-{step}.safetensors")
            print(json.dumps({"step": step, "cpu_seconds": round(spent, 1)}), flush=True)


if __name__ == "__main__":
    main()
