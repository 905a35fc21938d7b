"""Writes the fixtures: safetensors files whose metadata say where their numbers come from."""

import importlib.metadata
import json
import pathlib
import platform
import sys

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
TYPES = {"float32": "F32", "int32": "I32"}
LIBRARIES = ["librosa", "numpy", "scipy", "soundfile", "torch"]


def versions(libraries):
    """The interpreter and the libraries, in one line."""
    found = [f"{name} {importlib.metadata.version(name)}" for name in libraries]
    return ", ".join([f"Python {platform.python_version()}", *found])


def write(name, tensors, seed, libraries=LIBRARIES, **notes):
    """Writes Fixtures/golden/NAME; floats are stored as float32 and integers as int32."""
    header = {"__metadata__": {
        "script": "tools/reference/" + pathlib.Path(sys.argv[0]).name,
        "seed": str(seed), "versions": versions(libraries),
        "precision": "computed in float64 from the stored inputs, stored as float32",
        **{key: str(value) for key, value in sorted(notes.items())}}}
    body = b""
    for key in sorted(tensors):
        array = numpy.asarray(tensors[key])
        array = array.astype(numpy.float32 if array.dtype.kind == "f" else numpy.int32)
        assert array.dtype.kind != "f" or numpy.isfinite(array).all(), key
        data = array.astype(array.dtype.newbyteorder("<")).tobytes()
        header[key] = {"dtype": TYPES[array.dtype.name], "shape": list(array.shape),
                       "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path = ROOT / "Fixtures" / "golden" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)
    print(f"{path.relative_to(ROOT)}: {len(tensors)} tensors, {path.stat().st_size} bytes")
