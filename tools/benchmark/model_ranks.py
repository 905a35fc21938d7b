#!/usr/bin/env python3
"""Models the speed-up of training the paper's SpecGAN on several machines, with a rank on each.

Each of M machines computes 1/M of the batch. The time of its step is simulated from the CPU times of all
tasks of one step (`specgan benchmark --simulate-threads`), measured here on one thread. To that is added the
time of the gradients on the link: in each update a machine sends 2 (1 - 1/M) times the size of the network's
gradient, in 2 log2(M) rounds, each with the latency of the link. Not included are the additions of shards,
the small messages of losses, the CPU time that the network needs, the time until a waiting rank notices a
message (up to 1 ms), the generation of the next batch while gradients are sent, the bandwidth of memory, and
differences between machines.

Usage: model_ranks.py SPECGAN [--dimension D] [--batch B] [--machines M…] [--cores N…] [--gbit RATE…]
"""
import argparse
import json
import math
import subprocess
import sys

from measure_ranks import processor

LATENCY = 50e-6  # s, as of TCP in one building
CRITIC_UPDATES = 5


def gradients(d):
    """The bytes of the critic's and of the generator's gradient: layers of 5 x 5 kernels with 1, d, 2d, 4d, 8d
    and 16d channels, and a layer between 16d channels of 4 x 4 and a number, or 100 latents."""
    kernels = 25 * (d + (2 + 8 + 32 + 128) * d * d)
    return 4 * (kernels + 31 * d + 256 * d + 1), 4 * (kernels + 15 * d + 1 + 101 * 256 * d)


def steps(arguments, batch):
    """The seconds of a step of `batch` examples by number of cores."""
    command = [arguments.specgan, "benchmark", "--dimension", str(arguments.dimension), "--batch", str(batch),
               "--threads", "1", "--steps", "1", "--json", "--simulate-threads", *map(str, arguments.cores)]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {row["threads"]: row["step_s"] for row in json.loads(text)["simulations"]}


def main():
    parser = argparse.ArgumentParser(description="Model the speed-up of training on several machines.")
    parser.add_argument("specgan")
    parser.add_argument("--dimension", type=int, default=64)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--machines", type=int, nargs="+", default=[2, 4, 8, 16, 32, 64])
    parser.add_argument("--cores", type=int, nargs="+", default=[2, 16, 64])
    parser.add_argument("--gbit", type=float, nargs="+", default=[1, 10, 100])
    arguments = parser.parse_args()
    for count in arguments.machines:
        if count < 2 or count & (count - 1) or arguments.batch % count:
            sys.exit(f"Error: --machines has {count}; use powers of two that divide the batch.")
    seconds = {count: steps(arguments, arguments.batch // count) for count in [1, *arguments.machines]}
    critic, generator = gradients(arguments.dimension)
    volume = CRITIC_UPDATES * critic + generator
    print(f"Modeled. Dimension {arguments.dimension}, batch {arguments.batch}; tasks measured on {processor()}.")
    print(f"With two machines, each sends {volume / 1e6:.1f} MB per step; with more, up to twice as much.\n")
    print("| cores per machine | link (Gbit/s) | s/step, 1 machine | "
          + " | ".join(f"{count} machines" for count in arguments.machines) + " |")
    print("|---|---|---|" + "---|" * len(arguments.machines))
    for cores in arguments.cores:
        alone = seconds[1][cores]
        for rate in arguments.gbit:
            cells = []
            for count in arguments.machines:
                link = 2 * (1 - 1 / count) * volume * 8 / (rate * 1e9)
                rounds = (CRITIC_UPDATES + 1) * 2 * math.log2(count) * LATENCY
                cells.append(f"{alone / (seconds[count][cores] + link + rounds):.1f}")
            print(f"| {cores} | {rate:g} | {alone:.2f} | " + " | ".join(cells) + " |")


main()
