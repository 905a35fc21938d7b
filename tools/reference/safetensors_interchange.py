"""Writes the safetensors fixture with the format's own package, or checks that a file of ours is the same.

    python safetensors_interchange.py write Fixtures/safetensors/interchange.safetensors
    python safetensors_interchange.py check FILE

Made with Python 3.11, numpy 2 and safetensors 0.8.0. The values are exact in single precision, no two
sizes of a shape are equal.
"""

import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

METADATA = {"note": 'quotes " and \\, a tab \t, a bell \x07, and é'}


def tensors():
    return {
        "cube": (np.arange(2 * 3 * 5, dtype=np.float32) / 8 - 1).reshape(2, 3, 5),
        "empty/é": np.zeros((0, 3), dtype=np.float32),
        "scalar": np.array(-0.5, dtype=np.float32),
        "labels": np.array([-1, 0, 7, 2**31 - 1], dtype=np.int32),
    }


def check(path):
    with safe_open(path, framework="numpy") as file:
        assert file.metadata() == METADATA, file.metadata()
        assert set(file.keys()) == set(tensors()), file.keys()
        for name, wanted in tensors().items():
            found = file.get_tensor(name)
            assert found.dtype == wanted.dtype and found.shape == wanted.shape, name
            assert np.array_equal(found, wanted), name
    print(f"{path}: the same")


if __name__ == "__main__":
    action, path = sys.argv[1:]
    if action == "write":
        save_file(tensors(), path, metadata=METADATA)
    elif action == "check":
        check(path)
    else:
        sys.exit(__doc__)
