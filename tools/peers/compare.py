#!/usr/bin/env python3
"""Prints a Markdown table of CPU seconds from the JSON lines that tools/benchmarks collects."""
import collections
import json
import platform
import statistics
import sys

FIGURES = {"critic": "critic update", "generator": "generator update", "generate": "generating"}


def processor():
    lines = open("/proc/cpuinfo").read().splitlines()
    return next(line.split(": ")[1] for line in lines if line.startswith("model name"))


def main():
    rows = [json.loads(line) for line in open(sys.argv[1])]
    times = collections.defaultdict(list)
    memory = collections.defaultdict(list)
    for row in rows:
        problem = row["model"], row["dimension"], row["batch"]
        program = f"PyTorch, {row['threads']} threads" if "peer" in row else "specgan"
        memory[problem, program].append(row["peak_rss_mib"])
        for figure in FIGURES:
            times[problem, figure, program].append(row[figure + "_cpu_s"])
    median = {key: statistics.median(values) for key, values in times.items()}
    peer = next(row for row in rows if "peer" in row)
    print(f"{processor()}, {platform.system()} {platform.release()}; {peer['peer']}, Python {peer['python']}\n")
    print("| model, dimension, batch | figure | specgan | PyTorch | ratio |\n|---|---|---|---|---|")
    for problem in dict.fromkeys(key[0] for key in times):
        name = "{}, {}, {}".format(*problem)
        for figure, title in FIGURES.items():
            ours = median[problem, figure, "specgan"]
            theirs = min(median[problem, figure, f"PyTorch, {threads} threads"] for threads in (1, 2))
            print(f"| {name} | {title} | {ours:.3f} s | {theirs:.3f} s | {theirs / ours:.2f} |")
        ours = statistics.median(memory[problem, "specgan"])
        theirs = min(statistics.median(memory[problem, f"PyTorch, {threads} threads"]) for threads in (1, 2))
        print(f"| {name} | peak memory | {ours:.0f} MiB | {theirs:.0f} MiB | {theirs / ours:.2f} |")


main()
