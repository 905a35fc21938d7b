"""Each layer's value, gradients and tangent by PyTorch's automatic differentiation, in float64.

Run it with `tools/reference/record layers`.

y = activation(W x + b). The tangent is J times the direction, without the bias. Where the
activation is the identity or ReLU everything is a small integer or half of one, so that float32
must be exact.
"""

import numpy
import torch

import operations
import safetensors_file

SEED = 1702
# The operation, and the shapes of x and of the kernel.
LAYERS = {
    "dense": (lambda x, w: x @ w, [3, 11], [11, 7]),
    "conv1d": (lambda x, w: operations.convolution(x, w, 4), [3, 32, 5], [25, 5, 7]),
    "conv2d": (lambda x, w: operations.convolution(x, w, 2), [3, 12, 8, 2], [5, 5, 2, 7]),
    "conv1d_transpose": (
        lambda x, w: operations.transposed_convolution(x, w[0], 4), [3, 8, 5], [1, 25, 7, 5]),
    "conv2d_transpose": (
        lambda x, w: operations.transposed_convolution(x, w, 2), [3, 6, 4, 2], [5, 5, 7, 2]),
}
EXACT = ["identity", "relu"]


def drawn(generator, shape, exact):
    """A float64 array that float32 holds exactly: small integers, or normal numbers."""
    if exact:
        return torch.tensor(generator.integers(-4, 5, shape).astype(float))
    return torch.tensor(generator.standard_normal(shape).astype(numpy.float32).astype(float))


def layer_case(generator, name, activation):
    """All the tensors of one layer with one activation."""
    affine, x_shape, kernel_shape = LAYERS[name]
    exact = activation in EXACT
    x, kernel = drawn(generator, x_shape, exact), drawn(generator, kernel_shape, exact)
    scale = 1 if exact else 2.0 ** -3  # keeps tanh away from 1
    kernel = kernel * scale
    channels = affine(x, kernel).shape[-1]
    bias = drawn(generator, [channels], exact) + (0.5 if exact else 0)  # ReLU never at its corner
    direction = drawn(generator, x_shape, exact)

    def linear(x, kernel, bias):
        return affine(x, kernel) + bias

    def layer(x, kernel, bias):
        return operations.ACTIVATIONS[activation](linear(x, kernel, bias))

    assert linear(x, kernel, bias).abs().min() > 1e-5, "a corner is too near for float32"
    y, pullback = torch.func.vjp(layer, x, kernel, bias)
    cotangent = drawn(generator, y.shape, exact)
    x_cotangent, kernel_gradient, bias_gradient = pullback(cotangent)
    _, tangent = torch.func.jvp(lambda x: layer(x, kernel, bias), (x,), (direction,))
    check(lambda x: layer(x, kernel, bias), x, direction, tangent, cotangent, x_cotangent)
    return {
        "x": x, "kernel": kernel, "bias": bias, "y": y, "cotangent": cotangent,
        "x_cotangent": x_cotangent, "kernel_gradient": kernel_gradient,
        "bias_gradient": bias_gradient, "direction": direction, "tangent": tangent}


def check(layer, x, direction, tangent, cotangent, x_cotangent):
    """Central differences, and <cotangent, J direction> = <J^T cotangent, direction>."""
    step = 1e-7
    difference = (layer(x + step * direction) - layer(x - step * direction)) / (2 * step)
    assert (difference - tangent).abs().max() < 1e-6 * tangent.abs().max()
    left, right = (cotangent * tangent).sum(), (x_cotangent * direction).sum()
    assert (left - right).abs() < 1e-10 * (cotangent * tangent).abs().sum()


def phase_shuffle_case(generator, shift):
    """Small integers again; PyTorch's own reflection must agree."""
    x, cotangent = drawn(generator, [3, 9, 4], True), drawn(generator, [3, 9, 4], True)
    y, pullback = torch.func.vjp(lambda x: operations.phase_shuffle(x, shift), x)
    sides = [max(shift, 0), max(-shift, 0)]
    padded = torch.nn.functional.pad(x.movedim(1, 2), sides, mode="reflect").movedim(1, 2)
    assert torch.equal(y, padded[:, sides[1]:sides[1] + 9])
    return {"x": x, "y": y, "cotangent": cotangent, "x_cotangent": pullback(cotangent)[0]}


def adam_case(generator):
    """Five updates of eleven numbers; a row an update. One gradient is 0, one tiny, one large."""
    initial, gradients = drawn(generator, [11], False), drawn(generator, [5, 11], False)
    gradients[:, 0] = 0
    gradients[:, 1] *= 2.0 ** -27
    gradients[:, 2] *= 2.0 ** 10
    state = initial, torch.zeros(11, dtype=float), torch.zeros(11, dtype=float)
    rows = []
    for update, gradient in enumerate(gradients, start=1):
        state = operations.adam(state[0], gradient, state[1], state[2], update)
        rows.append(state)
    values, first, second = [torch.stack(column) for column in zip(*rows)]
    return {"initial": initial, "gradients": gradients, "values": values,
            "first_moments": first, "second_moments": second}


def check_operations(generator):
    """Convolutions are what they say, and the transposed ones are their gradients."""
    for dimensions, stride, (before, after) in [(1, 4, (10, 11)), (2, 2, (1, 2))]:
        window = {1: [25], 2: [5, 5]}[dimensions]
        x = drawn(generator, [1, *[16, 8][:dimensions], 2], True)
        kernel = drawn(generator, [*window, 2, 3], True)
        y, pullback = torch.func.vjp(lambda x: operations.convolution(x, kernel, stride), x)
        cotangent = drawn(generator, y.shape, True)
        twin = operations.transposed_convolution(cotangent, kernel, stride)
        assert torch.equal(pullback(cotangent)[0], twin)
        padded = numpy.pad(x[0], [(before, after)] * dimensions + [(0, 0)])
        for position in numpy.ndindex(*y.shape[1:-1]):
            patch = tuple(slice(stride * p, stride * p + size) for p, size in zip(position, window))
            expected = numpy.tensordot(padded[patch], kernel, axes=dimensions + 1)
            assert numpy.array_equal(y[(0, *position)], expected)


def main():
    generator = numpy.random.default_rng(SEED)
    check_operations(generator)
    cases = {f"{name}/{activation}": layer_case(generator, name, activation)
             for name in LAYERS for activation in operations.ACTIVATIONS}
    cases |= {f"phase_shuffle/{shift}": phase_shuffle_case(generator, shift)
              for shift in range(-2, 3)}
    cases["adam"] = adam_case(generator)
    tensors = {f"{case}/{name}": tensor.numpy()
               for case, tensors in cases.items() for name, tensor in tensors.items()}
    safetensors_file.write(
        "layers.safetensors", tensors, SEED, leaky_relu_slope=operations.SLOPE,
        adam="rate 1e-4, beta1 0.5, beta2 0.9, epsilon 1e-8")


if __name__ == "__main__":
    main()
