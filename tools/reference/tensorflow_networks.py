"""The published networks with every option they have, in TensorFlow's version 1 operations and names.

Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, tables 2 to 5, and the options of the code
published with it. `tf.layers` is gone from TensorFlow 2, so what its layers did is written out: which variables
they made, and that batch normalisation of four axes keeps variances with Bessel's correction and of three without.
"""

import dataclasses

import tensorflow

tf = tensorflow.compat.v1
LEAK = 0.2


@dataclasses.dataclass(frozen=True)
class Variant:
    """What the reference's flags choose."""
    model: str
    loss: str = "wgan-gp"
    upsample: str = "zeros"
    batchnorm: bool = False
    kernel: int = 0
    slice_len: int = 16384
    channels: int = 1
    filter: int = 0
    dimension: int = 2
    latent: int = 7

    @property
    def is_wave(self):
        return self.model == "wavegan"

    @property
    def sample(self):
        return [self.slice_len, self.channels] if self.is_wave else [128, 128, 1]

    @property
    def strides(self):
        """From wide to narrow in the critic, and in the same order from narrow to wide in the generator."""
        if not self.is_wave:
            return [2] * 5
        return [4] * 5 + {16384: [], 32768: [2], 65536: [4]}[self.slice_len]

    @property
    def window(self):
        return [self.kernel or 25] if self.is_wave else [self.kernel or 5] * 2

    @property
    def flags(self):
        flags = {"loss": self.loss, "dim": self.dimension, "latent_dim": self.latent, "batchnorm": self.batchnorm,
                 "genr_upsample": self.upsample, "kernel_len": self.window[0]}
        data = {}
        if self.is_wave:
            flags |= {"genr_pp": self.filter > 0, "genr_pp_len": self.filter or 512, "disc_phaseshuffle": 0}
            data = {"data_slice_len": self.slice_len, "data_num_channels": self.channels}
        return data | {f"{self.model}_{flag}": value for flag, value in flags.items()}


# Together they use every option with both models, where the reference has it for both.
VARIANTS = {
    "specgan": Variant("specgan"),
    "wavegan": Variant("wavegan"),
    "specgan-nearest": Variant("specgan", "lsgan", "nn", batchnorm=True, dimension=1),
    "specgan-linear": Variant("specgan", "dcgan", "lin", kernel=4, dimension=1),
    "specgan-cubic": Variant("specgan", "wgan", "cub", batchnorm=True, kernel=3, dimension=1),
    "wavegan-nearest": Variant("wavegan", "dcgan", "nn", batchnorm=True, channels=2, dimension=1),
    "wavegan-32768": Variant("wavegan", "lsgan", kernel=24, batchnorm=True, slice_len=32768, dimension=1),
    "wavegan-32768-nearest": Variant("wavegan", "wgan-gp", "nn", kernel=9, slice_len=32768, dimension=1),
    "wavegan-65536": Variant("wavegan", "wgan", slice_len=65536, filter=512, dimension=1),
}


# ---- Layers


def variable(name, shape, initializer=None):
    initializer = initializer or (
        tf.glorot_uniform_initializer() if len(shape) > 1 else tf.random_uniform_initializer(-0.1, 0.1))
    return tf.get_variable(name, shape, initializer=initializer)


def dense(x, units):
    with tf.variable_scope("dense"):
        return x @ variable("kernel", [x.shape[-1], units]) + variable("bias", [units])


def convolution(x, channels, window, stride, has_bias=True):
    with tf.variable_scope(f"conv{len(window)}d"):
        operation = tf.nn.conv1d if len(window) == 1 else tf.nn.conv2d
        y = operation(x, variable("kernel", [*window, x.shape[-1], channels]), stride, "SAME")
        return y + variable("bias", [channels]) if has_bias else y


def transposed(x, channels, window, stride):
    """Always of two axes; a waveform becomes one line."""
    if len(window) == 1:
        return transposed(x[:, None], channels, [1, *window], [1, *stride])[:, 0]
    with tf.variable_scope("conv2d_transpose"):
        kernel = variable("kernel", [*window, channels, x.shape[-1]])
        size = [tf.shape(x)[0], x.shape[1] * stride[0], x.shape[2] * stride[1], channels]
        x = tf.nn.conv2d_transpose(x, kernel, size, [1, *stride, 1], "SAME")
        return x + variable("bias", [channels])


def resized(x, stride, upsample):
    """Where the corners are not aligned and pixels have no centres, which is what the default was."""
    if len(stride) == 1:
        return resized(x[:, None], [1, *stride], upsample)[:, 0]
    resize = {"nn": tf.image.resize_nearest_neighbor, "lin": tf.image.resize_bilinear,
              "cub": tf.image.resize_bicubic}[upsample]
    return resize(x, [x.shape[1] * stride[0], x.shape[2] * stride[1]],
                  align_corners=False, half_pixel_centers=False)


def upsampling(x, channels, stride, variant):
    if variant.upsample == "zeros":
        return transposed(x, channels, variant.window, stride)
    return convolution(resized(x, stride, variant.upsample), channels, variant.window, 1)


def batch_normalization(x, training, momentum=0.99, epsilon=1e-3):
    with tf.variable_scope("batch_normalization"):
        # The reference starts from scales of 1; others show more of what becomes of them.
        gamma = variable("gamma", [x.shape[-1]], tf.random_uniform_initializer(0.5, 1.5))
        beta = variable("beta", [x.shape[-1]])
        moving = [tf.get_variable(name, [x.shape[-1]], initializer=first, trainable=False) for name, first in (
            ("moving_mean", tf.zeros_initializer()), ("moving_variance", tf.ones_initializer()))]
        if not training:
            return tf.nn.batch_normalization(x, *moving, beta, gamma, epsilon)
        if x.shape.rank == 4:
            # Gives variances that are divided by one less than the count.
            y, *statistics = tf.nn.fused_batch_norm(x, gamma, beta, epsilon=epsilon)
        else:
            statistics = tf.nn.moments(x, [0, 1])
            y = tf.nn.batch_normalization(x, *statistics, beta, gamma, epsilon)
        for kept, new in zip(moving, statistics):
            tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.assign_sub(kept, (kept - new) * (1 - momentum)))
        return y


# ---- Networks


def generator(z, variant, training):
    levels = len(variant.strides)
    width = variant.dimension << (levels - 1)
    narrow = [16] if variant.is_wave else [4, 4]

    def normalized(x):
        return batch_normalization(x, training) if variant.batchnorm else x

    with tf.variable_scope("G", reuse=tf.AUTO_REUSE):
        with tf.variable_scope("z_project"):
            x = tf.nn.relu(normalized(tf.reshape(dense(z, 16 * width), [-1, *narrow, width])))
        for level, stride in enumerate(variant.strides):
            with tf.variable_scope(f"upconv_{level}"):
                is_last = level == levels - 1
                channels = variant.channels if is_last else width >> (level + 1)
                x = upsampling(x, channels, [stride] * len(narrow), variant)
                x = tf.nn.tanh(x) if is_last else tf.nn.relu(normalized(x))
        if variant.filter:
            with tf.variable_scope("pp_filt"):
                x = convolution(x, variant.channels, [variant.filter], 1, has_bias=False)
    return x


def critic(x, variant, training):
    with tf.variable_scope("D", reuse=tf.AUTO_REUSE):
        for level, stride in enumerate(variant.strides):
            with tf.variable_scope(f"downconv_{level}"):
                x = convolution(x, variant.dimension << level, variant.window, stride)
                if variant.batchnorm and level > 0:
                    x = batch_normalization(x, training)
            x = tf.nn.leaky_relu(x, LEAK)
        features = 16 * variant.dimension << (len(variant.strides) - 1)
        with tf.variable_scope("output"):
            return dense(tf.reshape(x, [-1, features]), 1)[:, 0]
