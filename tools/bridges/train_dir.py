"""The reference implementation's files: checkpoints of TensorFlow, args.txt, and a pickle of moments."""

import pathlib
import pickle

import numpy
import tensorflow

import checkpoint
from checkpoint import Refusal

BINS = 129


def read_variables(path):
    """All variables of the checkpoint that `path` means, and the prefix of its files."""
    path = prefix = pathlib.Path(path)
    if path.is_dir():
        state = tensorflow.train.get_checkpoint_state(path)
        # By its name alone: the folder may have been somewhere else when it was written.
        prefix = path / pathlib.Path(state.model_checkpoint_path if state else "none").name
    if not pathlib.Path(f"{prefix}.index").exists():
        raise Refusal(f"{path} holds no checkpoint; give a train_dir or a path such as model.ckpt-1234.", 66)
    reader = tensorflow.train.load_checkpoint(str(prefix))
    return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}, prefix


def read_flags(folder):
    """The flags that the reference left in args.txt; none where there is no such file."""
    path = folder / "args.txt"
    if not path.exists():
        return {}
    return dict(line.split(",", 1) for line in path.read_text().splitlines() if "," in line)


def read_moments(path):
    """The mean and the deviation of every bin, from the pickle of two arrays that `moments` wrote."""
    try:
        with open(path, "rb") as file:
            moments = [numpy.asarray(part, numpy.float32) for part in MomentsUnpickler(file, encoding="latin1").load()]
    except (OSError, ValueError, TypeError, EOFError, pickle.UnpicklingError) as error:
        raise Refusal(f"{path} holds no moments: {error}; give the reference's pickle.", 66) from error
    if [part.shape for part in moments] != [(BINS,)] * 2:
        raise Refusal(f"{path} holds no mean and deviation of {BINS} bins; give the reference's pickle.", 66)
    return dict(zip(("moments/mean", "moments/deviation"), moments))


class MomentsUnpickler(pickle.Unpickler):
    """Makes arrays and nothing else: a pickle may otherwise run whatever its writer liked."""

    ALLOWED = {("numpy", "ndarray"), ("numpy", "dtype"), ("_codecs", "encode"),
               *((f"numpy.{core}.multiarray", "_reconstruct") for core in ("core", "_core"))}

    def find_class(self, module, name):
        if (module, name) not in self.ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return super().find_class(module, name)


def write(folder, step, variables, flags, moments):
    """A train_dir with one checkpoint. Returns the prefix of the checkpoint's files."""
    folder.mkdir(parents=True, exist_ok=True)
    if moments:
        # By the name that the reference's numpy knows its own module by.
        data = pickle.dumps(tuple(moments), protocol=2).replace(b"numpy._core", b"numpy.core")
        checkpoint.write_bytes(folder / "moments.pkl", data)
    lines = "\n".join(f"{name},{flags[name]}" for name in sorted(flags))
    checkpoint.write_bytes(folder / "args.txt", lines.encode())
    names = sorted(variables)
    prefix = folder / f"model.ckpt-{step}"
    tensorflow.raw_ops.SaveV2(
        prefix=str(prefix), tensor_names=names, shape_and_slices=[""] * len(names),
        tensors=[tensorflow.constant(variables[name]) for name in names])
    lines = f'model_checkpoint_path: "{prefix.name}"\nall_model_checkpoint_paths: "{prefix.name}"\n'
    checkpoint.write_bytes(folder / "checkpoint", lines.encode())
    return prefix
