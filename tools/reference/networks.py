"""SpecGAN and WaveGAN in PyTorch, with their checkpoints' names and layouts, and their losses.

Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, tables 2 to 5; Gulrajani et
al., "Improved Training of Wasserstein GANs", 2017, equation 3.
"""

import dataclasses

import numpy
import torch

import operations

LAYERS = 5
PENALTY_WEIGHT = 10


@dataclasses.dataclass
class Architecture:
    """One of the two models; `smallest` is where there are 16 times `dimension` channels."""

    name: str
    smallest: list
    window: list
    stride: int
    operation: str
    dimension: int = 2
    latent: int = 7

    def generator_shapes(self):
        """Names and shapes in order of the data's flow."""
        d, lead = self.dimension, [1] if self.operation == "conv1d" else []
        shapes = {"G/z_project/dense/kernel": [self.latent, 256 * d],
                  "G/z_project/dense/bias": [256 * d]}
        channels = [16 * d, 8 * d, 4 * d, 2 * d, d, 1]
        for layer, (inside, outside) in enumerate(zip(channels, channels[1:])):
            name = f"{self.up(layer)}/conv2d_transpose"
            shapes[f"{name}/kernel"] = [*lead, *self.window, outside, inside]
            shapes[f"{name}/bias"] = [outside]
        return shapes

    def critic_shapes(self):
        """Names and shapes in order of the data's flow."""
        d, shapes = self.dimension, {}
        channels = [1, d, 2 * d, 4 * d, 8 * d, 16 * d]
        for layer, (inside, outside) in enumerate(zip(channels, channels[1:])):
            name = f"{self.down(layer)}/{self.operation}"
            shapes[f"{name}/kernel"] = [*self.window, inside, outside]
            shapes[f"{name}/bias"] = [outside]
        return shapes | {"D/output/dense/kernel": [256 * d, 1], "D/output/dense/bias": [1]}

    def up(self, layer):
        """The scope of a layer of the generator."""
        return f"G/upconv_{layer}"

    def down(self, layer):
        """The scope of a layer of the critic."""
        return f"D/downconv_{layer}"

    def initial_values(self, name, shape, stream):
        """Glorot's uniform kernels from the numbers of `stream`, and zeros of everything else, in float32."""
        values = numpy.zeros(shape, dtype=numpy.float32)
        if name.endswith("kernel"):
            limit = numpy.float32(glorot_limit(shape))
            uniforms = stream.uniforms(values.size).astype(numpy.float32)
            values += (2 * limit * uniforms - limit).reshape(shape)
        return values

    def normalize(self, weights, x, name):
        """What stands between a layer's bias and its activation; nothing here."""
        return x

    def attend(self, weights, x, scope):
        """Applies the operation after a layer's activation; the identity here."""
        return x

    def evaluate(self, weights, flat):
        """The critic's last layer: [batch, features] to [batch] or [batch, labels]."""
        return (flat @ weights["D/output/dense/kernel"] + weights["D/output/dense/bias"]).squeeze(1)

    def begin(self, weights, z):
        """The part of the generator's input that its dense layer reads; all of it here."""
        return z

    def convolution_name(self, layer):
        """The name of the convolution of a layer of the generator."""
        return f"{self.up(layer)}/conv2d_transpose"

    def enlarge(self, weights, x, layer):
        """The convolution of a layer of the generator, without its bias."""
        kernel = weights[f"{self.convolution_name(layer)}/kernel"]
        kernel = kernel.reshape(*self.window, *kernel.shape[-2:])
        return operations.transposed_convolution(x, kernel, self.stride)

    def filtered(self, x):
        """Applies the operation between two layers of the critic, before phase shuffle; the identity here."""
        return x

    def generate(self, weights, z):
        """[batch, latent] to [batch, 128, 128, 1] or [batch, 16384, 1]."""
        x = self.first_features(weights, z)
        for layer in range(LAYERS - 1):
            x = self.next_features(weights, x, layer)
        layer = LAYERS - 1
        return torch.tanh(self.enlarge(weights, x, layer) + weights[f"{self.convolution_name(layer)}/bias"])

    def first_features(self, weights, z):
        """[batch, latent] to the output of the generator's dense layer."""
        x = self.begin(weights, z) @ weights["G/z_project/dense/kernel"] + weights["G/z_project/dense/bias"]
        return torch.relu(self.normalize(weights, x.reshape(len(z), *self.smallest, -1), "G/z_project"))

    def next_features(self, weights, x, layer):
        """The output of a layer of the generator that is not the last."""
        x = self.enlarge(weights, x, layer) + weights[f"{self.convolution_name(layer)}/bias"]
        return self.attend(weights, torch.relu(self.normalize(weights, x, self.up(layer))), "G/attention")

    def criticize(self, weights, x, shifts):
        """[batch, ..., 1] to [batch]; `shifts` are those after layers 0 to 3, for all or [batch, 4], or None."""
        for layer in range(LAYERS):
            x = self.attend(weights, self.reduce(weights, x, layer, shifts), "D/attention")
        return self.evaluate(weights, x.reshape(len(x), -1))


    def reduce(self, weights, x, layer, shifts):
        """A layer of the critic, with the filter and phase shuffle before it."""
        if layer > 0:
            x = self.filtered(x)
        if layer > 0 and shifts is not None:
            own = numpy.broadcast_to(numpy.asarray(shifts)[..., layer - 1], [len(x)])
            x = torch.cat([operations.phase_shuffle(row[None], int(k)) for row, k in zip(x, own)])
        name = f"{self.down(layer)}/{self.operation}"
        x = operations.convolution(x, weights[f"{name}/kernel"], self.stride) + weights[f"{name}/bias"]
        if layer > 0:
            x = self.normalize(weights, x, self.down(layer))
        return operations.ACTIVATIONS["leaky_relu"](x)


SPECGAN = Architecture("specgan", [4, 4], [5, 5], 2, "conv2d")
WAVEGAN = Architecture("wavegan", [16], [25], 4, "conv1d")


def glorot_limit(shape):
    """Half the width of Glorot's uniform distribution; the last two axes are the channels."""
    return numpy.sqrt(6 / (numpy.prod(shape[:-2]) * (shape[-2] + shape[-1])))


def critic_loss(architecture, weights, real, fake, alpha, shifts):
    """The critic's loss with the gradient penalty, and what it is made of.

    `shifts` are those of the real, the generated and the interpolated examples.
    """
    on_real = architecture.criticize(weights, real, shifts[0])
    on_fake = architecture.criticize(weights, fake, shifts[1])
    between = real + alpha.reshape(-1, *[1] * (real.ndim - 1)) * (fake - real)
    between = between.detach().requires_grad_()
    total = architecture.criticize(weights, between, shifts[2]).sum()
    slope, = torch.autograd.grad(total, between, create_graph=True)
    penalty = ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()
    wasserstein = on_real.mean() - on_fake.mean()
    return {
        "critic_loss": PENALTY_WEIGHT * penalty - wasserstein, "wasserstein": wasserstein,
        "gradient_penalty": penalty, "critic_real": on_real, "critic_fake": on_fake}


def generator_loss(architecture, weights, z, shifts):
    """The generator's loss: minus the critic's mean score."""
    return -architecture.criticize(weights, architecture.generate(weights, z), shifts).mean()


def gradients(loss, weights, prefix):
    """The gradients of a loss for the parameters whose names begin so, by name; None of those without an effect."""
    names = [name for name in weights if name.startswith(prefix)]
    return dict(zip(names, torch.autograd.grad(loss, [weights[name] for name in names], allow_unused=True)))
