"""Takes checkpoints of TensorFlow over tools/bridges/convert-tensorflow's bridge and back, in one process.

    python tools/reference/tensorflow_bridge.py FOLDER

For every variant of tensorflow_networks.py: writes FOLDER/VARIANT as tensorflow_checkpoint.py does, imports it as
ours.safetensors, exports that into back, and checks it there. Then tries what has to be refused, and what is left
out. Needs tools/bridges/tensorflow-requirements.txt.
"""

import pathlib
import re
import shutil
import sys

import numpy

from tensorflow_checkpoint import Graph, check, write
from tensorflow_networks import VARIANTS

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "bridges"))
import checkpoint
import convert_tensorflow
import train_dir


def convert(action, source, output, *options):
    convert_tensorflow.main([action, str(source), "--output", str(output), *options])


def moments(folder):
    return ["--moments", str(folder / "moments.pkl")] if folder.name.startswith("specgan") else []


# ---- What is refused


def refused(words, action, source, *options):
    try:
        convert(action, source, source.parent / "refused", *options)
    except checkpoint.Refusal as refusal:
        assert words in str(refusal) and str(refusal).endswith("."), (words, str(refusal))
        return
    raise AssertionError(f"not refused: {words}")


def copied(folder):
    """A folder like `folder`, to be spoilt."""
    copy = folder.parent / "spoilt" / folder.name
    shutil.rmtree(copy, ignore_errors=True)
    return pathlib.Path(shutil.copytree(folder, copy))


def with_flags(folder, **flags):
    """`folder` with other lines in args.txt; None takes one away."""
    copy = copied(folder)
    lines = train_dir.read_flags(copy) | flags
    (copy / "args.txt").write_text("\n".join(f"{flag},{word}" for flag, word in lines.items() if word is not None))
    return copy


def with_variables(folder, change):
    """`folder` with its variables changed."""
    copy = copied(folder)
    variables, prefix = train_dir.read_variables(copy)
    change(variables)
    train_dir.write(copy, int(prefix.name.split("-")[-1]), variables, train_dir.read_flags(copy), [])
    return copy


def try_refused_imports(folder):
    short, long = folder / "wavegan", folder / "wavegan-32768"
    resized, normalized = folder / "wavegan-32768-nearest", folder / "wavegan-nearest"
    for source, flags, words in (
            (short, {"wavegan_dim": "3"}, "wavegan_dim 3 and the variables say 2"),
            (short, {"wavegan_genr_pp": "True"}, "wavegan_genr_pp True and the variables say False"),
            (short, {"wavegan_genr_upsample": "nn"}, "wavegan_genr_upsample nn and the variables say zeros"),
            (long, {"data_slice_len": None}, "write the line data_slice_len,32768"),
            (long, {"data_slice_len": "16384"}, "has six layers"),
            (long, {"wavegan_batchnorm": "False"}, "wavegan_batchnorm False and the variables say True"),
            (long, {"wavegan_loss": None}, "by wgan or lsgan; add --loss"),
            (long, {"wavegan_loss": "dcgan"}, "another optimiser's"),
            (long, {"wavegan_loss": "hinge"}, "says loss hinge; use wgan-gp"),
            (resized, {"wavegan_genr_upsample": "zeros"}, "write nn, lin or cub there"),
            (normalized, {"wavegan_loss": "wgan-gp"}, "add --loss wgan, lsgan or dcgan")):
        refused(words, "import", with_flags(source, **flags))
    kernel = "G/upconv_1/conv2d_transpose/kernel"
    odd = {kernel: numpy.zeros([1, 25, 8, 8])}
    for words, change in (
            ("lacks G/upconv_1", lambda variables: variables.pop(kernel)),
            ("but its other variables need", lambda variables: variables.update(odd)),
            ("no G/upconv_1/conv2d_transpose/kernel/Adam_1 of", lambda variables: variables.pop(f"{kernel}/Adam_1")),
            ("G/upconv_9/bias, which no", lambda variables: variables.update({"G/upconv_9/bias": numpy.ones(1)})),
            ("nor WaveGAN's critic", lambda variables: variables.pop("D/downconv_0/conv1d/kernel"))):
        refused(words, "import", with_variables(short, change))
    refused("is not a cache", "import", short, "--cache", str(folder / "no-cache"))
    refused("no mean and deviation", "import", folder / "specgan", "--moments", str(folder / "specgan-odd.pkl"))


def try_kept_settings(folder):
    """Other losses, and no optimiser, where somebody asks for them."""
    convert("import", folder / "wavegan-nearest", folder / "other.safetensors", "--loss", "wgan")
    tensors, metadata = checkpoint.read(folder / "other.safetensors")
    assert "loss: wgan" in metadata["configuration"] and not any(name.endswith("/Adam") for name in tensors)


# ---- What is left out


def try_exports(folder):
    source = folder / "wavegan" / "ours.safetensors"
    tensors, metadata = checkpoint.read(source)
    name, average = "G/upconv_2/conv2d_transpose/bias", numpy.full(4, 7, numpy.float32)
    plain = {key: text for key, text in metadata.items() if not key.startswith("checksum/")}

    def changed(more=(), **settings):
        path = folder / "changed.safetensors"
        text = plain["configuration"]
        for key, word in settings.items():
            text, count = re.subn(rf"\b{key}: [-\w]+", f"{key}: {word}", text)
            if count == 0:
                text = text.replace("network: {", f"network: {{{key}: {word}, ")
        checkpoint.write(path, tensors | dict(more), plain | {"configuration": text})
        return path

    refused("no averaged weights", "export", source, "--average")
    refused("is conditional on labels", "export", changed(conditional="true"))
    refused("has a style-based generator", "export", changed(generator="style-based"))
    refused("has self-attention", "export", changed(attention="16"))
    refused("has conditional batch normalization", "export", changed(generator_normalization="conditional"))
    refused("has networks that grow", "export", changed(growing="true"))
    refused("has spectral normalization in the generator", "export", changed(generator_spectral="true"))
    refused("has network.downsampling low-pass", "export", changed(downsampling="low-pass"))
    refused("has network.upsampling low-pass", "export", changed(upsampling="low-pass"))
    refused("has G/other", "export", changed({"G/other": average}))
    refused("as its configuration asks for", "export", changed({name: average[:2]}))
    averaged = changed({f"{name}/ExponentialMovingAverage": average, "D/downconv_0/conv1d/kernel/u": average[:2]})
    for options, wanted in (([], tensors[name]), (["--average"], average)):
        convert("export", averaged, folder / "averaged", *options)
        variables, _ = train_dir.read_variables(folder / "averaged")
        assert (variables[name] == wanted).all() and not any(key.endswith(("Average", "/u")) for key in variables)


def main(folder):
    folder = pathlib.Path(folder)
    for name, variant in VARIANTS.items():
        place, graph = folder / name, Graph(variant)
        write(graph, place)
        convert("import", place, place / "ours.safetensors", *moments(place))
        convert("export", place / "ours.safetensors", place / "back")
        check(graph, place)
    numpy.array([1.0, 2.0]).dump(folder / "specgan-odd.pkl")
    try_refused_imports(folder)
    try_kept_settings(folder)
    try_exports(folder)
    print(f"{len(VARIANTS)} variants crossed and came back")


if __name__ == "__main__":
    main(*sys.argv[1:])
