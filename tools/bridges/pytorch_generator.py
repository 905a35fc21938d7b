"""The generator of a specgan checkpoint as a PyTorch module. This file needs only PyTorch.

    from safetensors import safe_open
    from safetensors.torch import load_file

    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    generator = Generator(load_file(path), metadata["configuration"], int(metadata["step"])).eval()
"""
import math
import re

import torch
from torch import nn
from torch.nn import functional


class Generator(nn.Module):
    """[batch, latent] to [batch, frames, bins, channels] or [batch, samples, channels], in (-1, 1) before any filter.

    A latent has a one in the place of its label behind it, and zeros in those of the others, where there are labels.
    `noise`, [batch, noise_positions], is for style-based generators with noise inputs: standard normal numbers for all
    layers, one after the other; None for none. `noise_of` returns that of specgan's clips.
    """

    def __init__(self, tensors, configuration, step=0):
        """The weights of `tensors`; `configuration` and `step` are the metadata entries with these names.
        Only networks that grow need the step."""
        super().__init__()
        tensors = tensors | {name.removesuffix("/ExponentialMovingAverage"): tensor
                             for name, tensor in tensors.items() if name.endswith("/ExponentialMovingAverage")}
        tensors = tensors | {name.removesuffix("/u"): spectrally_normalized(tensors[name.removesuffix("/u")], tensor)
                             for name, tensor in tensors.items() if name.startswith("G/") and name.endswith("/u")}
        is_growing = setting(configuration, "growing", "false") == "true"
        scope = "G/grown_upconv" if is_growing else "G/upconv"
        self.is_wave = setting(configuration, "model", "specgan") == "wavegan"
        upsampling = setting(configuration, "upsampling", "zeros")
        latent = int(setting(configuration, "latent", 100))
        is_style_based = "G/constant" in tensors
        levels = 0
        while any(name.startswith(f"{scope}_{levels}/") for name in tensors):
            levels += 1
        # The size before the first level: a picture's follows from its size, which each level doubles; a sound's is
        # always 16.
        self.narrow = (1, 16) if self.is_wave else tuple(
            int(setting(configuration, size, 128)) >> levels for size in ("frames", "bins"))
        if is_style_based:
            self.styles = Mapping(tensors, latent)
            self.first = Constant(tensors["G/constant"])
            self.labels = len(self.styles.embedding)
        else:
            self.styles = Styles(tensors, setting(configuration, "generator_normalization", "none") == "conditional")
            self.first = Projection(tensors, self.narrow, self.styles)
            self.labels = (
                len(self.styles.embedding) if self.styles.is_used else self.first.project.in_features - latent)
        layers, strides, self.noise_positions = [], [], 0
        positions = self.narrow[0] * self.narrow[1]
        # The layer of a stride of 2 is the last one, or the first one of networks that grow.
        short = 0 if is_growing else 5
        for level in range(levels):
            is_last = level == levels - 1 and not is_growing
            stride = (2, 2) if not self.is_wave else (1, 4)
            if level == short and self.is_wave and setting(configuration, "slice_length", 16384) == "32768":
                stride = (1, 2)
            strides.append(stride)
            name, layer = f"{scope}_{level}", nn.Sequential()
            layers.append(layer)
            positions *= stride[0] * stride[1]
            if is_style_based:
                layer.append(StyledLayer(tensors, name, stride, upsampling, self.styles, is_last))
                self.noise_positions += positions if layer[-1].strength is not None else 0
            else:
                bias = tensors[f"{convolution_name(tensors, name)}/bias"]
                layer.append(nn.Sequential(
                    upsampled(tensors, name, stride, upsampling, bias),
                    normalization(tensors, name, self.styles), nn.Tanh() if is_last else nn.ReLU()))
            # The layer before attention is the one with as many channels.
            attention = tensors.get("G/attention/query/kernel")
            channels = len(tensors[f"{convolution_name(tensors, name)}/bias"])
            if attention is not None and level < levels - 1 and len(attention) == channels:
                layer.append(Attention(tensors, "G/attention", window=(1, 4) if self.is_wave else (2, 2)))
        if is_growing:
            layers = grown(tensors, layers, strides, configuration, step)
        self.levels = nn.ModuleList(layers)
        if "G/pp_filt/conv1d/kernel" in tensors:
            self.levels.append(Convolution(tensors["G/pp_filt/conv1d/kernel"][None]))

    def forward(self, latents, noise=None):
        self.styles.read(latents, noise)
        x = self.first(latents)
        for level in self.levels:
            x = level(x)
        # TensorFlow's channels are last, PyTorch's come first.
        x = x.permute(0, 2, 3, 1)
        return x[:, 0] if self.is_wave else x


def grown(tensors, layers, strides, configuration, step):
    """The layers of a generator that grows, as they were in its last step: Karras et al., "Progressive Growing of GANs
    for Improved Quality, Stability, and Variation", 2018."""
    count = sum(re.fullmatch(r"G/to_samples_\d+/\w+/kernel", name) is not None for name in tensors)
    level, weight = growth_stage(max(step - 1, 0), count, configuration)
    # The number of layers before the samples of the level.
    used = len(layers) - (count - 1 - level)

    def samples(level):
        name = next(name for name in tensors if re.fullmatch(rf"G/to_samples_{level}/\w+/kernel", name))
        kernel = tensors[name]
        return Convolution(kernel if kernel.ndim == 4 else kernel[None], tensors[name.replace("kernel", "bias")])

    result = [*layers[:used], samples(level)]
    if weight is not None:
        older = nn.Sequential(samples(level - 1), Resize(strides[used - 1], "nearest"))
        result = [*layers[:used - 1], Blend(older, nn.Sequential(layers[used - 1], samples(level)), weight)]
    factors = [math.prod(stride[axis] for stride in strides[used:]) for axis in (0, 1)]
    return [*result, nn.Tanh(), Resize(factors, "nearest")]


def growth_stage(step, levels, configuration):
    """The level in a step, from 0, and the weight of its new layers while it is blended with the one before."""
    share = torch.tensor(float(setting(configuration, "growing_share", 0.5))).item()
    planned = setting(configuration, "planned_steps", "auto")
    parts, steps = 2 * (levels - 1), int(share * int(planned)) if planned != "auto" else 0
    if steps < parts or step >= steps:
        return levels - 1, None
    starts = [-(-part * steps // parts) for part in range(parts + 1)]
    part = max(part for part in range(parts) if starts[part] <= step)
    if part % 2 == 0:
        return part // 2, None
    return (part + 1) // 2, (step - starts[part] + 1) / (starts[part + 1] - starts[part] + 1)


class Blend(nn.Module):
    """The weighted sum of the samples of two levels."""

    def __init__(self, older, newer, weight):
        super().__init__()
        self.older, self.newer, self.weight = older, newer, weight

    def forward(self, x):
        return (1 - self.weight) * self.older(x) + self.weight * self.newer(x)


def spectrally_normalized(kernel, vector):
    """A kernel divided by the estimate of its largest singular value."""
    return kernel / (kernel.flatten(0, -2) @ vector).norm()


def upsampled(tensors, name, stride, upsampling, bias):
    """A transposed convolution, or a resize and a convolution."""
    kernel = tensors[f"{convolution_name(tensors, name)}/kernel"]
    if upsampling == "zeros":
        return TransposedConvolution(kernel, bias, stride)
    # The kernel of a signal has one axis less.
    return nn.Sequential(Resize(stride, upsampling), Convolution(kernel if kernel.ndim == 4 else kernel[None], bias))


def convolution_name(tensors, name):
    """The name of the convolution of a level."""
    return next(f"{name}/{kind}" for kind in ("conv2d_transpose", "conv2d", "conv1d")
                if f"{name}/{kind}/kernel" in tensors)


class Projection(nn.Module):
    """The first layer: the latent, or the part of it that is no style, to the narrow end."""

    def __init__(self, tensors, narrow, styles):
        super().__init__()
        kernel = tensors["G/z_project/dense/kernel"]
        self.project, self.narrow = nn.Linear(*kernel.shape), narrow
        self.project.weight = nn.Parameter(kernel.T.contiguous())
        self.project.bias = nn.Parameter(tensors["G/z_project/dense/bias"])
        self.normalize = normalization(tensors, "G/z_project", styles)

    def forward(self, latents):
        x = self.project(latents[:, :self.project.in_features]).unflatten(1, (*self.narrow, -1)).permute(0, 3, 1, 2)
        return functional.relu(self.normalize(x))


class Styles(nn.Module):
    """The inputs of conditional batch normalization: the chunks of the latent, and the embedding of the label."""

    def __init__(self, tensors, is_used):
        super().__init__()
        self.is_used, self.first = is_used, len(tensors["G/z_project/dense/kernel"])
        self.embedding = nn.Parameter(tensors.get("G/embedding/kernel", torch.zeros(0, 0)))
        self.inputs, self.count = [], 0

    def read(self, latents, noise):
        if not self.is_used:
            return
        end = latents.shape[1] - len(self.embedding)
        embedded = latents[:, end:] @ self.embedding if len(self.embedding) else latents[:, end:]
        # The chunks have equal lengths and follow the part of the dense layer.
        chunks = latents[:, self.first:end].chunk(self.count, dim=1)
        self.inputs = [torch.cat([chunk, embedded], 1) for chunk in chunks]


class ConditionalNormalization(nn.Module):
    """Batch normalization by the moving means and variances, with gains and offsets from the styles."""

    def __init__(self, tensors, name, styles):
        super().__init__()
        gain = tensors[f"{name}/gain/kernel"]
        self.normalize = nn.BatchNorm2d(gain.shape[1], eps=1e-3, affine=False)
        self.normalize.running_mean, self.normalize.running_var = (
            tensors[f"{name}/moving_{part}"] for part in ("mean", "variance"))
        self.gain, self.bias = nn.Parameter(gain), nn.Parameter(tensors[f"{name}/bias/kernel"])
        # In a list, so that its parameters are not registered a second time.
        self.styles, self.index = [styles], styles.count
        styles.count += 1

    def forward(self, x):
        inputs = self.styles[0].inputs[self.index]
        gain, bias = ((inputs @ kernel)[:, :, None, None] for kernel in (self.gain, self.bias))
        return self.normalize(x) * (1 + gain) + bias


def normalization(tensors, name, styles):
    """Batch normalization by the moving means and variances, if the network has it."""
    name += "/batch_normalization"
    if f"{name}/gain/kernel" in tensors:
        return ConditionalNormalization(tensors, name, styles)
    if f"{name}/gamma" not in tensors:
        return nn.Identity()
    layer = nn.BatchNorm2d(tensors[f"{name}/gamma"].numel(), eps=1e-3, momentum=0.01)
    layer.weight, layer.bias = (nn.Parameter(tensors[f"{name}/{part}"]) for part in ("gamma", "beta"))
    layer.running_mean, layer.running_var = (tensors[f"{name}/moving_{part}"] for part in ("mean", "variance"))
    return layer


class Mapping(nn.Module):
    """The mapping of a style-based generator from latents to styles. It also keeps the noise inputs of a pass."""

    def __init__(self, tensors, latent):
        super().__init__()
        self.latent, self.embedding = latent, nn.Parameter(tensors.get("G/embedding/kernel", torch.zeros(0, 0)))
        self.layers = nn.ModuleList()
        while (kernel := tensors.get(f"G/mapping_{len(self.layers)}/dense/kernel")) is not None:
            layer = nn.Linear(*kernel.shape)
            layer.weight = nn.Parameter(kernel.T.contiguous())
            layer.bias = nn.Parameter(tensors[f"G/mapping_{len(self.layers)}/dense/bias"])
            self.layers.append(layer)
        self.styles, self.noise = None, None

    def read(self, latents, noise):
        x = normalized(latents[:, :self.latent])
        if len(self.embedding):
            x = torch.cat([x, normalized(latents[:, self.latent:] @ self.embedding)], 1)
        for layer in self.layers:
            x = functional.leaky_relu(layer(x), 0.2)
        self.styles, self.noise = x, noise

    def take_noise(self, shape):
        """Returns the noise of the next layer, [batch, 1, height, width]; 0 without noise."""
        if self.noise is None:
            return 0
        count = shape.numel()
        part, self.noise = self.noise[:, :count], self.noise[:, count:]
        return part.unflatten(1, (1, *shape))


def normalized(x):
    """Each row divided by the root of its mean square."""
    return x * (x.square().mean(1, keepdim=True) + 1e-8).rsqrt()


class Constant(nn.Module):
    """The first layer of a style-based generator: [height, width, channels] or [length, channels], for every latent."""

    def __init__(self, values):
        super().__init__()
        values = values if values.ndim == 3 else values[None]
        self.values = nn.Parameter(values.permute(2, 0, 1).contiguous())

    def forward(self, latents):
        return self.values.expand(len(latents), -1, -1, -1)


class StyledLayer(nn.Module):
    """A modulated convolution. All but the last are also demodulated, and may have noise inputs.

    Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", 2020, equations 1 and 3.
    """

    def __init__(self, tensors, name, stride, upsampling, mapping, is_last):
        super().__init__()
        self.style = nn.Linear(*tensors[f"{name}/style/kernel"].shape)
        self.style.weight = nn.Parameter(tensors[f"{name}/style/kernel"].T.contiguous())
        self.style.bias = nn.Parameter(tensors[f"{name}/style/bias"])
        self.convolve = upsampled(tensors, name, stride, upsampling, None)
        self.bias = nn.Parameter(tensors[f"{convolution_name(tensors, name)}/bias"])
        strength = tensors.get(f"{name}/noise/strength")
        self.strength = None if strength is None else nn.Parameter(strength)
        # In a list, so that its parameters are not registered a second time.
        self.mapping, self.is_last = [mapping], is_last
        # Twice for LeakyReLU. In a transposed convolution, each output is a sum over one of the product of the
        # strides of the kernel's positions.
        is_transposed = isinstance(self.convolve, TransposedConvolution)
        self.gain = (2 * (math.prod(self.convolve.stride) if is_transposed else 1)) ** 0.5

    def forward(self, x):
        scales = 1 + self.style(self.mapping[0].styles)
        x = self.convolve(x * scales[:, :, None, None])
        bias = self.bias[:, None, None]
        if self.is_last:
            return torch.tanh(x + bias)
        x = self.gain * self.demodulation(scales)[:, :, None, None] * x
        if self.strength is not None:
            x = x + self.strength * self.mapping[0].take_noise(x.shape[2:])
        return functional.leaky_relu(x + bias, 0.2)

    def demodulation(self, scales):
        """[batch, out]: one over the norm of each output channel's kernel after its modulation."""
        if isinstance(self.convolve, TransposedConvolution):
            squares = self.convolve.weight.square().sum((2, 3))
        else:
            squares = self.convolve[1].weight.square().sum((2, 3)).T
        return (scales.square() @ squares + 1e-8).rsqrt()


class TransposedConvolution(nn.Module):
    """TensorFlow's, with the padding SAME, of a kernel [height, width, out, in]."""

    def __init__(self, kernel, bias, stride):
        super().__init__()
        self.weight = nn.Parameter(kernel.permute(3, 2, 0, 1).contiguous())
        self.bias = None if bias is None else nn.Parameter(bias)
        self.stride = stride

    def forward(self, x):
        lengths = [length * stride for length, stride in zip(x.shape[2:], self.stride)]
        surplus = [kernel - stride for kernel, stride in zip(self.weight.shape[2:], self.stride)]
        # A kernel shorter than the stride leaves zeros behind its last place, where only the bias is.
        missing = [max(-length, 0) for length in surplus]
        x = functional.conv_transpose2d(x, self.weight, None, self.stride, output_padding=missing)
        # What is too long is cut off, the smaller half of it at the start.
        for axis, length in enumerate(lengths):
            x = x.narrow(axis + 2, max(surplus[axis], 0) // 2, length)
        return x if self.bias is None else x + self.bias[:, None, None]


class Convolution(nn.Module):
    """At a stride of 1 and TensorFlow's padding SAME, of a kernel [height, width, in, out]."""

    def __init__(self, kernel, bias=None):
        super().__init__()
        self.weight = nn.Parameter(kernel.permute(3, 2, 0, 1).contiguous())
        self.bias = None if bias is None else nn.Parameter(bias)

    def forward(self, x):
        height, width = self.weight.shape[2:]
        x = functional.pad(x, ((width - 1) // 2, width // 2, (height - 1) // 2, height // 2))
        return functional.conv2d(x, self.weight, self.bias)


class Attention(nn.Module):
    """Self-attention with max-pooled keys and values, added to its input."""

    def __init__(self, tensors, scope, window):
        super().__init__()
        for name in ("query", "key", "value", "output"):
            setattr(self, name, nn.Parameter(tensors[f"{scope}/{name}/kernel"]))
        self.gamma, self.window = nn.Parameter(tensors[f"{scope}/gamma"]), window

    def forward(self, x):
        def project(kernel):
            return torch.einsum("nchw,cd->ndhw", x, kernel)

        keys, values = (functional.max_pool2d(project(kernel), self.window).flatten(2)
                        for kernel in (self.key, self.value))
        weights = torch.softmax(project(self.query).flatten(2).transpose(1, 2) @ keys, dim=-1)
        result = (values @ weights.transpose(1, 2)).unflatten(2, x.shape[2:])
        return x + self.gamma * torch.einsum("ndhw,dc->nchw", result, self.output)


class Resize(nn.Module):
    """Position p of the output is at p / stride of the input, as in TensorFlow 1, which PyTorch's interpolate does not
    support; with low-pass it is at (p + 1/2) / stride - 1/2. Values beyond an end are those of the end."""

    def __init__(self, strides, kind):
        super().__init__()
        self.strides, self.kind = strides, kind

    def forward(self, x):
        for axis, stride in enumerate(self.strides, start=2):
            if stride > 1:
                matrix = resampling(x.shape[axis], stride, self.kind)
                x = (x.transpose(axis, -1) @ matrix.T.to(x)).transpose(axis, -1)
        return x


def resampling(length, stride, kind):
    """The matrix [length * stride, length] of a resize."""
    matrix = torch.zeros(length * stride, length)
    for position in range(length * stride):
        place, part = divmod((position + 0.5) / stride - 0.5 if kind == "low-pass" else position / stride, 1)
        weights = {"nearest": [0, 1, 0, 0], "linear": [0, 1 - part, part, 0],
                   "low-pass": [0, 1 - part, part, 0],
                   "cubic": [cubic(1 + part), cubic(part), cubic(1 - part), cubic(2 - part)]}[kind]
        for neighbour, weight in enumerate(weights, start=int(place) - 1):
            matrix[position, min(max(neighbour, 0), length - 1)] += weight
    return matrix


def cubic(distance, a=-0.75):
    """The weight of a neighbour. Keys, "Cubic convolution interpolation", 1981, eq. 4, with TensorFlow's a."""
    if distance <= 1:
        return (a + 2) * distance ** 3 - (a + 3) * distance ** 2 + 1
    return a * (distance ** 3 - 5 * distance ** 2 + 8 * distance - 4)


def setting(configuration, key, default):
    """The word after `key:` in the text of a configuration."""
    found = re.search(rf"\b{key}: *([-.\w]+)", configuration)
    return found[1] if found else default
