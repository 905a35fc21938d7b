"""The commands that tools/faults/run disturbs, and the laws that hold after each disturbance."""
import json
import os
import re
import shutil
import struct

LEAN = """\
network: {dimension: 1, latent: 5}
training: {batch_size: 2, critic_updates: 1, checkpoint_steps: 1}
monitoring: {preview_count: 0, tensorboard: false, report: false}
inversion: {method: fast}
"""
FULL = LEAN.replace("monitoring: {preview_count: 0, tensorboard: false, report: false}",
                    "monitoring: {preview_count: 1, preview_steps: 2}")
DIGITS = ["one/flite_slt", "one/flite_kal16", "two/flite_slt", "two/flite_kal16"]
TRAIN = ["train", "lean.yaml", "--steps", "3", "--threads", "2"]
TRAIN_FULLY = ["train", "full.yaml", "--steps", "2", "--threads", "2"]


class Scenario:
    """A command with the state before it, its outputs, and the command that completes it after a fault."""

    def __init__(self, name, arguments, outputs, before=(), again=None, cost=1):
        self.name = name
        self.arguments = arguments
        # The files and folders that it writes; all others must stay as they are.
        self.outputs = outputs
        # The commands that make its state.
        self.before = before
        self.again = again or arguments
        self.cost = cost


PREPROCESS = ["preprocess", "sounds", "--output", "cache", "--threads", "2"]
GENERATE = ["generate", "run", "--output", "out", "--count", "2", "--threads", "2"]
EVALUATE = ["evaluate", "out", "--real", "cache", "--held-out", "sounds", "--count", "4", "--splits", "1",
            "--output", "scores", "--threads", "2"]
INVERT = ["invert", "sounds/one/flite_slt.wav", "--output", "inverted", "--iterations", "2", "--threads", "2"]
EXPORT = ["export", "run", "--output", "generator.onnx"]

SCENARIOS = [
    Scenario("preprocess", PREPROCESS, ["cache"]),
    Scenario("preprocess-more", PREPROCESS, ["cache"], [
        ["preprocess", "sounds/one", "--output", "cache"]]),
    Scenario("train", TRAIN, ["run", "cache/runs.jsonl"], [PREPROCESS], TRAIN + ["--resume"]),
    Scenario("resume", TRAIN + ["--resume"], ["run", "cache/runs.jsonl"], [
        PREPROCESS, ["train", "lean.yaml", "--steps", "1"]]),
    Scenario("train-fully", TRAIN_FULLY, ["run", "cache/runs.jsonl"], [PREPROCESS],
             TRAIN_FULLY + ["--resume"], cost=4),
    Scenario("generate", GENERATE + ["--raw", "raw.safetensors"],
             ["out", "raw.safetensors", "run/clips.jsonl"], [PREPROCESS, TRAIN],
             GENERATE + ["--raw", "raw.safetensors", "--replace"]),
    Scenario("generate-again", GENERATE + ["--replace"], ["out", "run/clips.jsonl"], [
        PREPROCESS, TRAIN, ["generate", "run", "--output", "out", "--count", "1", "--seed", "7"]]),
    Scenario("evaluate", EVALUATE, ["scores"], [PREPROCESS, TRAIN, GENERATE], EVALUATE + ["--replace"]),
    Scenario("invert", INVERT, ["inverted"], [], INVERT + ["--replace"]),
    Scenario("export", EXPORT, ["generator.onnx"], [PREPROCESS, TRAIN], EXPORT + ["--replace"]),
]


def make_inputs(folder, fixtures):
    """Writes the audio files and the configurations that all scenarios begin with."""
    for clip in DIGITS:
        target = os.path.join(folder, "sounds", clip + ".wav")
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(os.path.join(fixtures, "audio/digits", clip + ".wav"), target)
    for name, text in [("lean.yaml", LEAN), ("full.yaml", FULL)]:
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)


def contents(folder):
    """The bytes of each file below a folder, by its path."""
    found = {}
    for parent, folders, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
        found.update({os.path.relpath(os.path.join(parent, name), folder) + "/": b""
                      for name in folders if ".partial" in name})
    return stable(found)


def stable(files):
    """The same files; the name of an event file, which has the time in it, is replaced."""
    return {re.sub(r"tfevents\.\d+\.[^/]*", "tfevents", path): data for path, data in files.items()}


# MARK: - Laws of files

# Files with the time in them.
CLOCKED = {"session.json", "report.html", "scores.html"}
TIMES = {"wall_seconds", "seconds_per_step", "stop_spectral_distance"}


def log_lines(data):
    """The values of a log that do not depend on the clock; a part of a last line is left out."""
    lines = [json.loads(line) for line in data.split(b"\n")[:-1]]
    return [{key: value for key, value in line.items() if key not in TIMES} for line in lines]


def is_event_file(data, may_be_cut):
    """Whether the records of a TensorBoard file are complete."""
    offset = 0
    while offset < len(data):
        if offset + 12 > len(data):
            return may_be_cut
        offset += 16 + struct.unpack_from("<Q", data, offset)[0]
    return offset == len(data) or may_be_cut


def listed(data):
    """The checksum of each file in a list of lines, None before the file is complete; the last line counts."""
    rows = [json.loads(line) for line in data.split(b"\n")[:-1]]
    return {row["name"]: row.get("checksum") for row in rows}


def is_manifest(data, reference, is_complete):
    """Whether it is the list of the reference or, if that is allowed, a part of it, also without checksums."""
    wanted, found = listed(reference), listed(data)
    return (found.keys() == wanted.keys() if is_complete else found.keys() <= wanted.keys()) and all(
        not is_complete if value is None else value == wanted[name] or name in CLOCKED for name, value in found.items())


def problem_of(path, data, reference, before, may_be_cut):
    """The violation in a file under its final name; None if it is the old or the new one, complete."""
    name = os.path.basename(path)
    if data in (reference, before):
        return None
    try:
        if name == "log.jsonl":
            whole, _, rest = data.rpartition(b"\n")
            if rest and not may_be_cut:
                return "has a part of a line"
            lines = log_lines(data) if whole else []
            return None if lines == log_lines(reference or data)[:len(lines)] else "has other lines"
        if name in ("runs.jsonl", "clips.jsonl", "session.json"):
            for line in [data] if name == "session.json" else data.split(b"\n")[:-1]:
                json.loads(line)
            return "has a part of a line" if data and data[-1:] != b"\n" and not may_be_cut else None
        if name == "manifest.jsonl":
            if data and data[-1:] != b"\n" and not may_be_cut:
                return "has a part of a line"
            return None if is_manifest(data, reference, False) else "lists other files"
        if name.startswith("report.html") or name == "scores.html":
            return None if data.endswith(b"</html>\n") else "is a part of a page"
        if ".tfevents" in name:
            return None if is_event_file(data, may_be_cut) else "has a part of a record"
    except (ValueError, KeyError, struct.error) as error:
        return f"is damaged: {error}"
    if reference is None:
        return "is unexpected"
    return f"is neither the old nor the new one ({len(data)} bytes, the new one has {len(reference)})"


def is_complete(path, data, reference):
    """Whether a file of a completed command is that of the reference."""
    if data == reference:
        return True
    name = os.path.basename(path)
    if name == "log.jsonl":
        return data[-1:] == b"\n" and log_lines(data) == log_lines(reference)
    if name == "manifest.jsonl":
        return is_manifest(data, reference, True)
    clocked = name in CLOCKED or ".tfevents" in name
    return clocked and problem_of(path, data, reference, None, False) is None
