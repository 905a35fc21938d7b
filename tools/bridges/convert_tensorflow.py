"""Turns a checkpoint of the published code into one of specgan, and back; see tools/convert-tensorflow.

The tensors have the same names and layouts on both sides. Beside them the published code keeps the moments
in a pickle, its flags in args.txt, the powers of Adam's decays and the step in variables.
"""

import argparse
import json
import pathlib
import pickle
import re

import numpy
import tensorflow

import checkpoint
from checkpoint import Refusal

BETAS = (0.5, 0.9)
CRITIC_UPDATES = 5
# What the published code has a flag for and a checkpoint of specgan has no place for.
UNSUPPORTED = {"batchnorm": "False", "genr_upsample": "zeros", "loss": "wgan-gp", "genr_pp": "False"}


# ---- From TensorFlow


def read_variables(path):
    """All variables of the checkpoint that `path` means, and the prefix of its files."""
    path = pathlib.Path(path)
    prefix = tensorflow.train.latest_checkpoint(path) if path.is_dir() else str(path)
    if prefix is None or not pathlib.Path(f"{prefix}.index").exists():
        raise Refusal(f"{path} holds no checkpoint; give a train_dir or a path such as model.ckpt-1234.", 66)
    reader = tensorflow.train.load_checkpoint(prefix)
    return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}, pathlib.Path(prefix)


def read_flags(folder):
    """The flags that the published code left in args.txt; none where there is no such file."""
    path = folder / "args.txt"
    if not path.exists():
        return {}
    return dict(line.split(",", 1) for line in path.read_text().splitlines() if "," in line)


def configuration(model, variables, flags, prefix):
    """The settings that shapes and flags say, as YAML; what neither says is the published default."""
    for name, only in UNSUPPORTED.items():
        found = flags.get(f"{model}_{name}", only)
        if found != only:
            raise Refusal(f"{prefix} was trained with {model}_{name} {found}; only {only} can be converted.")
    convolution = "conv2d" if model == "specgan" else "conv1d"
    kernel = variables[f"D/downconv_0/{convolution}/kernel"].shape
    dense = variables["G/z_project/dense/kernel"].shape
    if dense[1] != 256 * kernel[-1]:
        raise Refusal(f"{prefix} has {dense[1]} features where {256 * kernel[-1]} are known; "
                      "only slices of 16384 samples can be converted.")
    shuffle = {"specgan": 0, "wavegan": 2}[model]
    shuffle = int(flags.get(f"{model}_disc_phaseshuffle", shuffle))
    updates = int(flags.get(f"{model}_disc_nupdates", CRITIC_UPDATES))
    batch = int(flags.get("train_batch_size", 64))
    rate = int(flags.get("data_sample_rate", 16000))
    yes = {"True": "true", "False": "false"}
    return "\n".join([
        f"model: {model}",
        f"audio: {{sample_rate: {rate}, channels: {kernel[-2]}, normalize: true, "
        f"overlap: {float(flags.get('data_overlap_ratio', 0))}, "
        f"first_slice_only: {yes[flags.get('data_first_slice', 'False')]}, "
        f"pad_end: {yes[flags.get('data_pad_end', 'False')]}}}",
        f"network: {{latent: {dense[0]}, dimension: {kernel[-1]}}}",
        f"{model}: {{kernel: {kernel[0]}, phase_shuffle: {shuffle}}}",
        f"training: {{batch_size: {batch}, critic_updates: {updates}}}", ""])


def import_checkpoint(options):
    variables, prefix = read_variables(options.source)
    model = "specgan" if "D/downconv_0/conv2d/kernel" in variables else "wavegan"
    if "D/downconv_0/conv1d/kernel" not in variables and model == "wavegan":
        raise Refusal(f"{prefix} has neither SpecGAN's nor WaveGAN's variables; give a checkpoint of theirs.")
    text = configuration(model, variables, read_flags(prefix.parent), prefix)
    tensors = {name: numpy.ascontiguousarray(value, dtype=numpy.float32)
               for name, value in variables.items() if name.startswith(("G/", "D/"))}
    step = int(variables.get("global_step", 0))
    metadata = {"schema_version": checkpoint.SCHEMA_VERSION, "model": model, "configuration": text,
                "step": str(step), "random_state": f"philox4x32-10 seed 0 step {step}"}
    if options.cache:
        metadata["fingerprint"] = read_fingerprint(pathlib.Path(options.cache))
    if options.moments:
        tensors |= read_moments(pathlib.Path(options.moments))
    elif model == "specgan":
        raise Refusal("SpecGAN makes no sound without moments; add --moments with the published code's pickle.", 64)
    checkpoint.write(options.output, tensors, metadata)
    print(f"{options.output}: {model}, dimension {tensors['G/upconv_3/conv2d_transpose/bias'].size}, step {step}.")


def read_fingerprint(cache):
    try:
        return json.loads((cache / "cache.json").read_text())["fingerprint"]
    except (OSError, ValueError, KeyError) as error:
        raise Refusal(f"{cache} is not a cache: {error}; give a folder that preprocess wrote.", 66) from error


def read_moments(path):
    """The mean and the deviation of every bin, from the pickle of two arrays that `moments` wrote."""
    try:
        with open(path, "rb") as file:
            mean, deviation = MomentsUnpickler(file, encoding="latin1").load()
    except (OSError, ValueError, TypeError, EOFError, pickle.UnpicklingError) as error:
        raise Refusal(f"{path} holds no moments: {error}; give the published code's pickle.", 66) from error
    return {"moments/mean": numpy.asarray(mean, numpy.float32),
            "moments/deviation": numpy.asarray(deviation, numpy.float32)}


class MomentsUnpickler(pickle.Unpickler):
    """Makes arrays and nothing else: a pickle may otherwise run whatever its writer liked."""

    ALLOWED = {("numpy", "ndarray"), ("numpy", "dtype"), ("_codecs", "encode"),
               *((f"numpy.{core}.multiarray", "_reconstruct") for core in ("core", "_core"))}

    def find_class(self, module, name):
        if (module, name) not in self.ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return super().find_class(module, name)


# ---- To TensorFlow


def export_checkpoint(options):
    source = checkpoint.last_checkpoint(options.source)
    tensors, metadata = checkpoint.read(source)
    step = int(metadata["step"])
    folder = pathlib.Path(options.output)
    folder.mkdir(parents=True, exist_ok=True)
    moments = [tensors.pop(name, None) for name in ("moments/mean", "moments/deviation")]
    if moments[0] is not None:
        # By the name that the published code's numpy knows its own module by.
        data = pickle.dumps(tuple(moments), protocol=2).replace(b"numpy._core", b"numpy.core")
        checkpoint.write_bytes(folder / "moments.pkl", data)
    critic_updates = int(setting(metadata, "critic_updates", CRITIC_UPDATES))
    variables = tensors | {"global_step": numpy.int64(step)}
    for suffix, updates in (("", step), ("_1", step * critic_updates)):
        for number, published in enumerate(BETAS, start=1):
            beta = float(setting(metadata, f"beta{number}", published))
            # TensorFlow keeps the power for the update that comes next.
            variables[f"beta{number}_power{suffix}"] = numpy.float32(beta ** (updates + 1))
    names = sorted(variables)
    prefix = folder / f"model.ckpt-{step}"
    tensorflow.raw_ops.SaveV2(
        prefix=str(prefix), tensor_names=names, shape_and_slices=[""] * len(names),
        tensors=[tensorflow.constant(variables[name]) for name in names])
    names = f'model_checkpoint_path: "{prefix.name}"\nall_model_checkpoint_paths: "{prefix.name}"\n'
    checkpoint.write_bytes(folder / "checkpoint", names.encode())
    print(f"{prefix}: {metadata['model']}, step {step}.")


def setting(metadata, key, published):
    """A number of the configuration that a checkpoint carries; the published one where it is left out."""
    found = re.search(rf"\b{key}: ([-+.\w]+)", metadata["configuration"])
    return found[1] if found else published


def main():
    parser = argparse.ArgumentParser(prog="convert-tensorflow", description=__doc__.splitlines()[0])
    actions = parser.add_subparsers(dest="action", required=True)
    importing = actions.add_parser("import", help="from the published code's checkpoint to specgan's")
    importing.add_argument("source", help="a train_dir, or a path such as train/model.ckpt-1234")
    importing.add_argument("--output", required=True, help="the checkpoint to write")
    importing.add_argument("--moments", help="the pickle that `train_specgan.py moments` wrote")
    importing.add_argument("--cache", help="a cache of the same sounds, to go on training from")
    exporting = actions.add_parser("export", help="from specgan's checkpoint to the published code's")
    exporting.add_argument("source", help="a run, or a checkpoint of one")
    exporting.add_argument("--output", required=True, help="the train_dir to write")
    options = parser.parse_args()
    {"import": import_checkpoint, "export": export_checkpoint}[options.action](options)


if __name__ == "__main__":
    checkpoint.leaving(main)
