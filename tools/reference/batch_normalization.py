"""Batch normalisation by PyTorch's automatic differentiation, in float64.

Run it with `tools/reference/record batch_normalization`.

y = activation(gamma (x - mean) / sqrt(variance + 1e-3) + beta), channels last. Two groups of examples, each
normalised by its own mean and population variance; or moving statistics, which are constants. A group moves
the statistics by a hundredth of the way, with the population variance (tf.layers on three axes) or with the
unbiased one (its fused kernel on four axes; PyTorch's own). Means are up to 8, so that formulas that lose digits
to them show.
"""

import numpy
import torch

import operations
import safetensors_file

SEED = 448
EPSILON, RATE = 1e-3, 0.01
GROUP = 3
SHAPES = {"sounds": [2 * GROUP, 5, 3], "pictures": [2 * GROUP, 2, 3, 4]}


def drawn(generator, shape, scale=1.0, offset=0.0):
    """A float64 array of normal numbers that float32 holds exactly."""
    return torch.tensor(
        (offset + scale * generator.standard_normal(shape)).astype(numpy.float32).astype(float))


def axes(x):
    return list(range(x.ndim - 1))


def normalized(x, mean, variance):
    return (x - mean) / torch.sqrt(variance + EPSILON)


def in_groups(x):
    """x^ of every group, which depends on it in three ways."""
    groups = x.split(GROUP)
    return torch.cat(
        [normalized(g, g.mean(axes(g)), g.var(axes(g), correction=0)) for g in groups])


def passes(layer, generator, x, gamma, beta):
    """Value, cotangents, gradients and tangent of `layer(x, gamma, beta)`."""
    y, pullback = torch.func.vjp(layer, x, gamma, beta)
    cotangent, direction = drawn(generator, y.shape), drawn(generator, x.shape)
    x_cotangent, gamma_gradient, beta_gradient = pullback(cotangent)
    _, tangent = torch.func.jvp(lambda x: layer(x, gamma, beta), (x,), (direction,))
    left, right = (cotangent * tangent).sum(), (x_cotangent * direction).sum()
    assert (left - right).abs() < 1e-10 * (cotangent * tangent).abs().sum()
    return {
        "y": y, "cotangent": cotangent, "x_cotangent": x_cotangent,
        "gamma_gradient": gamma_gradient, "beta_gradient": beta_gradient, "direction": direction,
        "tangent": tangent}


def moved(x, mean, variance, correction):
    """The moving statistics after both groups."""
    for group in x.split(GROUP):
        mean = mean - (mean - group.mean(axes(group))) * RATE
        variance = variance - (variance - group.var(axes(group), correction=correction)) * RATE
    return mean, variance


def check(x, gamma, beta, mean, variance):
    """PyTorch's own batch normalisation does the same, with the unbiased variance."""
    running = mean.clone(), variance.clone()
    groups = [torch.nn.functional.batch_norm(
        g.movedim(-1, 1), *running, gamma, beta, True, RATE, EPSILON).movedim(1, -1)
        for g in x.split(GROUP)]
    torch.testing.assert_close(torch.cat(groups), gamma * in_groups(x) + beta)
    torch.testing.assert_close(running, moved(x, mean, variance, 1))


def case(generator, shape, activation):
    function = operations.ACTIVATIONS[activation]
    channels = shape[-1:]
    x = drawn(generator, shape) * drawn(generator, channels, 0.25, 1) + drawn(generator, channels, 4)
    x = x.float().double()
    gamma, beta = drawn(generator, channels, 0.5, 1), drawn(generator, channels)
    mean, variance = drawn(generator, channels), drawn(generator, channels) ** 2 + 0.125
    variance = variance.float().double()
    check(x, gamma, beta, mean, variance)
    tensors = {"x": x, "gamma": gamma, "beta": beta, "mean": mean, "variance": variance}
    modes = {"groups": in_groups, "moving": lambda x: normalized(x, mean, variance)}
    for mode, normalize in modes.items():
        found = passes(lambda x, g, b: function(g * normalize(x) + b), generator, x, gamma, beta)
        tensors |= {f"{mode}/{name}": value for name, value in found.items()}
    for correction, name in enumerate(["population", "unbiased"]):
        tensors[f"{name}/mean"], tensors[f"{name}/variance"] = moved(x, mean, variance, correction)
    return tensors


def main():
    generator = numpy.random.default_rng(SEED)
    tensors = {
        f"{name}/{activation}/{key}": value.numpy()
        for name, shape in SHAPES.items() for activation in operations.ACTIVATIONS
        for key, value in case(generator, shape, activation).items()}
    safetensors_file.write(
        "batch_normalization.safetensors", tensors, SEED, libraries=["numpy", "torch"])


if __name__ == "__main__":
    main()
