"""Generators and critics that differ from the paper's, by TensorFlow's operations and derivatives.

Run it with `tools/reference/record architectures`.

What the reference can do beside its defaults: resizing in place of transposed convolutions, batch
normalisation, a learned filter after tanh, sounds of 32768 and 65536 samples, several channels, other kernels.
Weights, latents, samples and cotangents are drawn by philox.py, so that the file holds results alone: of large
tensors some elements, and the sum of all with drawn weights. Everything in float32, for the fused batch
normalisation has no other.
"""

import dataclasses
import json

import numpy
import tensorflow

import philox
import safetensors_file

tf = tensorflow.compat.v1
BATCH, GROUP, LATENT, EPSILON, RATE, SLOPE = 4, 2, 7, 1e-3, 0.01, 0.2
GAIN = {"G": 2, "transpose": 3, "D": 1.5}  # over Glorot's limit, so that signals keep their size
LATENTS, SAMPLES, COTANGENTS, SUMS = 1, 2, 3, 4  # seeds; a parameter's is 100 and its number
RESIZE = {
    "nearest": tf.image.resize_nearest_neighbor, "linear": tf.image.resize_bilinear,
    "cubic": tf.image.resize_bicubic}
STRIDES = {16384: [4] * 5, 32768: [4] * 5 + [2], 65536: [4] * 6}


@dataclasses.dataclass
class Architecture:
    """One of the models with some settings."""

    model: str
    length: int = 16384
    channels: int = 1
    dimension: int = 2
    kernel: int = 25
    upsampling: str = "zeros"
    normalization: bool = False
    post_filter: int = 0
    shifts: list = dataclasses.field(default_factory=list)  # after the critic's layers 0 to 3

    @property
    def is_wave(self):
        return self.model == "wavegan"

    @property
    def strides(self):
        return STRIDES[self.length] if self.is_wave else [2] * 5

    @property
    def narrow(self):
        """The shape at the narrow end."""
        width = self.dimension << len(self.strides) - 1
        return [16, width] if self.is_wave else [4, 4, width]

    @property
    def precision(self):
        return numpy.float32 if self.normalization and not self.is_wave else numpy.float64

    @property
    def sample(self):
        return [self.length, self.channels] if self.is_wave else [128, 128, 1]


ARCHITECTURES = {
    "specgan-nearest": Architecture("specgan", kernel=5, upsampling="nearest"),
    "specgan-linear": Architecture("specgan", kernel=5, upsampling="linear"),
    "specgan-cubic-4": Architecture("specgan", kernel=4, upsampling="cubic"),
    "specgan-normalized": Architecture("specgan", kernel=5, normalization=True),
    "specgan-6": Architecture("specgan", kernel=6, dimension=1),
    "wavegan-nearest": Architecture("wavegan", upsampling="nearest", post_filter=512, channels=2),
    "wavegan-linear-24": Architecture("wavegan", kernel=24, dimension=1, upsampling="linear"),
    "wavegan-normalized-3": Architecture(
        "wavegan", kernel=3, channels=3, normalization=True, post_filter=7),
    "wavegan-32768": Architecture("wavegan", 32768, shifts=[2, -1, 0, 1]),
    "wavegan-32768-cubic": Architecture(
        "wavegan", 32768, dimension=1, upsampling="cubic", normalization=True),
    "wavegan-65536": Architecture("wavegan", 65536, channels=2, shifts=[-2, 1, 2, -1]),
}


def drawn(shape, seed):
    """Uniform in [-1, 1), as the Swift tests draw it."""
    stream = philox.RandomStream(seed, philox.GENERATION, 77)
    return (2 * stream.uniforms(int(numpy.prod(shape))) - 1).reshape(shape).astype(numpy.float32)


class Variables:
    """A network's variables, drawn when they are first asked for."""

    def __init__(self, precision):
        self.precision = precision
        self.trained, self.moving, self.limits = {}, {}, []

    def parameter(self, name, shape):
        if name not in self.trained:
            fans = numpy.prod(shape[:-2]) * sum(shape[-2:])
            gain = GAIN["transpose" if "transpose" in name else name[0]]
            limit = numpy.float32(gain * numpy.sqrt(6 / fans) if name.endswith("kernel") else 0.25)
            values = drawn(shape, 100 + len(self.limits)) * limit + name.endswith("gamma")
            self.limits.append(limit)
            self.trained[name] = tensorflow.Variable(values.astype(self.precision))
        return self.trained[name]

    def statistic(self, name, channels):
        if name not in self.moving:
            start = numpy.full([channels], name.endswith("variance"), self.precision)
            self.moving[name] = tensorflow.Variable(start)
        return self.moving[name]


class Network:
    """The operations of both networks."""

    def __init__(self, architecture, variables, training):
        self.architecture, self.variables, self.training = architecture, variables, training

    def affine(self, x, name, shape, operation, has_bias=True):
        x = operation(x, self.variables.parameter(f"{name}/kernel", shape))
        if not has_bias:
            return x
        return x + self.variables.parameter(f"{name}/bias", [x.shape[-1]])

    def dense(self, x, name, units):
        return self.affine(x, f"{name}/dense", [x.shape[-1], units], tensorflow.matmul)

    def convolution(self, x, name, channels, kernel, stride, has_bias=True):
        axes = len(x.shape) - 2
        operation = [tensorflow.nn.conv1d, tensorflow.nn.conv2d][axes - 1]
        return self.affine(
            x, f"{name}/conv{axes}d", [kernel] * axes + [x.shape[-1], channels],
            lambda x, k: operation(x, k, stride, "SAME"), has_bias)

    def normalized(self, x, name):
        if not self.architecture.normalization:
            return x
        name, channels = f"{name}/batch_normalization", x.shape[-1]
        gamma = self.variables.parameter(f"{name}/gamma", [channels])
        beta = self.variables.parameter(f"{name}/beta", [channels])
        moving = [self.variables.statistic(f"{name}/moving_{kind}", channels)
                  for kind in ["mean", "variance"]]
        if not self.training:
            return tensorflow.nn.batch_normalization(x, *moving, beta, gamma, EPSILON)
        if len(x.shape) == 4:
            y, *batch = tf.nn.fused_batch_norm(x, gamma, beta, epsilon=EPSILON)
        else:
            batch = tf.nn.moments(x, [0, 1])
            y = tensorflow.nn.batch_normalization(x, *batch, beta, gamma, EPSILON)
        for variable, value in zip(moving, batch):
            variable.assign_sub((variable - value) * RATE)
        return y

    def enlarged(self, x, name, channels, stride):
        architecture = self.architecture
        lines, down = (x[:, None], 1) if architecture.is_wave else (x, stride)
        size = [lines.shape[1] * down, lines.shape[2] * stride]
        if architecture.upsampling == "zeros":
            window = [1 if architecture.is_wave else architecture.kernel, architecture.kernel]
            shape = [len(x), *size, channels]
            lines = self.affine(
                lines, f"{name}/conv2d_transpose", [*window, channels, x.shape[-1]],
                lambda x, k: tensorflow.nn.conv2d_transpose(x, k, shape, [down, stride], "SAME"))
            return lines[:, 0] if architecture.is_wave else lines
        lines = RESIZE[architecture.upsampling](tensorflow.cast(lines, tensorflow.float32), size)
        lines = tensorflow.cast(lines, x.dtype)
        return self.convolution(
            lines[:, 0] if architecture.is_wave else lines, name, channels, architecture.kernel, 1)

    def generate(self, z):
        architecture = self.architecture
        x = self.dense(z, "G/z_project", int(numpy.prod(architecture.narrow)))
        x = tensorflow.reshape(x, [-1, *architecture.narrow])
        x = tensorflow.nn.relu(self.normalized(x, "G/z_project"))
        widths = [architecture.narrow[-1] >> level for level in range(1, len(architecture.strides))]
        for level, (channels, stride) in enumerate(
                zip([*widths, architecture.sample[-1]], architecture.strides)):
            name = f"G/upconv_{level}"
            x = self.enlarged(x, name, channels, stride)
            is_last = level == len(widths)
            x = tensorflow.tanh(x) if is_last else tensorflow.nn.relu(self.normalized(x, name))
        if architecture.post_filter:
            x = self.convolution(
                x, "G/pp_filt", x.shape[-1], architecture.post_filter, 1, has_bias=False)
        return x

    def criticize(self, x):
        architecture = self.architecture
        for level, stride in enumerate(architecture.strides):
            name = f"D/downconv_{level}"
            x = self.convolution(
                x, name, architecture.dimension << level, architecture.kernel, stride)
            x = tensorflow.nn.leaky_relu(self.normalized(x, name) if level else x, SLOPE)
            if level < len(architecture.shifts):
                x = shuffled(x, architecture.shifts[level])
        return self.dense(tensorflow.reshape(x, [len(x), -1]), "D/output", 1)


def shuffled(x, shift):
    """Moved right by `shift`, the gap filled by reflection."""
    left, right, length = max(shift, 0), max(-shift, 0), x.shape[1]
    return tensorflow.pad(x, [[0, 0], [left, right], [0, 0]], "REFLECT")[:, right:right + length]


def condensed(name, values, count):
    """Some elements of `values`, and the sum of all with drawn weights, over the root of how many."""
    flat = numpy.asarray(values).reshape(-1)
    count = min(count, len(flat))
    weights = drawn(flat.shape, SUMS).astype(float)
    return {f"{name}/some": flat[numpy.arange(count) * len(flat) // count],
            f"{name}/sum": numpy.array([(flat * weights).sum() / numpy.sqrt(len(flat))])}


def passes(architecture, network_pass, x, prefix):
    """One network's results and derivatives for `x`, normalised in groups."""
    variables = Variables(architecture.precision)
    x = x.astype(architecture.precision)
    network = Network(architecture, variables, training=True)
    groups = x.reshape(BATCH // GROUP, GROUP, *x.shape[1:])
    network_pass(network, groups[0])  # draws the variables
    for name, value in variables.moving.items():
        value.assign(tensorflow.ones_like(value) * name.endswith("variance"))
    groups = [tensorflow.constant(group) for group in groups]
    with tensorflow.GradientTape() as tape:
        tape.watch(groups)
        y = tensorflow.concat([network_pass(network, group) for group in groups], 0)
    gradients, slopes = tape.gradient(
        y, (list(variables.trained.values()), groups),
        output_gradients=tensorflow.cast(drawn(y.shape, COTANGENTS), y.dtype))
    found = condensed(f"{prefix}/y", y, 256) | condensed(
        f"{prefix}/x_cotangent", tensorflow.concat(slopes, 0), 256)
    parts = [condensed("part", gradient, 8) for gradient in gradients]
    for key in ["some", "sum"]:
        found[f"{prefix}/gradients/{key}"] = numpy.concatenate([p[f"part/{key}"] for p in parts])
    found[f"{prefix}/gradients/largest"] = numpy.array([numpy.abs(g).max() for g in gradients])
    found[f"{prefix}/limits"] = numpy.array(variables.limits)
    if variables.moving:
        found[f"{prefix}/moving"] = numpy.concatenate(list(variables.moving.values()))
        network.training = False
        found |= condensed(f"{prefix}/inferred", network_pass(network, tensorflow.constant(x)), 64)
    shapes = [{"name": name, "shape": value.shape.as_list()}
              for name, value in [*variables.trained.items(), *variables.moving.items()]]
    return found, shapes


def results(architecture):
    z, x = drawn([BATCH, LATENT], LATENTS), drawn([BATCH, *architecture.sample], SAMPLES)
    generator, generator_shapes = passes(architecture, Network.generate, z, "generator")
    critic, critic_shapes = passes(architecture, Network.criticize, x, "critic")
    return generator | critic, {"generator": generator_shapes, "critic": critic_shapes}


def check(name, found):
    """What is compared depends on the input and on every parameter."""
    for network in ["generator", "critic"]:
        deviation = found[f"{network}/y/some"].std()
        smallest = found[f"{network}/gradients/largest"].min()
        print(f"{name} {network}: deviation {deviation:.2g}, smallest gradient {smallest:.2g}")
        assert deviation > 0.05 and smallest > 0, name


def main():
    tensors, shapes = {}, {}
    for name, architecture in ARCHITECTURES.items():
        found, shapes[name] = results(architecture)
        tensors |= {f"{name}/{key}": value for key, value in found.items()}
        check(name, found)
    safetensors_file.write(
        "architectures.safetensors", tensors, 100, libraries=["numpy", "tensorflow-cpu"],
        precision="computed in float64 where TensorFlow can, stored as float32", shapes=json.dumps(shapes))


if __name__ == "__main__":
    main()
