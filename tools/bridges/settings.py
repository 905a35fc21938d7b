"""The configuration that a checkpoint of specgan carries, and the reference's flags for it."""

import yaml

from checkpoint import Refusal
from losses import OPTIMIZERS
from networks import CONVOLUTIONS, PICTURE, Network

# Values of keys that a configuration leaves out.
DEFAULTS = {
    "audio.sample_rate": 16000, "audio.slice_length": 16384, "audio.channels": 1, "audio.overlap": 0.0,
    "audio.first_slice_only": False, "audio.pad_end": True,
    "network.latent": 100, "network.dimension": 64, "network.upsampling": "zeros",
    "network.downsampling": "strided",
    "network.generator": "dcgan", "network.generator_normalization": "none", "network.generator_spectral": False,
    "network.critic_normalization": "none", "network.initial_weights": "glorot",
    "network.conditional": False, "network.attention": 0, "network.growing": False, "network.phase_shuffle_per": "batch",
    "specgan.frames": PICTURE[0], "specgan.bins": PICTURE[1], "specgan.kernel": 5, "specgan.phase_shuffle": 0,
    "wavegan.kernel": 25, "wavegan.phase_shuffle": 2, "wavegan.post_filter": 0,
    "training.loss": "wgan-gp", "training.batch_size": 64, "training.critic_updates": 5, "training.seed": 0,
    "training.optimizer": "auto", "training.learning_rate": "auto", "training.critic_learning_rate": "auto",
    "training.beta1": "auto", "training.beta2": "auto", "training.penalty_weight": 10, "training.clip_value": 0.01,
    "training.drift_weight": 0, "training.learning_rate_decay": "none", "training.gradient_weight": "auto",
    "training.augmentation": "none", "wavegan.real_noise": "none",
    "spectrogram.log_floor": 1e-6, "spectrogram.clip_deviations": 3, "spectrogram.normalization": "moments",
    "spectrogram.subtract_floor": False, "spectrogram.headroom": "none",
    "spectrogram.frame_length": 256, "spectrogram.frame_step": 128, "spectrogram.window": "hann",
    "spectrogram.merged_bins": 1,
}

# Flags that cannot be read off the variables: our key, and the reference's default.
FLAGS = {
    "data_sample_rate": ("audio.sample_rate", 16000), "data_overlap_ratio": ("audio.overlap", 0.0),
    "data_first_slice": ("audio.first_slice_only", False), "data_pad_end": ("audio.pad_end", False),
    "train_batch_size": ("training.batch_size", 64), "MODEL_disc_nupdates": ("training.critic_updates", 5),
    "MODEL_loss": ("training.loss", "wgan-gp"), "wavegan_disc_phaseshuffle": ("wavegan.phase_shuffle", 2),
}


class Settings:
    """Settings by `section.key`."""

    def __init__(self, text, place):
        """The settings in `text`; `place` is what to call the checkpoint that it is from."""
        try:
            self.sections = yaml.safe_load(text)
            self.model = self.sections["model"]
            self.loss = self["training.loss"]
        except (yaml.YAMLError, TypeError, KeyError, AttributeError) as error:
            raise Refusal(f"The configuration in {place} cannot be read: {error}; give a checkpoint that train "
                          "wrote.") from error
        if self.model not in CONVOLUTIONS or self.loss not in OPTIMIZERS:
            raise Refusal(f"{place} is a {self.model} trained with {self.loss}, which the reference does not "
                          f"support; use {' or '.join(CONVOLUTIONS)} with {', '.join(OPTIMIZERS)}.")

    def __getitem__(self, key):
        section, name = key.split(".")
        return (self.sections.get(section) or {}).get(name, DEFAULTS[key])

    @property
    def network(self):
        sizes = ("specgan.frames", "specgan.bins") if self.model == "specgan" else ("audio.slice_length",)
        return Network(
            model=self.model, kernel=self[f"{self.model}.kernel"], sample=tuple(self[size] for size in sizes),
            channels=self["audio.channels"],
            post_filter=self["wavegan.post_filter"] if self.model == "wavegan" else 0,
            **{key: self[f"network.{key}"] for key in (
                "latent", "dimension", "upsampling", "generator_normalization", "critic_normalization")})

    def flags(self):
        """The reference's flags for all of it that has one."""
        others = {name.replace("MODEL", self.model): self[key]
                  for name, (key, _) in flags_of(self.model).items()}
        return self.network.flags() | {name: str(value) for name, value in others.items()}

    def unpublished(self):
        """Settings for which the reference has no flag and another value, as `key (=value)`."""
        published = OPTIMIZERS[self.loss]
        fixed = {f"training.{key}": value for key, value in published.settings.items()}
        fixed["training.critic_learning_rate"] = published.learning_rate
        keys = [*fixed, "training.penalty_weight", "training.clip_value", "training.drift_weight",
                "training.learning_rate_decay", "training.gradient_weight", "training.augmentation",
                "network.phase_shuffle_per", "specgan.phase_shuffle", "wavegan.real_noise",
                *(key for key in DEFAULTS if key.startswith("spectrogram.") and self.model == "specgan")]
        fixed["training.gradient_weight"] = 0
        return [f"{key} (={self[key]})" for key in keys
                if self[key] not in ("auto", fixed.get(key, DEFAULTS[key]))]


def flags_of(model):
    return {name: entry for name, entry in FLAGS.items() if not name.startswith("wavegan") or model == "wavegan"}


def configuration(network, flags, loss):
    """The text of a configuration for `network`, trained with `loss` and what `flags` say beside it."""
    values = {key: read(flags.get(name.replace("MODEL", network.model)), published)
              for name, (key, published) in flags_of(network.model).items()}
    # As train resolves them: a run goes on only with the very settings that its checkpoint has.
    values |= {"training.loss": loss} | {f"training.{key}": value for key, value in OPTIMIZERS[loss].settings.items()}
    if values["audio.first_slice_only"]:
        # The reference's way with first slices, whatever the other two flags are.
        values |= {"audio.overlap": 0.0, "audio.pad_end": True}
    # Its data_normalize is never read.
    values |= {"audio.channels": network.channels, "audio.normalize": True, f"{network.model}.kernel": network.kernel}
    values |= {f"network.{key}": getattr(network, key) for key in (
        "latent", "dimension", "upsampling", "generator_normalization", "critic_normalization")}
    if network.model == "wavegan":
        values |= {"audio.slice_length": network.sample[0], "wavegan.post_filter": network.post_filter}
    sections = {"model": network.model}
    for key, value in values.items():
        section, name = key.split(".")
        sections.setdefault(section, {})[name] = value
    return yaml.safe_dump(sections, sort_keys=False, default_flow_style=None, width=100)


def read(word, published):
    """A flag's word, converted to the type of the reference's default."""
    if word is None:
        return published
    return word == "True" if isinstance(published, bool) else type(published)(word)
