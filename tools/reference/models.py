"""Both networks, their losses and the gradients of every parameter, by automatic differentiation.

Run it with `tools/reference/record models`.

Dimension 2, latent 7, three examples. Weights fill a little more than Glorot's range, so that
signals keep their size to the last layer, and biases are not zero. The metadata hold the largest
difference of each tensor between float64 and the same program in float32, relative to the tensor's
largest element.
"""

import json

import numpy
import torch

import clips
import networks
import safetensors_file
from normalization import moments, normalized
from stft import log_magnitudes, stft

SEED = 16384
GAIN = {"G": 2, "D": 1.5}
CLIPS = [
    "digits/one/flite_kal16.wav", "drums/snare/elec_snare.wav", "digits/six/flite_slt.wav",
]
ALPHA = [0.125, 0.5, 0.8125]
SHIFTS = [[2, -1, 0, 1], [-2, 1, 2, -1], [1, -2, -1, 2]]  # real, fake, interpolated; layers 0 to 3
GENERATOR_SHIFTS = [-1, 2, -2, 1]


def examples(architecture, paths):
    """Real examples without silence, [n, 16384, 1] or normalised by themselves [n, 128, 128, 1]."""
    sounds = numpy.stack([clips.repeated(path, 16384) for path in paths])
    if architecture is networks.WAVEGAN:
        return sounds[..., None]
    spectrograms = [log_magnitudes(stft(sound)) for sound in sounds]
    mean, deviation = moments(numpy.concatenate(spectrograms))
    return numpy.stack([normalized(rows, mean, deviation) for rows in spectrograms])[..., None]


def inputs(architecture):
    """Everything that is given, by name, in float32."""
    generator = numpy.random.default_rng(SEED)
    tensors = {}
    for name, shape in (architecture.generator_shapes() | architecture.critic_shapes()).items():
        limit = GAIN[name[0]] * networks.glorot_limit(shape) if name.endswith("kernel") else 0.1
        tensors[name] = generator.uniform(-limit, limit, shape)
    tensors["z"] = generator.uniform(-1, 1, [len(CLIPS), architecture.latent])
    tensors["real"] = examples(architecture, CLIPS)
    tensors["alpha"] = numpy.array(ALPHA)
    return {name: tensor.astype(numpy.float32) for name, tensor in tensors.items()}


def results(architecture, given, precision):
    """Everything that is computed, by name, in float64."""
    weights = {name: torch.tensor(value, dtype=precision) for name, value in given.items()}
    z, real, alpha = [weights.pop(name) for name in ["z", "real", "alpha"]]
    for tensor in weights.values():
        tensor.requires_grad_()
    shuffled = architecture is networks.WAVEGAN
    shifts, generator_shifts = (SHIFTS, GENERATOR_SHIFTS) if shuffled else ([None] * 3, None)
    fake = architecture.generate(weights, z).detach()
    tensors = networks.critic_loss(architecture, weights, real, fake, alpha, shifts)
    computed = networks.gradients(tensors["critic_loss"], weights, "D/")
    tensors["generator_loss"] = networks.generator_loss(architecture, weights, z, generator_shifts)
    computed |= networks.gradients(tensors["generator_loss"], weights, "G/")
    tensors |= {f"gradient/{name}": value for name, value in computed.items()}
    tensors["generated"] = fake
    return {name: numpy.atleast_1d(value.detach().numpy().astype(numpy.float64))
            for name, value in tensors.items()}


def differences(exact, single):
    """By name: the largest difference of two results, relative to the largest element."""
    return {name: float(f"{numpy.abs(exact[name] - single[name]).max() / scale:.2g}")
            for name in exact if (scale := numpy.abs(exact[name]).max()) > 0}


def check(architecture, given, computed):
    """The penalty's gradient against central differences of the loss, along its gradient."""
    names = list(architecture.critic_shapes())
    norm = numpy.sqrt(sum((computed[f"gradient/{name}"] ** 2).sum() for name in names))
    losses = []
    for step in [1e-6, -1e-6]:
        moved = {name: given[name] + step * computed[f"gradient/{name}"] / norm for name in names}
        losses.append(results(architecture, given | moved, torch.float64)["critic_loss"][0])
    assert abs((losses[0] - losses[1]) / 2e-6 / norm - 1) < 1e-6


def main():
    torch.set_num_threads(1)
    for architecture in [networks.SPECGAN, networks.WAVEGAN]:
        given = inputs(architecture)
        computed = results(architecture, given, torch.float64)
        check(architecture, given, computed)
        difference = differences(computed, results(architecture, given, torch.float32))
        for name in ["critic_loss", "gradient_penalty", "generator_loss"]:
            print(name, computed[name][0], "float32 differs by", difference[name])
        worst = max(difference, key=difference.get)
        print("worst", worst, difference[worst])
        tensors = given | computed
        if architecture is networks.WAVEGAN:
            tensors["shifts"] = numpy.array(SHIFTS)
            tensors["generator_shifts"] = numpy.array(GENERATOR_SHIFTS)
        safetensors_file.write(
            f"{architecture.name}.safetensors", tensors, SEED, clips=", ".join(CLIPS),
            float32_difference=json.dumps(difference, sort_keys=True))


if __name__ == "__main__":
    main()
