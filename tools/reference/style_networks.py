"""The style-based generator of training_options.py: a mapping network of the latent to styles, a constant, modulated and
demodulated convolutions, and noise inputs.

Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative Adversarial Networks", CVPR 2019; Karras et
al., "Analyzing and Improving the Image Quality of StyleGAN", CVPR 2020, section 2.2.
"""

import math

import numpy
import torch

import networks
import operations
import option_networks

EPSILON = 1e-8
# The factor that approximately keeps the mean square through LeakyReLU.
GAIN = math.sqrt(2)
# The factor of a mapping's learning rate.
MAPPING_RATE = 0.01


class Architecture(option_networks.Architecture):
    """Dimension 1; `embedding` is that of a label, which the mapping reads after the latent."""

    def __init__(self, model, option, labels):
        super().__init__(model, option, labels)
        self.style_size, self.mapping_layers = option.style_dimension, option.mapping_layers
        self.noise_inputs, self.noise_layers = option.noise_inputs, networks.LAYERS - 1

    # ---- Parameters

    def generator_shapes(self):
        shapes, inputs = {}, self.latent
        if self.labels:
            shapes["G/embedding/kernel"] = [self.labels, self.embedding]
            inputs += self.embedding
        for layer in range(self.mapping_layers):
            shapes[f"G/mapping_{layer}/dense/kernel"] = [inputs if layer == 0 else self.style_size, self.style_size]
            shapes[f"G/mapping_{layer}/dense/bias"] = [self.style_size]
        shapes["G/constant"] = [*self.smallest, 16 * self.dimension]
        convolutions = self.with_upsampling(networks.Architecture.generator_shapes(self))
        for layer in range(networks.LAYERS):
            scope, name = self.up(layer), self.convolution_name(layer)
            kernel = convolutions[f"{name}/kernel"]
            inside = kernel[-1] if self.upsampling == "zeros" else kernel[-2]
            shapes[f"{scope}/style/kernel"], shapes[f"{scope}/style/bias"] = [self.style_size, inside], [inside]
            shapes[f"{name}/kernel"], shapes[f"{name}/bias"] = kernel, convolutions[f"{name}/bias"]
            if self.has_noise(layer):
                shapes[f"{scope}/noise/strength"] = [1]
            if self.smallest[0] * self.stride ** (layer + 1) == self.attention:
                shapes |= operations.attention_shapes("G/attention", shapes[f"{name}/bias"][0])
        return shapes

    def has_noise(self, layer):
        return self.noise_inputs and layer < self.noise_layers

    @property
    def positions(self):
        """The numbers of positions of the outputs of the layers that can have noise."""
        first = math.prod(self.smallest)
        return [first * self.stride ** (len(self.smallest) * (layer + 1)) for layer in range(self.noise_layers)]

    @property
    def gain(self):
        """The factor that approximately keeps the mean square through a demodulated convolution and LeakyReLU. In a
        transposed convolution, each output is a sum over one of the product of the strides of the kernel's positions."""
        return GAIN * math.sqrt(self.stride ** len(self.smallest) if self.upsampling == "zeros" else 1)

    def initial_values(self, name, shape, stream):
        if name == "G/constant":
            return stream.normals(math.prod(shape)).astype(numpy.float32).reshape(shape)
        values = super().initial_values(name, shape, stream)
        return values * numpy.float32(GAIN) if "/mapping_" in name else values

    # ---- Passes

    def generate(self, weights, z, second=None, crossovers=None, noise=None):
        """[batch, latent + labels] to [batch, 128, 128, 1] or [batch, 16384, 1].

        The layers from an example's crossover on have the style of its row of `second`. `noise` [batch, sum of
        `positions`] is that of all layers, one after the other.
        """
        self.style(weights, z, second, crossovers, noise)
        x = self.first_features(weights, z)
        for layer in range(networks.LAYERS - 1):
            x = self.next_features(weights, x, layer)
        layer = networks.LAYERS - 1
        x, _ = self.modulated(weights, x, layer)
        return torch.tanh(x + weights[f"{self.convolution_name(layer)}/bias"])

    def style(self, weights, z, second, crossovers, noise):
        """Keeps the styles and the noise of all layers."""
        self.styles = [self.map(weights, z)] * networks.LAYERS
        if second is not None:
            other = self.map(weights, second)
            self.styles = [
                torch.where(layer >= crossovers[:, None], other, style) for layer, style in enumerate(self.styles)]
        self.noises = noise.split(self.positions, dim=1) if self.noise_inputs else []

    def first_features(self, weights, z):
        return weights["G/constant"].expand(len(z), *weights["G/constant"].shape)

    def modulated(self, weights, x, layer):
        """The modulated convolution of a layer, without its bias, and the scales."""
        scope = self.up(layer)
        scales = 1 + self.styles[layer] @ weights[f"{scope}/style/kernel"] + weights[f"{scope}/style/bias"]
        return self.enlarge(weights, x * self.channels_last(scales), layer), scales

    def next_features(self, weights, x, layer):
        name = self.convolution_name(layer)
        x, scales = self.modulated(weights, x, layer)
        x = self.gain * self.channels_last(self.demodulation(weights[f"{name}/kernel"], scales)) * x
        if self.has_noise(layer):
            x = x + weights[f"{self.up(layer)}/noise/strength"] * self.noises[layer].reshape(*x.shape[:-1], 1)
        x = operations.ACTIVATIONS["leaky_relu"](x + weights[f"{name}/bias"])
        return self.attend(weights, x, "G/attention")

    def map(self, weights, z):
        """The style [batch, style] of a latent and the weights of labels behind it."""
        x = normalized(z[:, :self.latent])
        if self.labels:
            x = torch.cat([x, normalized(z[:, self.latent:] @ weights["G/embedding/kernel"])], dim=1)
        for layer in range(self.mapping_layers):
            name = f"G/mapping_{layer}/dense"
            x = operations.ACTIVATIONS["leaky_relu"](x @ weights[f"{name}/kernel"] + weights[f"{name}/bias"])
        return x

    def demodulation(self, kernel, scales):
        """[batch, out]: one over the norm of each output channel's kernel after its modulation with `scales`."""
        squares = kernel.flatten(0, -3).square().sum(dim=0)
        # Transposed kernels have the output's channels first.
        squares = squares.T if self.upsampling == "zeros" else squares
        return (scales.square() @ squares + EPSILON).rsqrt()

    def channels_last(self, values):
        """[batch, channels] to [batch, 1, channels] or [batch, 1, 1, channels]."""
        return values.reshape(len(values), *[1] * len(self.smallest), -1)


def normalized(x):
    """Each row divided by the root of its mean square."""
    return x * (x.square().mean(dim=1, keepdim=True) + EPSILON).rsqrt()
