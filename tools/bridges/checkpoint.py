"""Checkpoints of specgan in Python: safetensors files with the reference implementation's names and layouts."""

import os
import pathlib
import sys
import zlib

from safetensors import safe_open
from safetensors.numpy import save_file

SCHEMA_VERSION = "1"
TYPES = {"float32": "F32", "int32": "I32"}


class Refusal(Exception):
    """An input that cannot be converted: a sentence for the user, and the exit status."""

    def __init__(self, sentence, status=65):
        super().__init__(sentence)
        self.status = status


def leaving(main):
    """Calls `main`; on a refusal, prints its sentence and exits with its status."""
    try:
        main()
    except Refusal as refusal:
        print(f"Error: {refusal}", file=sys.stderr)
        sys.exit(refusal.status)


def last_checkpoint(path):
    """The checkpoint that `path` means: a file, or the last one of a run."""
    path = pathlib.Path(path)
    if not path.exists():
        raise Refusal(f"{path} does not exist; check the path.", 66)
    if path.is_file():
        return path
    found = sorted((path / "checkpoints").glob("step-*.safetensors"))
    if not found:
        raise Refusal(f"{path} has no checkpoint; train the run first, or give another run.", 66)
    return found[-1]


def read(path):
    """The tensors and the metadata of the checkpoint at `path`, its checksums compared."""
    try:
        with safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}
            metadata = file.metadata() or {}
    except Exception as error:
        raise Refusal(f"{path} is not a safetensors file: {error}; give a checkpoint.") from error
    if "configuration" not in metadata:
        raise Refusal(f"{path} is not a checkpoint of specgan; give a run or a file from its checkpoints.")
    if any(key.startswith("checksum/") for key in metadata):
        wanted = {key: value for key, value in metadata.items() if not key.startswith("checksum/")}
        if with_checksums(tensors, wanted) != metadata:
            raise Refusal(f"{path} is damaged: a checksum does not match; use the checkpoint before it.")
    return tensors, metadata


def write(path, tensors, metadata):
    """Writes a checkpoint with checksums."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".partial-{os.getpid()}-0")
    save_file(tensors, partial, metadata=with_checksums(tensors, metadata))
    keep(partial, path)


def write_bytes(path, data):
    """Writes `data` as the whole of `path`, or nothing."""
    partial = path.with_name(f".partial-{os.getpid()}-0")
    partial.write_bytes(data)
    keep(partial, path)


def keep(partial, path):
    """Brings a file that was written to disk, gives it its name, and brings that to disk."""
    for place in (partial, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        if place == partial:
            partial.rename(path)


def with_checksums(tensors, metadata):
    """The metadata with a CRC-32 of every tensor, and one of the other entries."""
    checksums = {}
    for name, array in tensors.items():
        shape = ",".join(map(str, array.shape))
        head = f"{name}\n{TYPES[array.dtype.name]}\n{shape}\n".encode()
        checksums[f"checksum/{name}"] = f"{zlib.crc32(array.tobytes(), zlib.crc32(head)):08x}"
    everything = metadata | checksums
    text = "".join(f"{key}\n{value}\n" for key, value in sorted(
        everything.items(), key=lambda item: item[0].encode()))
    return everything | {"checksum/metadata": f"{zlib.crc32(text.encode()):08x}"}
