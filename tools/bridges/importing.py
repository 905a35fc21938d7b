"""Converts a checkpoint of the reference implementation to one of specgan."""

import json
import pathlib

import numpy

import checkpoint
import networks
import train_dir
from checkpoint import Refusal
from losses import ADAM, OPTIMIZERS, RMSPROP, UNUSED_SLOT, owner, slot_names
from settings import configuration


def import_checkpoint(options):
    """Reads the checkpoint that the options name, writes it as ours, and prints what it lacks."""
    variables, prefix = train_dir.read_variables(options.source)
    flags = train_dir.read_flags(prefix.parent)
    network = networks.network_of({name: value.shape for name, value in variables.items()}, flags, prefix)
    slots = kept_slots(network, variables, prefix)
    loss = chosen_loss(options, network, flags, slots, prefix)
    resumes = slots == OPTIMIZERS[loss].slots
    names = [*network.variables(), *slot_names(network, slots if resumes else ())]
    tensors = {name: numpy.ascontiguousarray(variables[name], dtype=numpy.float32) for name in names}
    if options.moments:
        tensors |= train_dir.read_moments(pathlib.Path(options.moments))
    elif network.model == "specgan":
        raise Refusal("SpecGAN needs moments to generate audio; add --moments with the pickle that train_specgan.py moments wrote.", 64)
    step = int(variables.get("global_step", 0))
    metadata = {"schema_version": checkpoint.SCHEMA_VERSION, "model": network.model,
                "configuration": configuration(network, flags, loss),
                "step": str(step), "random_state": f"philox4x32-10 seed 0 step {step}"}
    if options.cache:
        metadata["fingerprint"] = read_fingerprint(pathlib.Path(options.cache))
    checkpoint.write(options.output, tensors, metadata)
    print(f"{options.output}: {network.model}, dimension {network.dimension}, step {step}.")
    for sentence in remarks(network, loss, resumes):
        print(sentence)


def remarks(network, loss, resumes):
    """Sentences about what the imported checkpoint lacks."""
    if not resumes:
        yield (f"It has no slots of {OPTIMIZERS[loss].name}, the optimiser of {loss}, so training cannot resume from "
               "it.")
    if network.critic_normalization == "batch":
        yield ("The reference never updates its critic's moving means and variances, so they are 0 and 1. The "
               "generator is exact; scores of the critic mean little until some hundred steps of training.")


def kept_slots(network, variables, prefix):
    """The suffixes of the optimiser's slots; none where there are none. Refuses unknown variables and odd slots."""
    any_bias = "D/output/dense/bias"
    slots = next((kind for kind in (ADAM, RMSPROP) if any_bias + kind[0] in variables), ())
    wanted = slot_names(network, slots)
    known = {*network.variables(), *slot_names(network, (*slots, UNUSED_SLOT))}
    for name in variables:
        if name.startswith(("G/", "D/")) and name not in known:
            raise Refusal(f"{prefix} has {name}, which no network of the reference's last version has.")
    for name in wanted:
        if name not in variables or variables[name].shape != variables[owner(name)].shape:
            raise Refusal(f"{prefix} has other slots of an optimiser and no {name} of the shape of {owner(name)}; "
                          "give a complete checkpoint.")
    return slots


def chosen_loss(options, network, flags, slots, prefix):
    said = flags.get(f"{network.model}_loss", "wgan-gp" if slots != RMSPROP else None)
    loss = options.loss or said
    if loss is None:
        raise Refusal(f"{prefix} was trained with RMSProp, by wgan or lsgan; add --loss with the loss that was used.", 64)
    if loss not in OPTIMIZERS:
        raise Refusal(f"args.txt beside {prefix} says loss {loss}; use {', '.join(OPTIMIZERS)}.")
    if not options.loss and slots and slots != OPTIMIZERS[loss].slots:
        raise Refusal(f"args.txt beside {prefix} says loss {loss}, and the variables are another optimiser's; correct "
                      "args.txt, or add --loss.")
    if loss == "wgan-gp" and network.critic_normalization == "batch":
        raise Refusal(f"{prefix} has batch normalisation in the critic, which specgan does not train with the gradient "
                      "penalty of wgan-gp; to train on with another loss, add --loss wgan, lsgan or dcgan.")
    return loss


def read_fingerprint(cache):
    try:
        return json.loads((cache / "cache.json").read_text())["fingerprint"]
    except (OSError, ValueError, KeyError) as error:
        raise Refusal(f"{cache} is not a cache: {error}; give a folder that preprocess wrote.", 66) from error
