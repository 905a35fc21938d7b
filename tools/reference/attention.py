"""Self-attention's value, gradients and tangent, and the gradient of its tangent, by automatic differentiation.

Run it with `tools/reference/record attention`.

In float64, of a picture and of a signal. `penalty/...` are the gradients of <cotangent, J direction> for the input
and for every parameter, which a gradient penalty needs.
"""

import numpy
import torch

import operations
import safetensors_file

SEED = 1811
SHAPES = {"picture": [3, 8, 4, 16], "signal": [2, 32, 8]}


def drawn(generator, shape, scale=1.0):
    """Returns normally distributed values, rounded to float32."""
    return torch.tensor((scale * generator.standard_normal(shape)).astype(numpy.float32).astype(float))


def case(generator, shape):
    """Returns all tensors of one shape."""
    x, direction, cotangent = (drawn(generator, shape) for _ in range(3))
    parameters = {name.partition("/")[2]: drawn(generator, size, 0.5)
                  for name, size in operations.attention_shapes("", shape[-1]).items()}
    names = list(parameters)
    inputs = [value.requires_grad_() for value in [x, *parameters.values()]]
    y = operations.attention(*inputs)
    gradients = torch.autograd.grad(y, inputs, cotangent, create_graph=True)
    _, tangent = torch.func.jvp(
        lambda x: operations.attention(x, *parameters.values()), (x,), (direction,))
    # <cotangent, J direction> = <J^T cotangent, direction>.
    penalties = torch.autograd.grad((gradients[0] * direction).sum(), inputs)
    assert abs((cotangent * tangent).sum() - (gradients[0] * direction).sum()) < 1e-10
    tensors = {"x": x, "direction": direction, "cotangent": cotangent, "y": y, "tangent": tangent,
               "x_cotangent": gradients[0], "penalty/x": penalties[0]}
    for index, name in enumerate(names):
        tensors |= {name: parameters[name], f"gradient/{name}": gradients[index + 1],
                    f"penalty/{name}": penalties[index + 1]}
    return {name: value.detach().numpy() for name, value in tensors.items()}


def main():
    generator = numpy.random.default_rng(SEED)
    tensors = {f"{kind}/{name}": value for kind, shape in SHAPES.items()
               for name, value in case(generator, shape).items()}
    safetensors_file.write("attention.safetensors", tensors, SEED)


if __name__ == "__main__":
    main()
