"""The networks of training_options.py: with labels, with attention, with other upsampling and downsampling and other
kernels, and with batch normalization, conditional or not, and its moving statistics."""

import torch

import networks
import operations


class Architecture(networks.Architecture):
    """Dimension 1; with labels one more input of the generator and a critic's value for each of them; with attention
    after the layer with `attention` positions along time; with batch normalization the moving statistics that its
    passes keep. `kernel` is the size of all kernels, None for the published one. Conditional batch normalization of the
    generator has gains and offsets from a chunk of the latent and an embedding of the label with `embedding` elements:
    Brock et al., "Large Scale GAN Training for High Fidelity Natural Image Synthesis", ICLR 2019, section 3."""

    def __init__(self, model, option, labels):
        window = model.window if option.kernel is None else [option.kernel] * len(model.window)
        super().__init__(model.name, model.smallest, window, model.stride, model.operation, dimension=1)
        self.labels, self.normalized, self.attention = labels, option.normalized, option.attention
        self.upsampling, self.downsampling = option.upsampling, option.downsampling
        self.embedding, self.projection = option.embedding, option.projection
        # The latent has a chunk for each of the normalized layers; the dense layer takes the rest.
        self.chunk = self.latent // (networks.LAYERS + 1)
        self.first = self.latent - networks.LAYERS * self.chunk
        self.style_inputs = []
        self.unnormalized = self.up(networks.LAYERS - 1)
        self.moving, self.keeps_moving = {}, True

    def generator_shapes(self):
        shapes = self.with_upsampling(super().generator_shapes())
        if self.embedding is None:
            shapes["G/z_project/dense/kernel"][0] += self.labels
        else:
            shapes["G/z_project/dense/kernel"][0] = self.first
            if self.labels:
                shapes = {"G/embedding/kernel": [self.labels, self.embedding]} | shapes
        shapes = self.with_attention(shapes, "G", lambda layer: self.smallest[0] * self.stride ** (layer + 1))
        return self.with_normalization(shapes, but=self.unnormalized)

    def critic_shapes(self):
        shapes = super().critic_shapes()
        if self.labels and self.projection == "separate":
            shapes["D/embedding/kernel"] = [shapes["D/output/dense/kernel"][0], self.labels]
        elif self.labels:
            shapes["D/output/dense/kernel"][1] = shapes["D/output/dense/bias"][0] = self.labels
        shapes = self.with_attention(
            shapes, "D", lambda layer: self.smallest[0] * self.stride ** (networks.LAYERS - 1 - layer))
        return self.with_normalization(shapes, but=(self.down(0), "D/output"))

    def with_upsampling(self, shapes):
        """Convolutions after a resize in place of transposed ones, whose kernels have the output's channels first."""
        if self.upsampling == "zeros":
            return shapes
        return {name.replace("conv2d_transpose", self.operation):
                [*self.window, shape[-1], shape[-2]] if "upconv" in name and len(shape) > 1 else shape
                for name, shape in shapes.items()}

    def convolution_name(self, layer):
        name = super().convolution_name(layer)
        return name if self.upsampling == "zeros" else name.replace("conv2d_transpose", self.operation)

    def enlarge(self, weights, x, layer):
        if self.upsampling == "zeros":
            return super().enlarge(weights, x, layer)
        x = operations.resized(x, self.stride, self.upsampling)
        return operations.convolution(x, weights[f"{self.convolution_name(layer)}/kernel"], 1)

    def filtered(self, x):
        return operations.low_pass(x, self.stride) if self.downsampling == "low-pass" else x

    def with_attention(self, shapes, network, size):
        """Adds attention's parameters after the bias of its layer; `size` returns a layer's positions along time."""
        result = {}
        for name, shape in shapes.items():
            result[name] = shape
            layer = name.split("/")[1].rpartition("conv_")[2]
            if name.endswith("bias") and layer.isdigit() and size(int(layer)) == self.attention:
                result |= operations.attention_shapes(f"{network}/attention", shape[0])
        return result

    def attend(self, weights, x, scope):
        if x.shape[1] != self.attention:
            return x
        names = operations.attention_shapes(scope, x.shape[-1])
        return operations.attention(x, *[weights[name] for name in names])

    def with_normalization(self, shapes, but):
        """Gains and offsets behind each bias, one for each channel, or the kernels that give them."""
        is_conditional = self.embedding is not None and "G/z_project/dense/kernel" in shapes
        if not self.normalized and not is_conditional:
            return shapes
        result = {}
        for name, shape in shapes.items():
            result[name] = shape
            if name.endswith("bias") and not name.startswith(but):
                channels = 16 * self.dimension if "z_project" in name else shape[0]
                scope = "/".join(name.split("/")[:2]) + "/batch_normalization"
                if is_conditional:
                    inputs = self.chunk + (self.embedding if self.labels else 0)
                    result |= {f"{scope}/{part}/kernel": [inputs, channels] for part in ("gain", "bias")}
                else:
                    result |= {f"{scope}/gamma": [channels], f"{scope}/beta": [channels]}
        return result

    def begin(self, weights, z):
        if self.embedding is None:
            return z
        latents, hot = z[:, :self.latent], z[:, self.latent:]
        embedded = hot @ weights["G/embedding/kernel"] if self.labels else hot
        self.style_inputs = [
            torch.cat([chunk, embedded], dim=1) for chunk in latents[:, self.first:].split(self.chunk, dim=1)]
        return latents[:, :self.first]

    def evaluate(self, weights, flat):
        values = super().evaluate(weights, flat)
        if self.labels and self.projection == "separate":
            values = values[:, None] + flat @ weights["D/embedding/kernel"]
        return values

    def normalize(self, weights, x, name):
        """By the batch's own mean and variance; tf.layers estimates the moving ones of pictures without bias."""
        is_conditional = self.embedding is not None and name.startswith("G/")
        if not self.normalized and not is_conditional:
            return x
        scope, axes = f"{name}/batch_normalization", tuple(range(x.ndim - 1))
        mean, variance = x.mean(axes), x.var(axes, unbiased=False)
        if self.keeps_moving:
            kept = [mean, x.var(axes, unbiased=self.operation == "conv2d")]
            for kind, start, value in zip(["mean", "variance"], [0, 1], kept):
                key = f"{scope}/moving_{kind}"
                before = self.moving.get(key, torch.full_like(value, start))
                self.moving[key] = (0.99 * before + 0.01 * value).detach()
        if is_conditional:
            inputs = self.style_inputs[0 if "z_project" in name else 1 + int(name[-1])]
            shape = [len(x), *[1] * (x.ndim - 2), -1]
            gain, bias = ((inputs @ weights[f"{scope}/{part}/kernel"]).reshape(shape) for part in ("gain", "bias"))
            return (1 + gain) * (x - mean) / (variance + 1e-3).sqrt() + bias
        return weights[f"{scope}/gamma"] * (x - mean) / (variance + 1e-3).sqrt() + weights[f"{scope}/beta"]

    def values(self, weights, x, shifts, labels):
        """[batch] of the critic, each example's for its own label; `shifts` [layers] or [batch, layers]."""
        values = self.criticize(weights, x, shifts)
        return values if not self.labels else values[torch.arange(len(x)), labels]
