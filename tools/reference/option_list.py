"""The options of training_options.py, and the settings of each."""

import dataclasses

import networks

STEPS = 3
# Between the precisions, of elements of weights.
LARGEST_DIFFERENCE = 3e-7


@dataclasses.dataclass
class Option:
    """What is other than published."""

    model: networks.Architecture
    loss: str = "wgan-gp"
    optimizer: str = "adam"
    rates: tuple = (1e-4, 1e-4)  # the generator's and the critic's
    betas: tuple = (0.5, 0.9)
    decay: str = "none"
    drift: float = 0
    average: float = 0
    spectral: bool = False
    labelled: bool = False
    shift_per: str = "batch"
    normalized: bool = False
    gradient_weight: float = 0  # of R1 and R2
    interval: int = 1  # critic updates from one with R1 and R2 to the next
    attention: int = 0  # positions along time of the layer before it, 0 for none
    embedding: int | None = None  # of a label, for conditional batch normalization or styles in the generator
    spectral_generator: bool = False
    projection: str = "merged"
    upsampling: str = "zeros"
    downsampling: str = "strided"
    kernel: int | None = None  # the size of all kernels, None for the published one
    style_dimension: int | None = None  # of a style-based generator; None for the published one
    mapping_layers: int = 0
    noise_inputs: bool = False
    style_mixing: float = 0  # its probability
    augmentation: float = 0  # its probability
    real_noise: float | None = None  # on real examples, in dB
    growing: tuple | None = None  # the planned steps and the share of them; None for networks that do not grow
    steps: int = STEPS
    # The limit of the difference between the precisions; larger with moving variances, rounded in every update.
    largest_difference: float = LARGEST_DIFFERENCE
    first_seed: int = 0


# Rates are raised where the published ones would hardly move a weight in three steps.
OPTIONS = {
    "wgan": Option(networks.SPECGAN, "wgan", "rmsprop", (5e-5, 5e-5)),
    "lsgan": Option(networks.SPECGAN, "lsgan", "rmsprop", (1e-4, 1e-4)),
    "dcgan": Option(networks.WAVEGAN, "dcgan", "adam", (2e-4, 2e-4), (0.5, 0.999)),
    "drift": Option(networks.SPECGAN, drift=0.5),
    "rates": Option(networks.WAVEGAN, rates=(1e-4, 3e-4), decay="linear"),
    "cosine": Option(networks.SPECGAN, decay="cosine"),
    "exponential": Option(networks.SPECGAN, decay="exponential"),
    "average": Option(networks.SPECGAN, average=0.25),
    "spectral": Option(networks.WAVEGAN, spectral=True),
    "spectral_lsgan": Option(networks.SPECGAN, "lsgan", "rmsprop", (1e-4, 1e-4), spectral=True),
    "labels": Option(networks.WAVEGAN, labelled=True),
    "example_shifts": Option(networks.WAVEGAN, shift_per="example"),
    "batch_lsgan": Option(networks.SPECGAN, "lsgan", "rmsprop", (1e-4, 1e-4), normalized=True),
    # With Adam, the residue of the biases' gradients, which are zero before a normalisation, would become full updates.
    "batch_wgan": Option(networks.WAVEGAN, "wgan", "rmsprop", (5e-5, 5e-5), normalized=True),
    # With Adam, likewise the residue of the last bias's gradient, which is zero for pairs.
    "rpgan": Option(networks.SPECGAN, "rpgan", "rmsprop", (2e-4, 2e-4), gradient_weight=2),
    "rpgan_labels": Option(networks.WAVEGAN, "rpgan", "rmsprop", (2e-4, 2e-4), labelled=True,
                           gradient_weight=0.5, interval=3),
    "hinge": Option(networks.SPECGAN, "hinge", "adam", (2e-4, 2e-4), (0, 0.9)),
    "zero_centered": Option(networks.WAVEGAN, "dcgan", "adam", (2e-4, 2e-4), (0.5, 0.999),
                            gradient_weight=1),
    "attention": Option(networks.SPECGAN, attention=16),
    "attention_signals": Option(networks.WAVEGAN, spectral=True, attention=64),
    "attention_pairs": Option(networks.WAVEGAN, "rpgan", "rmsprop", (2e-4, 2e-4), gradient_weight=0.5, interval=3,
                              attention=256),
    "attention_zero_centered": Option(networks.SPECGAN, "dcgan", "adam", (2e-4, 2e-4), (0.5, 0.999),
                                      gradient_weight=1, attention=32),
    # With RMSProp, as for batch normalization.
    "conditional": Option(networks.SPECGAN, "wgan-gp", "rmsprop", (1e-4, 1e-4), labelled=True, embedding=3),
    "conditional_latent": Option(networks.WAVEGAN, "lsgan", "rmsprop", (1e-4, 1e-4), embedding=3),
    "spectral_generator": Option(networks.WAVEGAN, spectral_generator=True),
    "projection": Option(networks.SPECGAN, "hinge", "adam", (2e-4, 2e-4), (0, 0.9), labelled=True, spectral=True,
                         projection="separate"),
    "biggan": Option(networks.SPECGAN, "hinge", "rmsprop", (5e-5, 2e-4), average=0.25, labelled=True, spectral=True,
                     spectral_generator=True, embedding=3, projection="separate"),
    "four_taps": Option(networks.SPECGAN, kernel=4),
    "three_taps": Option(networks.SPECGAN, upsampling="nearest", kernel=3),
    "low_pass": Option(networks.SPECGAN, upsampling="low-pass", downsampling="low-pass"),
    # Smooth signals bring many units near their corners at once. With 0 and 1 specgan's rounding takes the other side.
    "low_pass_signals": Option(networks.WAVEGAN, upsampling="low-pass", downsampling="low-pass", kernel=24,
                               first_seed=2),
    "low_pass_pairs": Option(networks.WAVEGAN, "rpgan", "rmsprop", (2e-4, 2e-4), gradient_weight=0.5, interval=3,
                             attention=64, downsampling="low-pass"),
    "low_pass_zero_centered": Option(networks.SPECGAN, "dcgan", "adam", (2e-4, 2e-4), (0.5, 0.999),
                                     gradient_weight=1, attention=16, downsampling="low-pass", kernel=3),
    "low_pass_batch": Option(networks.SPECGAN, "lsgan", "rmsprop", (1e-4, 1e-4), normalized=True,
                             upsampling="low-pass", downsampling="low-pass", kernel=4),
    # The generator's rates are such that its mapping, which learns a hundred times more slowly, moves far more than
    # float32 rounds. RMSProp's steps are small because its squares begin at one.
    "styles": Option(networks.SPECGAN, rates=(3e-3, 1e-4), style_dimension=3, mapping_layers=2),
    "style_mixing": Option(networks.SPECGAN, "hinge", "adam", (3e-3, 2e-4), (0, 0.9), labelled=True, embedding=3,
                           style_dimension=4, mapping_layers=1, noise_inputs=True, style_mixing=0.75),
    "style_signals": Option(networks.WAVEGAN, "lsgan", "rmsprop", (1, 1e-4), average=0.25, style_dimension=3,
                            mapping_layers=2, noise_inputs=True, style_mixing=0.5),
    "style_low_pass": Option(networks.SPECGAN, "rpgan", "rmsprop", (1, 2e-4), gradient_weight=0.5, interval=3,
                             upsampling="low-pass", kernel=4, style_dimension=3, mapping_layers=2),
    "augmented": Option(networks.SPECGAN, augmentation=0.7),
    "augmented_pairs": Option(networks.WAVEGAN, "rpgan", "rmsprop", (2e-4, 2e-4), gradient_weight=0.5, interval=3,
                              augmentation=0.7),
    "real_noise": Option(networks.WAVEGAN, "dcgan", "adam", (2e-4, 2e-4), (0.5, 0.999), real_noise=-20),
    # Every level and every blend, some of them twice.
    "growing": Option(networks.SPECGAN, average=0.25, growing=(20, 0.5), steps=11),
    "growing_pairs": Option(networks.WAVEGAN, "rpgan", "rmsprop", (2e-4, 2e-4), gradient_weight=0.5, interval=3,
                            attention=64, growing=(12, 0.5), steps=7),
    "growing_styles": Option(networks.SPECGAN, "hinge", "rmsprop", (0.1, 2e-4), labelled=True, embedding=3,
                             style_dimension=4, mapping_layers=1, noise_inputs=True, style_mixing=0.75,
                             growing=(12, 0.5), steps=7),
    "growing_batch": Option(networks.SPECGAN, "lsgan", "rmsprop", (1e-4, 1e-4), normalized=True,
                            upsampling="low-pass", downsampling="low-pass", growing=(12, 0.5), steps=7,
                             largest_difference=6e-7),
}
