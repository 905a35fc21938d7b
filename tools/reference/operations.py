"""What both networks are made of, in PyTorch: channels last, TensorFlow's padding and layouts."""

import numpy
import torch
from torch.nn import functional

SLOPE = 0.2
ACTIVATIONS = {
    "identity": lambda x: x,
    "relu": functional.relu,
    "leaky_relu": lambda x: functional.leaky_relu(x, SLOPE),
    "tanh": torch.tanh,
}


def same_padding(window, stride):
    """Zeros before and after, where the stride divides the length: TensorFlow's SAME."""
    total = window - stride
    return total // 2, total - total // 2


def convolution(x, kernel, stride):
    """[batch, *lengths, in] and [*windows, in, out] to [batch, *lengths / stride, out]."""
    windows = kernel.shape[:-2]
    sides = [side for window in reversed(windows) for side in same_padding(window, stride)]
    padded = functional.pad(x.movedim(-1, 1), sides)
    operation = [functional.conv1d, functional.conv2d][len(windows) - 1]
    return operation(padded, kernel.movedim((-1, -2), (0, 1)).contiguous(), stride=stride).movedim(1, -1)


def transposed_convolution(x, kernel, stride):
    """[batch, *lengths, in] and [*windows, out, in] to [batch, *lengths * stride, out].

    The gradient of a convolution with the same kernel: its full output, cropped by SAME's padding.
    """
    windows = kernel.shape[:-2]
    operation = [functional.conv_transpose1d, functional.conv_transpose2d][len(windows) - 1]
    y = operation(x.movedim(-1, 1), kernel.movedim((-1, -2), (0, 1)), stride=stride)
    for axis, window in enumerate(windows):
        y = y.narrow(2 + axis, same_padding(window, stride)[0], x.shape[1 + axis] * stride)
    return y.movedim(1, -1)


def low_pass(x, stride):
    """[batch, *lengths, channels], averaged along every axis with the weights 1, 3, ..., 2 stride - 1 and back; values
    beyond an end are those of the end. Half a position late.

    Zhang, "Making Convolutional Networks Shift-Invariant Again", 2019; for a stride of 2 the filter of Karras et al.,
    "Analyzing and Improving the Image Quality of StyleGAN", 2020.
    """
    half = torch.arange(1, 2 * stride, 2, dtype=x.dtype)
    weights = torch.cat([half, half.flip(0)]) / (2 * stride * stride)
    for axis in range(1, x.ndim - 1):
        rows = x.movedim(axis, -1)
        padded = functional.pad(rows.reshape(-1, 1, rows.shape[-1]), (stride, stride - 1), mode="replicate")
        x = functional.conv1d(padded, weights[None, None]).reshape(rows.shape).movedim(-1, axis)
    return x


def resized(x, factor, kind):
    """[batch, *lengths, channels], `factor` times as long: `nearest`, or `low-pass`, which is linear with half-pixel
    centers."""
    mode = "nearest" if kind == "nearest" else ["linear", "bilinear"][x.ndim - 3]
    return functional.interpolate(
        x.movedim(-1, 1), scale_factor=factor, mode=mode,
        align_corners=None if kind == "nearest" else False).movedim(1, -1)


def phase_shuffle(x, shift):
    """[batch, length, channels] moved right by `shift`, the gap filled by reflection."""
    last = x.shape[1] - 1
    source = numpy.abs(numpy.arange(x.shape[1]) - shift)
    return x[:, last - numpy.abs(last - source)]


def attention(x, query, key, value, output, gamma):
    """Self-attention of [batch, height, width, channels] or [batch, length, channels], added to x. Keys and values
    are max-pooled over windows of 2 x 2 or 4 positions.

    Zhang et al., "Self-Attention Generative Adversarial Networks", 2019, equations 1 to 3, with the channels and the
    pooling of https://github.com/ajbrock/BigGAN-PyTorch, layers.py.
    """
    pool = functional.max_pool1d if x.ndim == 3 else functional.max_pool2d

    def pooled(kernel):
        return pool((x @ kernel).movedim(-1, 1), 4 if x.ndim == 3 else 2).flatten(2)

    weights = torch.softmax((x @ query).flatten(1, -2) @ pooled(key), dim=-1)
    result = (weights @ pooled(value).transpose(1, 2)).reshape(*x.shape[:-1], -1)
    return x + gamma * (result @ output)


def attention_shapes(scope, channels):
    """The names and shapes of the parameters, in the order of attention's arguments."""
    inside, values = max(1, channels // 8), max(1, channels // 2)
    return {f"{scope}/query/kernel": [channels, inside], f"{scope}/key/kernel": [channels, inside],
            f"{scope}/value/kernel": [channels, values], f"{scope}/output/kernel": [values, channels],
            f"{scope}/gamma": [1]}


def rmsprop(values, gradients, square, rate, decay=0.9, epsilon=1e-10):
    """An update in TensorFlow's form: epsilon is added under the root, and the square begins at one."""
    square = decay * square + (1 - decay) * gradients ** 2
    return values - rate * gradients / (square + epsilon) ** 0.5, square


def adam(values, gradients, first, second, update, rate=1e-4, beta1=0.5, beta2=0.9, epsilon=1e-8):
    """Update number `update`, from 1, in TensorFlow's form: epsilon is added to the root itself."""
    first = beta1 * first + (1 - beta1) * gradients
    second = beta2 * second + (1 - beta2) * gradients ** 2
    scaled = rate * (1 - beta2 ** update) ** 0.5 / (1 - beta1 ** update)
    return values - scaled * first / (second ** 0.5 + epsilon), first, second
