"""The models of the experiments: the arguments of `specgan train`, and the cache, of each name."""

import os

HERE = os.path.dirname(os.path.abspath(__file__))
BEST = [f"{HERE}/settings.yaml", "--model", "specgan"]
PUBLISHED = [f"{HERE}/published.yaml"]
# Phase shuffle shifts real and generated examples by separate draws. With two critic updates a step, that noise
# hides the small differences of the critic's values.
WAVEGAN = PUBLISHED + ["--model", "wavegan", "--set", "training.critic_updates=5"]
# At the rate in published.yaml, WaveGAN's Fréchet distance on the digits stays five to six times as large. No other
# rate was tried on the drums.
WAVEGAN_RATES = {"digits": ["training.learning_rate=4.0e-4"], "digits-hard": ["training.learning_rate=4.0e-4"],
                 "drums": []}
SETS = list(WAVEGAN_RATES)


def having(base, *values):
    """The arguments of `base` with other values of settings."""
    return base + [argument for value in values for argument in ("--set", value)]


PAIRS = having(BEST, "training.learning_rate=4.0e-4")
WAVEGAN_PAIRS = having(
    [f"{HERE}/settings.yaml", "--model", "wavegan"], "wavegan.phase_shuffle=2",
    "network.phase_shuffle_per=example", "training.learning_rate=2.0e-4")

WAVEGAN_NOISE = having(
    WAVEGAN_PAIRS, "training.gradient_weight=0.2", "wavegan.real_noise=-60",
    "training.learning_rate=8.0e-4")

# What the table of an experiment compares.
SPEECH = ["specgan", "specgan-labels", "specgan-published", "wavegan", "wavegan-shuffle-2"]
FINAL = {
    "digits": SPEECH, "digits-hard": SPEECH,
    "drums": ["labels-augmented-4e-4-dimension-8", "published-dimension-8", "wavegan-labels-augmented-dimension-8",
              "wavegan-shuffle-2-labels-augmented-dimension-8"]}

MODELS = {
    "specgan": (BEST, "cache"),
    "specgan-labels": (having(PAIRS, "network.conditional=true"), "cache"),
    "specgan-published": (PUBLISHED + ["--model", "specgan"], "cache-published"),
    "wavegan": (having(WAVEGAN_NOISE, "wavegan.phase_shuffle=0"), "cache"),
    "wavegan-shuffle-2": (WAVEGAN_NOISE, "cache"),
    # Candidates of the search for a recipe; each differs from `pairs`, `specgan` or `specgan-labels` in one choice.
    "range-wgan-gp": (having(
        BEST, "training.loss=wgan-gp", "training.penalty_interval=1",
        "training.critic_updates=2"), "cache"),
    "pairs": (PAIRS, "cache"),
    "gamma-0.2": (having(PAIRS, "training.gradient_weight=0.2"), "cache"),
    "gamma-20": (having(PAIRS, "training.gradient_weight=20"), "cache"),
    "rate-8e-4": (BEST, "cache"),
    "rate-16e-4": (having(BEST, "training.learning_rate=1.6e-3"), "cache"),
    "decay": (having(
        PAIRS, "training.learning_rate_decay=cosine", "training.planned_steps=2700"), "cache"),
    "decay-8e-4": (having(
        BEST, "training.learning_rate_decay=cosine", "training.planned_steps=2700"), "cache"),
    "batch-8": (having(PAIRS, "training.batch_size=8"), "cache"),
    "momentum": (having(PAIRS, "training.beta1=0.5"), "cache"),
    "batch-normalization": (having(PAIRS, "network.generator_normalization=batch"), "cache"),
    "labels-8e-4": (having(BEST, "network.conditional=true"), "cache"),
    "labels-adaptive": (having(
        BEST, "network.conditional=true", "training.augmentation=adaptive"), "cache"),
    "attention-16": (having(BEST, "network.attention=16"), "cache"),
    "labels-attention-16": (having(
        PAIRS, "network.conditional=true", "network.attention=16"), "cache"),
    "labels-conditional": (having(
        PAIRS, "network.conditional=true", "network.generator_normalization=conditional"), "cache"),
    "labels-nearest-3": (having(
        PAIRS, "network.conditional=true", "network.upsampling=nearest", "specgan.kernel=3"), "cache"),
    "labels-style": (having(
        PAIRS, "network.conditional=true", "network.generator=style-based"), "cache"),
    "labels-style-mixing": (having(
        PAIRS, "network.conditional=true", "network.generator=style-based", "training.style_mixing=0.9",
        "network.noise_inputs=true"), "cache"),
    "pairs-style": (having(PAIRS, "network.generator=style-based"), "cache"),
    "labels-growing": (having(
        PAIRS, "network.conditional=true", "network.growing=true", "training.planned_steps=4000"), "cache"),
    # Of drums.
    "augmented": (having(BEST, "training.augmentation=fixed"), "cache"),
    "labels-augmented": (having(
        BEST, "network.conditional=true", "training.augmentation=fixed"), "cache"),
    "labels-augmented-dimension-8": (having(
        BEST, "network.conditional=true", "training.augmentation=fixed", "network.dimension=8"), "cache"),
    "labels-augmented-4e-4-dimension-8": (having(
        PAIRS, "network.conditional=true", "training.augmentation=fixed", "network.dimension=8"), "cache"),
    "published-dimension-8": (having(
        PUBLISHED + ["--model", "specgan"], "network.dimension=8"), "cache-published"),
    "wavegan-labels-augmented-dimension-8": (having(
        WAVEGAN_NOISE, "network.conditional=true", "training.augmentation=fixed", "network.dimension=8",
        "wavegan.phase_shuffle=0"), "cache"),
    "wavegan-shuffle-2-labels-augmented-dimension-8": (having(
        WAVEGAN_NOISE, "network.conditional=true", "training.augmentation=fixed", "network.dimension=8"),
        "cache"),
    "labels-style-augmented-4e-4-dimension-8": (having(
        PAIRS, "network.conditional=true", "network.generator=style-based", "training.augmentation=fixed",
        "network.dimension=8"), "cache"),
    # Of WaveGAN.
    "wavegan-attention-64": (having(WAVEGAN_NOISE, "network.attention=64"), "cache"),
    "wavegan-style": (having(WAVEGAN_NOISE, "network.generator=style-based"), "cache"),
    "wavegan-labels": (having(WAVEGAN_NOISE, "network.conditional=true"), "cache"),
    "wavegan-labels-style": (having(
        WAVEGAN_NOISE, "network.conditional=true", "network.generator=style-based"), "cache"),
    "wavegan-style-4e-4": (having(
        WAVEGAN_NOISE, "network.generator=style-based", "training.learning_rate=4.0e-4"), "cache"),
    "wavegan-pairs": (WAVEGAN_PAIRS, "cache"),
    "wavegan-pairs-noise": (having(
        WAVEGAN_PAIRS, "training.gradient_weight=0.2", "wavegan.real_noise=-60"), "cache"),
    "wavegan-pairs-noise-4e-4": (having(
        WAVEGAN_PAIRS, "training.gradient_weight=0.2", "wavegan.real_noise=-60",
        "training.learning_rate=4.0e-4"), "cache"),
    "wavegan-published": (having(WAVEGAN, "wavegan.phase_shuffle=0"), "cache-published"),
    "wavegan-published-shuffle-2": (having(WAVEGAN, "wavegan.phase_shuffle=2"), "cache-published"),
    "wavegan-pairs-without-shuffle": (having(
        WAVEGAN_NOISE, "training.learning_rate=4.0e-4", "wavegan.phase_shuffle=0"), "cache"),
    "wavegan-pairs-critic-3": (having(
        WAVEGAN_NOISE, "training.learning_rate=4.0e-4", "training.critic_learning_rate=1.2e-3"), "cache"),
    "wavegan-dimension-32": (having(
        WAVEGAN_NOISE, "training.learning_rate=4.0e-4", "network.dimension=32"), "cache"),
    "wavegan-decay": (having(
        WAVEGAN_NOISE, "training.learning_rate_decay=cosine", "training.planned_steps=2900"), "cache"),
    "wavegan-normalized": (WAVEGAN_NOISE, "cache-normalized"),
    "wavegan-pairs-noise-gamma-0.02": (having(
        WAVEGAN_NOISE, "training.gradient_weight=0.02"), "cache"),
    "wavegan-pairs-noise-gamma-2": (having(WAVEGAN_NOISE, "training.gradient_weight=2"), "cache"),
}


def settings(set_name, model):
    """The arguments and the cache of a model on one data set."""
    arguments, cache = MODELS[model]
    if arguments[:len(WAVEGAN)] == WAVEGAN:
        arguments = having(arguments, *WAVEGAN_RATES[set_name])
    return arguments, cache
