#!/usr/bin/env python3
"""Measures steps of training by ranks with one computing thread each, beside one rank with two threads.

A setup is "alone" (one rank, two threads), "localN" (N ranks, shared memory), or a link between two network
namespaces, each with a rank: LINK is RATE[,DELAY[,LOSS]], such as 1gbit or 100mbit,20,0.01. RATE is for tc,
or "none"; DELAY is in ms one way, and LOSS the share of frames that are lost. Links need root, and the
kernel's tbf (for a rate) or tun (for delays and losses, where this program carries the frames). MPI is Open
MPI.

Each round trains once in every setup, from step 0. The first step of each is left out, since that is when
memory is touched first. Medians are over the steps of all rounds. All setups must end with the same bytes.
Memory is the peak resident memory of any rank.

Usage: measure_ranks.py SPECGAN CONFIG CACHE [--steps N] [--rounds N] [--json] [--set KEY=VALUE]… SETUP…
"""
import argparse
import ctypes
import fcntl
import hashlib
import heapq
import json
import os
import pathlib
import platform
import random
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

NETWORK = "10.99.0"
LAUNCHER = ["mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"]


class Link:
    """Two namespaces, joined by a link; a context manager."""

    def __init__(self, setup):
        parts = setup.split(",")
        self.rate = parts[0]
        self.delay = float(parts[1]) / 1000 if len(parts) > 1 else 0.0
        self.loss = float(parts[2]) if len(parts) > 2 else 0.0
        self.names = [f"specgan{os.getpid()}-{index}" for index in (1, 2)]
        self.carrier = None
        self.folder = tempfile.TemporaryDirectory()

    def __enter__(self):
        try:
            self.join()
        except BaseException:
            self.__exit__()
            raise
        return self

    def join(self):
        for name in self.names:
            run("ip", "netns", "add", name)
            self.inside(name, "ip", "link", "set", "lo", "up")
        if self.delay or self.loss:
            self.carry()
        else:
            run("ip", "link", "add", "link1", "netns", self.names[0], "type", "veth", "peer", "name", "link2",
                "netns", self.names[1])
        for index, name in enumerate(self.names, 1):
            self.inside(name, "ip", "address", "add", f"{NETWORK}.{index}/24", "dev", f"link{index}")
            self.inside(name, "ip", "link", "set", f"link{index}", "up")
            if self.rate != "none":
                self.inside(name, "tc", "qdisc", "add", "dev", f"link{index}", "root", "tbf", "rate", self.rate,
                            "burst", "4mb", "latency", "100ms")

    def __exit__(self, *_):
        if self.carrier:
            os.kill(self.carrier, signal.SIGKILL)
            os.waitpid(self.carrier, 0)
        for name in self.names:
            subprocess.run(["ip", "netns", "delete", name], check=False)
        self.folder.cleanup()

    def inside(self, name, *command):
        run("ip", "netns", "exec", name, *command)

    def carry(self):
        """Starts a process that carries the frames between two taps, late and with losses."""
        taps = [tap(name, f"link{index}") for index, name in enumerate(self.names, 1)]
        self.carrier = os.fork()
        if self.carrier:
            for file in taps:
                os.close(file)
            return
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: end with this program
        draws, late = random.Random(0), []
        while True:
            now = time.monotonic()
            while late and late[0][0] <= now:
                _, _, target, frame = heapq.heappop(late)
                try:
                    os.write(taps[target], frame)
                except OSError:
                    pass  # a link that is not up yet
            pause = max(0, late[0][0] - now) if late else 1
            for file in select.select(taps, [], [], pause)[0]:
                frame = os.read(file, 1 << 16)
                if draws.random() >= self.loss:
                    at = time.monotonic() + self.delay
                    heapq.heappush(late, (at, draws.random(), 1 - taps.index(file), frame))

    @property
    def launcher(self):
        options = ["--mca", "btl", "tcp,self"]
        for layer in ("btl", "oob"):
            options += ["--mca", f"{layer}_tcp_if_include", f"{NETWORK}.0/24"]
        # What mpirun calls in place of ssh, with an address and a command.
        agent = f"sh -c 'shift; exec ip netns exec {self.names[1]} sh -c \"$*\"' agent"
        file = pathlib.Path(self.folder.name) / "agent"
        file.write_text(f"#!/bin/sh\nexec {agent} \"$@\"\n")
        file.chmod(0o700)
        options += ["--mca", "plm_rsh_agent", str(file), "--host", f"{NETWORK}.1:1,{NETWORK}.2:1"]
        return ["ip", "netns", "exec", self.names[0], *LAUNCHER, *options]

    @property
    def sent(self):
        """The bytes that the first namespace has sent."""
        path = "/sys/class/net/link1/statistics/tx_bytes"
        text = subprocess.run(["ip", "netns", "exec", self.names[0], "cat", path], check=True,
                              capture_output=True, text=True).stdout
        return int(text)


def tap(namespace, name):
    """Opens a network device of its own in `namespace`."""
    library = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    if library.setns(there, 0) != 0:
        sys.exit(f"Error: {namespace} cannot be entered; run this as root.")
    file = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(file, 0x400454CA, struct.pack("16sH22x", name.encode(), 0x1002))  # TUNSETIFF: a tap, no header
    library.setns(home, 0)
    os.close(there)
    os.close(home)
    return file


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class Memory(threading.Thread):
    """The largest resident memory of the programs that run in a folder, in bytes; a context manager."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder = os.path.realpath(folder)
        self.peak = 0
        self.ended = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()

    def run(self):
        while not self.ended.wait(0.1):
            for process in pathlib.Path("/proc").glob("[0-9]*"):
                try:
                    if os.readlink(process / "cwd") == self.folder:
                        status = (process / "status").read_text()
                        kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
                        self.peak = max(self.peak, int(kib) << 10)
                except (OSError, StopIteration):
                    pass  # it has ended


def train(arguments, folder, launcher, threads):
    """Trains; returns the seconds of each step but the first, the hash of the last checkpoint, and the
    largest memory of a rank in bytes."""
    target = pathlib.Path(folder) / "run"
    command = [arguments.specgan, "train", arguments.config, "--cache", arguments.cache, "--run", "run",
               "--steps", str(arguments.steps), "--threads", str(threads), "--quiet"]
    for setting in arguments.set + ["monitoring.preview_steps=1000000", "training.checkpoint_steps=1000000"]:
        command += ["--set", setting]
    with Memory(folder) as memory:
        result = subprocess.run(launcher + command, cwd=folder, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(result.stderr)
    lines = [json.loads(line) for line in (target / "log.jsonl").read_text().splitlines()]
    last = sorted((target / "checkpoints").glob("step-*.safetensors"))[-1]
    digest = hashlib.sha256(last.read_bytes()).hexdigest()
    ends = [line["wall_seconds"] for line in lines]
    return [after - before for before, after in zip(ends, ends[1:])], digest, memory.peak


def processor():
    lines = open("/proc/cpuinfo").read().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def measure(arguments, setup):
    with tempfile.TemporaryDirectory() as folder:
        if setup == "alone":
            return (*train(arguments, folder, [], 2), 0)
        if setup.startswith("local"):
            return (*train(arguments, folder, [*LAUNCHER, "-np", setup.removeprefix("local")], 1), 0)
        with Link(setup) as link:
            return (*train(arguments, folder, link.launcher, 1), link.sent)


def main():
    parser = argparse.ArgumentParser(description="Measure steps of training by several ranks.")
    parser.add_argument("specgan")
    parser.add_argument("config")
    parser.add_argument("cache")
    parser.add_argument("setups", nargs="+")
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    for name in ("specgan", "config", "cache"):
        setattr(arguments, name, os.path.abspath(getattr(arguments, name)))
    rows = {setup: {"seconds": [], "hashes": set(), "memory": 0, "bytes": 0} for setup in arguments.setups}
    for _ in range(arguments.rounds):
        for setup in arguments.setups:
            seconds, digest, memory, sent = measure(arguments, setup)
            rows[setup]["seconds"] += seconds
            rows[setup]["hashes"].add(digest)
            rows[setup]["memory"] = max(rows[setup]["memory"], memory)
            rows[setup]["bytes"] = sent / arguments.steps
    hashes = set().union(*(row["hashes"] for row in rows.values()))
    medians = {setup: statistics.median(row["seconds"]) for setup, row in rows.items()}
    if arguments.json:
        for setup, row in rows.items():
            print(json.dumps({"setup": setup, "step_s": round(medians[setup], 4), "sent_bytes": row["bytes"],
                              "memory_bytes": row["memory"], "sha256": sorted(row["hashes"])}))
    else:
        print(f"{arguments.rounds} rounds of {arguments.steps - 1} steps; {' '.join(arguments.set)}; "
              f"{processor()}.\n")
        print("| ranks | s/step | peak MiB per rank | MB sent per rank and step |\n|---|---|---|---|")
        for setup, row in rows.items():
            sent = f"{row['bytes'] / 1e6:.1f}" if row["bytes"] else ""
            print(f"| {setup} | {medians[setup]:.3f} | {row['memory'] >> 20} | {sent} |")
    if len(hashes) != 1:
        sys.exit("Error: the checkpoints differ.")


if __name__ == "__main__":
    main()
