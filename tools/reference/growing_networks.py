"""The growing networks of training_options.py: coarse samples first, then finer ones, level by level.

Karras, Aila, Laine and Lehtinen, "Progressive Growing of GANs for Improved Quality, Stability, and Variation", ICLR
2018, figure 2.

Resolution `k` is that after `k` layers of the critic. Level 0 has the coarsest resolution with at least 256 positions.
"""

import math

import torch

import networks
import operations
import option_networks
import style_networks


class Growing:
    """The differences from a network that does not grow. `stage` is the level and the weight of its new layers while
    it is blended with the level before it, None otherwise."""

    def __init__(self, model, option, labels):
        super().__init__(model, option, labels)
        self.unnormalized, self.noise_layers = "none", networks.LAYERS
        self.coarsest = max(k for k in range(1, networks.LAYERS) if math.prod(self.positions_at(k)) >= 256)
        self.levels, self.stage = self.coarsest + 1, (0, None)

    def positions_at(self, k):
        return [size * self.stride ** (networks.LAYERS - k) for size in self.smallest]

    def up(self, layer):
        return f"G/grown_upconv_{layer}"

    def down(self, layer):
        return f"D/grown_downconv_{layer}"

    def level(self, k):
        """The level that first uses resolution `k`."""
        return max(0, self.coarsest - k)

    # ---- Parameters

    def pointwise(self, scope, inside, outside):
        name = f"{scope}/{self.operation}"
        return {f"{name}/kernel": [*[1] * len(self.smallest), inside, outside], f"{name}/bias": [outside]}

    def features(self, k):
        return max(1, 2 ** (k - 1) * self.dimension) if k else max(1, self.dimension // 2)

    def generator_shapes(self):
        result, current = {}, None

        def finish():
            """Adds the convolution to samples after the last parameter of a layer."""
            if current is not None and (k := networks.LAYERS - 1 - current) <= self.coarsest:
                result.update(self.pointwise(f"G/to_samples_{self.level(k)}", self.features(k), 1))

        for name, shape in super().generator_shapes().items():
            layer = name.split("/")[1].rpartition("upconv_")[2]
            if layer.isdigit() and int(layer) != current:
                finish()
                current = int(layer)
            result[name] = shape
        finish()
        return result

    def critic_shapes(self):
        result, k, entered = {}, 0, set()
        for name, shape in super().critic_shapes().items():
            layer = name.split("/")[1].rpartition("downconv_")[2]
            if layer.isdigit():
                k = int(layer)
            elif name.startswith("D/attention"):
                layer = str(k + 1)  # It precedes the next layer.
            if layer.isdigit() and int(layer) <= self.coarsest and int(layer) not in entered:
                entered.add(int(layer))
                result |= self.pointwise(f"D/from_samples_{self.level(int(layer))}", 1, self.features(int(layer)))
            result[name] = shape
        return result

    def first_level(self, name):
        """The level that first uses a parameter."""
        scope = name.split("/")[1]
        if "samples_" in scope:
            return int(scope[-1])
        if scope.startswith("grown_upconv_"):
            return self.level(networks.LAYERS - 1 - int(scope[-1]))
        return self.level(int(scope[-1])) if scope.startswith("grown_downconv_") else 0

    def is_used(self, name):
        level, weight = self.stage
        first = self.first_level(name)
        if "samples_" in name:
            return first == level or (weight is not None and first == level - 1)
        return first <= level

    # ---- Passes

    def averaged(self, x, factor):
        """The means of blocks."""
        for axis in range(1, x.ndim - 1):
            x = x.unflatten(axis, (-1, factor)).mean(axis + 1)
        return x

    def repeated(self, x, factor):
        for axis in range(1, x.ndim - 1):
            x = x.repeat_interleave(factor, axis)
        return x

    def blended(self, real):
        """Real examples while two levels are blended."""
        level, weight = self.stage
        if weight is None:
            return real
        factor = self.stride ** (self.coarsest - level + 1)
        return weight * real + (1 - weight) * self.repeated(self.averaged(real, factor), factor)

    def through(self, weights, x, scope):
        """A convolution of 1 x 1."""
        kernel = weights[f"{scope}/{self.operation}/kernel"]
        return x @ kernel.reshape(kernel.shape[-2:]) + weights[f"{scope}/{self.operation}/bias"]

    def generate(self, weights, z, second=None, crossovers=None, noise=None):
        if hasattr(self, "style_size"):
            self.style(weights, z, second, crossovers, noise)
        level, weight = self.stage
        k = self.coarsest - level
        x = self.first_features(weights, z)
        for layer in range(networks.LAYERS - k - 1):
            x = self.next_features(weights, x, layer)
        new = self.next_features(weights, x, networks.LAYERS - k - 1)
        samples = self.through(weights, new, f"G/to_samples_{level}")
        if weight is not None:
            older = self.repeated(self.through(weights, x, f"G/to_samples_{level - 1}"), self.stride)
            samples = (1 - weight) * older + weight * samples
        return self.repeated(torch.tanh(samples), self.stride ** k)

    def criticize(self, weights, x, shifts):
        level, weight = self.stage
        first = self.coarsest - level
        activation = operations.ACTIVATIONS["leaky_relu"]
        samples = self.averaged(x, self.stride ** first)
        x = activation(self.through(weights, samples, f"D/from_samples_{level}"))
        for k in range(first, networks.LAYERS):
            if k >= self.coarsest:
                x = self.attend(weights, x, "D/attention")
            x = self.reduce(weights, x, k, shifts)
            if k == first and weight is not None:
                older = self.averaged(samples, self.stride)
                older = activation(self.through(weights, older, f"D/from_samples_{level - 1}"))
                x = (1 - weight) * older + weight * x
        return self.evaluate(weights, x.reshape(len(x), -1))


class Architecture(Growing, option_networks.Architecture):
    """Growing networks without styles."""


class StyleBased(Growing, style_networks.Architecture):
    """Growing networks with a style-based generator."""
