"""Converts a checkpoint of specgan to one of the reference implementation."""

import pathlib

import numpy

import checkpoint
import networks
import train_dir
from checkpoint import Refusal
from losses import ADAM, OPTIMIZERS, RMSPROP, UNUSED_SLOT, owner, slot_names
from settings import Settings

MOMENTS = ("moments/mean", "moments/deviation")
# The largest magnitudes, which the reference does not have.
PEAKS = ("moments/peak", "moments/frame_peak")
AVERAGE = "/ExponentialMovingAverage"
# Where spectral normalisation keeps its vectors.
SPECTRAL = "/u"


def export_checkpoint(options):
    """Writes the checkpoint that the options name in the reference's format, and prints what it lacks."""
    source = checkpoint.last_checkpoint(options.source)
    tensors, metadata = checkpoint.read(source)
    settings = Settings(metadata["configuration"], source)
    network, step = settings.network, int(metadata["step"])
    if settings["network.conditional"]:
        raise Refusal(f"{source} is conditional on labels, which the reference does not support; "
                      "only networks without network.conditional are converted.")
    if settings["network.generator"] == "style-based":
        raise Refusal(f"{source} has a style-based generator, which the reference does not support; only networks with "
                      "network.generator dcgan are converted.")
    if settings["network.growing"]:
        raise Refusal(f"{source} has networks that grow, which the reference does not support; only networks without "
                      "network.growing are converted.")
    if settings["network.attention"] != 0:
        raise Refusal(f"{source} has self-attention, which the reference does not support; only networks without "
                      "network.attention are converted.")
    if settings["network.generator_normalization"] == "conditional":
        raise Refusal(f"{source} has conditional batch normalization, which the reference does not support; only "
                      "networks with network.generator_normalization none or batch are converted.")
    if settings["network.generator_spectral"]:
        raise Refusal(f"{source} has spectral normalization in the generator, which the reference does not support; "
                      "only networks without network.generator_spectral are converted.")
    for key in ("network.upsampling", "network.downsampling"):
        if settings[key] == "low-pass":
            raise Refusal(f"{source} has {key} low-pass, which the reference does not support; only networks with "
                          "other upsampling and with strided downsampling are converted.")
    if settings.model == "specgan" and settings["audio.channels"] != 1:
        raise Refusal(f"{source} is a specgan with {settings['audio.channels']} channels, which the reference does "
                      "not support; only its wavegan has more than one.")
    if settings.model == "specgan" and settings["spectrogram.merged_bins"] != 1:
        raise Refusal(f"{source} has spectrograms with merged bins, which the reference cannot decode; train with "
                      "spectrogram.merged_bins 1.")
    moments = [tensors.pop(name) for name in MOMENTS if name in tensors]
    if any(part.ndim > 1 for part in moments):
        moments = []  # those of a stereo cache, which a wavegan does not use
    for name in PEAKS:
        tensors.pop(name, None)
    weights = {name: take(tensors, name, shape, source) for name, shape in network.variables().items()}
    averages = {name: tensors.pop(name + AVERAGE) for name in weights if name + AVERAGE in tensors}
    if options.average and not averages:
        raise Refusal(f"{source} has no averaged weights; leave --average out.", 64)
    vectors = [tensors.pop(name + SPECTRAL) for name in weights if name + SPECTRAL in tensors]
    published = OPTIMIZERS[settings.loss]
    slots, resumes = taken_slots(tensors, network, published, weights)
    if tensors:
        raise Refusal(f"{source} has {min(tensors)}, for which the reference has no variable; "
                      "only its networks are converted.")
    variables = weights | slots | powers(settings, published, step if resumes else 0)
    variables |= (averages if options.average else {}) | {"global_step": numpy.int64(step)}
    prefix = train_dir.write(pathlib.Path(options.output), step, variables, settings.flags(), moments)
    print(f"{prefix}: {network.model}, step {step}.")
    for sentence in remarks(settings, options, published, resumes, averages, vectors):
        print(sentence)


def taken_slots(tensors, network, published, weights):
    """The slots of the published optimiser, and whether they were there; else what it starts from."""
    found = {name: tensors.pop(name) for name in slot_names(network, (*ADAM, *RMSPROP)) if name in tensors}
    names = slot_names(network, published.slots)
    resumes = all(name in found for name in names)
    slots = {name: found[name] if resumes else first(name, weights[owner(name)]) for name in names}
    unused = slot_names(network, [UNUSED_SLOT] if published.slots == RMSPROP else [])
    return slots | {name: numpy.zeros_like(weights[owner(name)]) for name in unused}, resumes


def first(slot, weights):
    """RMSProp's mean square starts at 1, all else at 0."""
    return numpy.full_like(weights, slot.endswith(RMSPROP))


def take(tensors, name, shape, source):
    """The tensor `name`, which is there no longer."""
    value = tensors.pop(name, None)
    if value is None or value.shape != shape:
        raise Refusal(f"{source} has no {name} of shape {list(shape)}, as its configuration asks for; "
                      "give a checkpoint that train wrote.")
    return value


def powers(settings, published, step):
    """The powers of Adam's decays, the generator's and the critic's, for the update that comes next."""
    if published.name != "adam":
        return {}
    found = {}
    for suffix, updates in (("", step), ("_1", step * settings["training.critic_updates"])):
        for name in ("beta1", "beta2"):
            value = settings[f"training.{name}"]
            beta = float(getattr(published, name) if value == "auto" else value)
            found[f"{name}_power{suffix}"] = numpy.float32(beta ** (updates + 1))
    return found


def remarks(settings, options, published, resumes, averages, vectors):
    """Sentences about what the exported checkpoint lacks."""
    network = settings.network
    if averages:
        yield ("The generator's weights are the averaged ones, and the reference would continue training from them."
               if options.average else
               "The generator's weights are the trained ones; --average exports the averaged ones, which generate "
               "uses.")
    if vectors:
        yield ("Spectral normalisation is omitted: the critic's kernels are those before the division by their norm, "
               "so the exported critic gives other values.")
    if not resumes:
        yield f"It had no slots of {published.name}, the reference's optimiser for this loss; the optimiser starts anew."
    if unpublished := settings.unpublished():
        yield f"Training in the reference will differ: it has no setting for {', '.join(unpublished)}."
    if reasons := unbuilt(network):
        yield (f"The reference's flags cannot build this network ({', '.join(reasons)}); restore it with a graph of "
               "your own.")


def unbuilt(network):
    """Properties of the network that no flags of the reference give."""
    both = {network.generator_normalization == "batch", network.critic_normalization == "batch"}
    reasons = {
        f"pictures of {' × '.join(map(str, network.sample))}":
            network.model == "specgan" and network.sample != networks.PICTURE,
        f"a {network.upsampling} resize": network.upsampling in ("linear", "cubic"),
        "batch normalisation in one network alone": len(both) == 2,
        "a filter across channels": network.post_filter > 0 and network.channels > 1}
    return [reason for reason, holds in reasons.items() if holds]
