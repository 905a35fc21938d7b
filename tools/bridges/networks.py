"""The published networks as names and shapes of variables, and what those and the flags tell.

Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, tables 2 to 5, and the options of the code
published with it. A variable has the same name and layout in both programs' checkpoints.
"""

import dataclasses
import math

from checkpoint import Refusal

PICTURE = (128, 128)
CONVOLUTIONS = {"specgan": "conv2d", "wavegan": "conv1d"}
# The reference's words for a resize and ours. Its `lin` and `cub` are misspelt where they are read, so that
# only those who mended that can have trained with them.
RESIZES = {"zeros": "zeros", "nn": "nearest", "lin": "linear", "cub": "cubic", "linear": "linear", "cubic": "cubic"}


@dataclasses.dataclass(frozen=True)
class Network:
    """What fixes every variable's name and shape, and what the generator makes of them."""
    model: str
    latent: int
    dimension: int
    kernel: int
    sample: tuple
    channels: int = 1
    upsampling: str = "zeros"
    generator_normalization: str = "none"
    critic_normalization: str = "none"
    post_filter: int = 0

    @property
    def levels(self):
        return 6 if self.model == "wavegan" and self.sample[0] > 16384 else 5

    def variables(self):
        """The weights and the moving statistics: shapes by name."""
        widths = [self.channels] + [self.dimension << level for level in range(self.levels)]
        narrow = 16 if self.model == "wavegan" else math.prod(self.sample) // 1024
        features = narrow * widths[-1]
        return (affine("G/z_project/dense", (self.latent, features))
                | self.normalization("G/z_project", widths[-1], self.generator_normalization)
                | self.generator_convolutions(widths[::-1]) | self.critic_convolutions(widths)
                | affine("D/output/dense", (features, 1)))

    def generator_convolutions(self, widths):
        shapes = {}
        for level, (wide, narrow) in enumerate(zip(widths, widths[1:])):
            name = f"G/upconv_{level}"
            if self.upsampling == "zeros":
                window = (1, self.kernel) if self.model == "wavegan" else (self.kernel,) * 2
                shapes |= {f"{name}/conv2d_transpose/kernel": (*window, narrow, wide),
                           f"{name}/conv2d_transpose/bias": (narrow,)}
            else:
                shapes |= affine(f"{name}/{self.convolution}", (*self.window, wide, narrow))
            if level < self.levels - 1:
                shapes |= self.normalization(name, narrow, self.generator_normalization)
        if self.post_filter > 0:
            shapes["G/pp_filt/conv1d/kernel"] = (self.post_filter, self.channels, self.channels)
        return shapes

    def critic_convolutions(self, widths):
        shapes = {}
        for level, pair in enumerate(zip(widths, widths[1:])):
            name = f"D/downconv_{level}"
            shapes |= affine(f"{name}/{self.convolution}", (*self.window, *pair))
            if level > 0:
                shapes |= self.normalization(name, pair[1], self.critic_normalization)
        return shapes

    def normalization(self, name, channels, kind):
        parts = ("gamma", "beta", "moving_mean", "moving_variance") if kind == "batch" else ()
        return {f"{name}/batch_normalization/{part}": (channels,) for part in parts}

    @property
    def convolution(self):
        return CONVOLUTIONS[self.model]

    @property
    def window(self):
        return (self.kernel,) * (1 if self.model == "wavegan" else 2)

    def flags(self):
        """The reference's flags for it."""
        words = {ours: theirs for theirs, ours in reversed(RESIZES.items())}
        flags = {"dim": self.dimension, "latent_dim": self.latent, "kernel_len": self.kernel,
                 "genr_upsample": words[self.upsampling],
                 "batchnorm": "batch" in (self.generator_normalization, self.critic_normalization)}
        data = {}
        if self.model == "wavegan":
            flags["genr_pp"] = self.post_filter > 0
            if self.post_filter > 0:
                flags["genr_pp_len"] = self.post_filter
            data = {"data_slice_len": self.sample[0], "data_num_channels": self.channels}
        return {name: str(value) for name, value in
                (data | {f"{self.model}_{flag}": value for flag, value in flags.items()}).items()}


def affine(name, kernel):
    return {f"{name}/kernel": tuple(kernel), f"{name}/bias": (kernel[-1],)}


# ---- From variables to a network


def network_of(shapes, flags, place):
    """The network whose variables have `shapes`; where they leave a choice, `flags` take it.

    Refuses what contradicts itself. `place` is what to call the checkpoint.
    """
    model, kernel = first_kernel(shapes, place)
    network = Network(
        model=model, latent=first(shapes, "G/z_project/dense/kernel"), dimension=kernel[-1], kernel=kernel[0],
        channels=kernel[-2], sample=PICTURE if model == "specgan" else (slice_length(shapes, flags, place),),
        upsampling=resize(model, shapes, flags, place),
        generator_normalization=normalized(shapes, "G/z_project"),
        critic_normalization=normalized(shapes, "D/downconv_1"),
        post_filter=first(shapes, "G/pp_filt/conv1d/kernel"))
    for name, wanted in network.variables().items():
        if name not in shapes:
            raise Refusal(f"{place} lacks {name}; only networks of the reference's last version are converted.")
        if tuple(shapes[name]) != wanted:
            raise Refusal(f"{place} has {name} of shape {list(shapes[name])} but its other variables need "
                          f"{list(wanted)}; only networks of the reference are converted.")
    for name, value in network.flags().items():
        said = flags.get(name, value)
        if RESIZES.get(said, said) != RESIZES.get(value, value):
            raise Refusal(f"args.txt beside {place} says {name} {said} and the variables say {value}; correct or remove that "
                          "file, which the reference rewrites in every mode.")
    return network


def first_kernel(shapes, place):
    """The model, and the shape of its critic's first kernel."""
    for model, convolution in CONVOLUTIONS.items():
        kernel = shapes.get(f"D/downconv_0/{convolution}/kernel", ())
        if len(kernel) > 2:
            return model, kernel
    raise Refusal(f"{place} has neither SpecGAN's nor WaveGAN's critic; give a checkpoint that training wrote.")


def first(shapes, name):
    """The first length of a variable's shape, 0 where there is none."""
    return next(iter(shapes.get(name, ())), 0)


def normalized(shapes, scope):
    return "batch" if f"{scope}/batch_normalization/gamma" in shapes else "none"


def slice_length(shapes, flags, place):
    """Six layers of two lengths have the same variables."""
    if "D/downconv_5/conv1d/kernel" not in shapes:
        return 16384
    if flags.get("data_slice_len") not in ("32768", "65536"):
        raise Refusal(f"{place} has six layers, which slices of 32768 and of 65536 samples both have; write the line "
                      "data_slice_len,32768 or data_slice_len,65536 into args.txt beside it.")
    return int(flags["data_slice_len"])


def resize(model, shapes, flags, place):
    """All resizes have the same variables; nearest is what the reference gets right."""
    if "G/upconv_0/conv2d_transpose/kernel" in shapes:
        return "zeros"
    word = flags.get(f"{model}_genr_upsample", "nn")
    if word not in RESIZES or word == "zeros":
        raise Refusal(f"{place} has convolutions after a resize, and args.txt beside it says {model}_genr_upsample "
                      f"{word}; write nn, lin or cub there.")
    return RESIZES[word]
