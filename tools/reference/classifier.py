"""The classifier of sounds in PyTorch: what it gives, its loss, every gradient, and some updates.

Run it with `tools/reference/record classifier`.

Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 6.1, and the code
published with it: log-mel spectrograms [frames, bands], each band normalised; four times a 5 x 5
convolution, ReLU, and the largest of 2 x 2 places, normalised by channel between them; all that is left,
normalised number by number; a dense layer. Here 16 frames, 4 channels and 3 classes; two batches of 3.

In training a batch is normalised by its own mean and population variance; in use by the means over both
batches of their means and unbiased variances. Adam takes its usual decays, in TensorFlow's form. The metadata
hold the largest differences between float64 and the same program in float32, with the examples of a batch in
every order, which changes nothing but the rounding.
"""

import itertools
import json

import numpy
import torch
from torch.nn import functional

import operations
import safetensors_file

SEED = 31
BATCH, FRAMES, BANDS, CHANNELS, CLASSES, DEPTH = 3, 16, 128, 4, 3, 4
EPSILON, RATE, UPDATES = 1e-3, 1e-3, 3


def shapes():
    """Names and shapes in order of the data's flow."""
    found = normalization_shapes("C/bands", BANDS)
    for level in range(DEPTH):
        name = f"C/conv_{level}"
        found[f"{name}/conv2d/kernel"] = [5, 5, CHANNELS if level else 1, CHANNELS]
        found[f"{name}/conv2d/bias"] = [CHANNELS]
        if level < DEPTH - 1:
            found |= normalization_shapes(name, CHANNELS)
    features = CHANNELS * (FRAMES >> DEPTH) * (BANDS >> DEPTH)
    return found | normalization_shapes("C/features", features) | {
        "C/output/dense/kernel": [features, CLASSES], "C/output/dense/bias": [CLASSES]}


def normalization_shapes(scope, channels):
    return {f"{scope}/batch_normalization/{name}": [channels] for name in ["gamma", "beta"]}


def drawn(generator):
    """Spectrograms about as loud as log-mel ones, labels and weights, all as float32 holds them."""
    level = generator.normal(-6, 2, BANDS)
    arrays = {"x": level + generator.standard_normal([2 * BATCH, FRAMES, BANDS])}
    for name, shape in shapes().items():
        spread = numpy.sqrt(2 / numpy.prod(shape[:-1])) if name.endswith("kernel") else 0.25
        offset = 1 if name.endswith("gamma") else 0
        arrays[name] = offset + spread * generator.standard_normal(shape)
    return {name: array.astype(numpy.float32) for name, array in arrays.items()}


class Network:
    """The network; `statistics` are those it is used with, or None in training, where `seen` are a batch's."""

    def __init__(self, weights, statistics=None):
        self.weights, self.statistics, self.seen = weights, statistics, {}

    def normalize(self, x, scope):
        name, axes = f"{scope}/batch_normalization", list(range(x.ndim - 1))
        if self.statistics is None:
            mean, variance = x.mean(axes), x.var(axes, correction=0)
            self.seen[f"{name}/moving_mean"] = mean
            self.seen[f"{name}/moving_variance"] = x.var(axes, correction=1)
        else:
            mean = self.statistics[f"{name}/moving_mean"]
            variance = self.statistics[f"{name}/moving_variance"]
        scaled = (x - mean) / torch.sqrt(variance + EPSILON)
        return self.weights[f"{name}/gamma"] * scaled + self.weights[f"{name}/beta"]

    def __call__(self, x):
        """[batch, frames, bands] to logits [batch, classes] and features [batch, channels]."""
        x = self.normalize(x, "C/bands").unsqueeze(-1)
        for level in range(DEPTH):
            name = f"C/conv_{level}"
            x = operations.convolution(x, self.weights[f"{name}/conv2d/kernel"], 1)
            x = torch.relu(x + self.weights[f"{name}/conv2d/bias"])
            x = functional.max_pool2d(x.movedim(-1, 1), 2).movedim(1, -1)
            if level < DEPTH - 1:
                x = self.normalize(x, name)
        flat = self.normalize(x.flatten(1), "C/features")
        logits = flat @ self.weights["C/output/dense/kernel"] + self.weights["C/output/dense/bias"]
        return logits, x.mean([1, 2])


LABELS = numpy.array([2, 0, 1, 1, 2, 0])


def results(arrays, precision, order=range(BATCH)):
    """Everything that is compared, in float64, computed in `precision` with batches in `order`."""
    order = list(order)
    back = numpy.argsort(order)
    tensors = {name: torch.tensor(array, dtype=precision) for name, array in arrays.items()}
    batches = [tensors["x"][:BATCH][order], tensors["x"][BATCH:][order]]
    labels = [torch.tensor(LABELS[:BATCH][order]), torch.tensor(LABELS[BATCH:][order])]
    weights = {name: tensors[name].requires_grad_() for name in shapes()}
    found = {}

    networks = [Network(weights), Network(weights)]
    logits = [network(batch)[0] for network, batch in zip(networks, batches)]
    loss = functional.cross_entropy(logits[0], labels[0])
    found |= {"logits": logits[0][back], "loss": loss.reshape(1)}
    for name, gradient in zip(weights, torch.autograd.grad(loss, list(weights.values()))):
        found[f"gradient/{name}"] = gradient
    statistics = {name: (value + networks[1].seen[name]) / 2
                  for name, value in networks[0].seen.items()}
    found |= {f"statistics/{name}": value for name, value in statistics.items()}
    used, features = Network(weights, statistics)(batches[0])
    found |= {"used/logits": used[back], "used/features": features[back]}
    return {name: value.detach().numpy().astype(numpy.float64)
            for name, value in (found | trained(weights, batches, labels)).items()}


def trained(weights, batches, labels):
    """The weights after some updates, on the batches in turn, and the losses before each."""
    moments = {name: (torch.zeros_like(value), torch.zeros_like(value))
               for name, value in weights.items()}
    losses = []
    for update in range(UPDATES):
        batch, label = batches[update % 2], labels[update % 2]
        loss = functional.cross_entropy(Network(weights)(batch)[0], label)
        gradients = torch.autograd.grad(loss, list(weights.values()))
        losses.append(loss.detach())
        for (name, value), gradient in zip(list(weights.items()), gradients):
            value, *moments[name] = operations.adam(
                value.detach(), gradient, *moments[name], update + 1, RATE, 0.9, 0.999)
            weights = weights | {name: value.requires_grad_()}
    return {"trained/losses": torch.stack(losses)} | {
        f"trained/{name}": value for name, value in weights.items()}


def main():
    torch.set_num_threads(1)
    arrays = drawn(numpy.random.default_rng(SEED))
    exact = results(arrays, torch.float64)
    runs = [results(arrays, torch.float32, order)
            for order in itertools.permutations(range(BATCH))]
    difference = {name: float(f"{max(numpy.abs(value - run[name]).max() for run in runs):.2g}")
                  for name, value in exact.items()}
    worst = max(difference, key=difference.get)
    print(worst, difference[worst])
    assert difference[worst] < 1e-4, "a unit crossed its corner"
    safetensors_file.write(
        "classifier.safetensors", exact | arrays | {"labels": LABELS}, SEED,
        libraries=["numpy", "torch"], batch_size=BATCH, updates=UPDATES,
        adam="rate 1e-3, beta1 0.9, beta2 0.999, epsilon 1e-8",
        float32_difference=json.dumps(difference, sort_keys=True))


if __name__ == "__main__":
    main()
