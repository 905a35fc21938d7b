"""Low-pass up- and downsampling: values and gradients, by automatic differentiation.

Run it with `tools/reference/record low_pass`.

In float64. Enlarging is PyTorch's own linear interpolation with half-pixel centers; the filter before a strided
convolution is PyTorch's convolution of each row, extended by its end values.
"""

import numpy
import torch

import operations
import safetensors_file

SEED = 1907
# Shapes with the factor of every axis. Lengths of 1, 2 and 3 are all edge.
CASES = [([2, 8, 6, 4], 2), ([2, 3, 1, 5], 2), ([3, 2, 2], 4), ([1, 40, 3], 4), ([2, 24, 16], 2), ([1, 3, 2, 17], 4)]
OPERATIONS = {
    "upsampling": lambda x, factor: operations.resized(x, factor, "low-pass"), "downsampling": operations.low_pass}


def drawn(generator, shape):
    """Normal numbers that float32 holds exactly."""
    return torch.tensor(generator.standard_normal(shape).astype(numpy.float32).astype(float))


def case(generator, operation, shape, factor):
    """A picture or a signal, its result, a cotangent and the gradient."""
    x = drawn(generator, shape).requires_grad_()
    y = operation(x, factor)
    cotangent = drawn(generator, y.shape)
    gradient, = torch.autograd.grad(y, x, cotangent)
    return {"x": x, "y": y, "cotangent": cotangent, "x_cotangent": gradient}


def main():
    generator = numpy.random.default_rng(SEED)
    tensors = {f"{name}/{index}/{key}": value.detach().numpy() for name, operation in OPERATIONS.items()
               for index, (shape, factor) in enumerate(CASES)
               for key, value in case(generator, operation, shape, factor).items()}
    tensors["factors"] = numpy.array([factor for _, factor in CASES])
    safetensors_file.write("low_pass.safetensors", tensors, SEED)


if __name__ == "__main__":
    main()
