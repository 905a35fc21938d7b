"""Ten steps of training both networks on four examples, by automatic differentiation.

Run it with `tools/reference/record training`.

WGAN-GP with five critic updates a step and Adam in TensorFlow's form. Every random number is that
of the Philox stream and index which `Draws` states, so that another program can follow element by
element. The metadata hold the largest differences between float64 and the same program in float32,
with the examples of each batch in every order, which changes nothing but the rounding.

The clips were chosen, of several hundred sets drawn at random, for keeping every unit further from
its corner than float32 strays, some 2.7 of its standard errors: one unit on the other side makes
a difference of 1e-3 out of 1e-7 in ten steps.
"""

import itertools
import json

import numpy
import torch

import networks
import operations
import philox
import safetensors_file
from models import examples

SEED = 7
STEPS, CRITIC_UPDATES, BATCH = 10, 5, 3
SHUFFLED_LAYERS = 4
RADIUS = {"specgan": 0, "wavegan": 2}
CRITIC_ROWS = 256
CLIPS = {
    "specgan": [
        "drums/perc/tabla_ke3.wav", "drums/cymbal/drum_splash_soft.wav",
        "drums/perc/tabla_tun1.wav", "digits/seven/flite_slt.wav"],
    "wavegan": [
        "drums/perc/tabla_tas3.wav", "drums/perc/tabla_na_s.wav", "drums/perc/tabla_ke2.wav",
        "drums/kick/drum_heavy_kick.wav"],
}
REAL, FAKE, BETWEEN = range(3)


class Draws:
    """What is random in a run, as functions of the number of the step and of the update."""

    def __init__(self, architecture, example_count):
        self.latent, self.count = architecture.latent, example_count
        self.radius = RADIUS[architecture.name]

    def batch(self, critic_update):
        """The numbers of the examples: every epoch has an order, batches run on across epochs."""
        first = critic_update * BATCH
        places = [divmod(place, self.count) for place in range(first, first + BATCH)]
        return [philox.RandomStream(SEED, philox.ORDER, epoch).permutation(self.count)[place]
                for epoch, place in places]

    def latents(self, update):
        stream = philox.RandomStream(SEED, philox.TRAINING_LATENTS)
        size = BATCH * self.latent
        return (2 * stream.uniforms(size, update * size) - 1).reshape(BATCH, self.latent)

    def alpha(self, critic_update):
        stream = philox.RandomStream(SEED, philox.INTERPOLATION)
        return stream.uniforms(BATCH, critic_update * BATCH)

    def shifts(self, update, group):
        if self.radius == 0:
            return None
        stream = philox.RandomStream(SEED, philox.PHASE_SHUFFLE)
        first = (update * 3 + group) * SHUFFLED_LAYERS
        return stream.integers(2 * self.radius + 1, SHUFFLED_LAYERS, first) - self.radius


def initial_weights(architecture):
    """The architecture's initial values, in float32; a stream's row is a parameter's place."""
    weights = {}
    for first, shapes in [(0, architecture.generator_shapes()),
                          (CRITIC_ROWS, architecture.critic_shapes())]:
        for place, (name, shape) in enumerate(shapes.items()):
            stream = philox.RandomStream(SEED, philox.WEIGHTS, first + place)
            weights[name] = architecture.initial_values(name, shape, stream)
    return weights


class Trainer:
    """A run in one precision, with the examples of each batch in one order."""

    def __init__(self, architecture, real, precision, order):
        self.architecture, self.precision, self.order = architecture, precision, list(order)
        self.real, self.draws = real, Draws(architecture, len(real))
        self.weights = {name: self.tensor(value).requires_grad_()
                        for name, value in initial_weights(architecture).items()}
        self.moments = {name: (torch.zeros_like(value), torch.zeros_like(value))
                        for name, value in self.weights.items()}
        self.updates = {"G/": 0, "D/": 0}

    def tensor(self, array):
        return torch.tensor(array, dtype=self.precision)

    def ordered(self, batch):
        return self.tensor(batch[self.order])

    def apply(self, loss, prefix):
        """One update of Adam for one network."""
        self.updates[prefix] += 1
        for name, gradient in networks.gradients(loss, self.weights, prefix).items():
            value, first, second = operations.adam(
                self.weights[name].detach(), gradient, *self.moments[name], self.updates[prefix])
            self.weights[name], self.moments[name] = value.requires_grad_(), (first, second)

    def update_critic(self, critic_update, update):
        """One update; the parts of its loss."""
        draws = self.draws
        real = self.ordered(self.real[draws.batch(critic_update)])
        latents = self.ordered(draws.latents(update))
        fake = self.architecture.generate(self.weights, latents).detach()
        parts = networks.critic_loss(
            self.architecture, self.weights, real, fake, self.ordered(draws.alpha(critic_update)),
            [draws.shifts(update, group) for group in [REAL, FAKE, BETWEEN]])
        self.apply(parts["critic_loss"], "D/")
        return {name: parts[name].item()
                for name in ["critic_loss", "wasserstein", "gradient_penalty"]}

    def update_generator(self, update):
        """One update; its loss."""
        loss = networks.generator_loss(
            self.architecture, self.weights, self.ordered(self.draws.latents(update)),
            self.draws.shifts(update, REAL))
        self.apply(loss, "G/")
        return {"generator_loss": loss.item()}

    def step(self, step):
        """A step; the losses of its last critic update and of its generator update."""
        first = step * (CRITIC_UPDATES + 1)
        for turn in range(CRITIC_UPDATES):
            losses = self.update_critic(step * CRITIC_UPDATES + turn, first + turn)
        return losses | self.update_generator(first + CRITIC_UPDATES)


def trained(architecture, real, precision, order=range(BATCH)):
    """Losses [10] and final weights, by name, in float64."""
    trainer = Trainer(architecture, real, precision, order)
    rows = [trainer.step(step) for step in range(STEPS)]
    losses = {name: numpy.array([row[name] for row in rows]) for name in rows[0]}
    return losses | {name: value.detach().numpy().astype(numpy.float64)
                     for name, value in trainer.weights.items()}


def differences(architecture, real, exact):
    """The largest absolute difference of each tensor from the same in float32, over all orders."""
    runs = [trained(architecture, real, torch.float32, order)
            for order in itertools.permutations(range(BATCH))]
    return {name: float(f"{max(numpy.abs(exact[name] - run[name]).max() for run in runs):.2g}")
            for name in exact}


def main():
    torch.set_num_threads(1)
    for architecture in [networks.SPECGAN, networks.WAVEGAN]:
        paths = CLIPS[architecture.name]
        real = examples(architecture, paths).astype(numpy.float32)
        results = trained(architecture, real, torch.float64)
        difference = differences(architecture, real, results)
        worst = max(difference[name] for name in results if "/" in name)
        assert worst < 5e-7, "a unit crossed its corner"
        first = {f"initial/{name}": value for name, value in initial_weights(architecture).items()
                 if name.endswith("kernel")}
        safetensors_file.write(
            f"{architecture.name}_training.safetensors",
            results | first | {"examples": real}, SEED, clips=", ".join(paths),
            steps=STEPS, critic_updates=CRITIC_UPDATES, batch_size=BATCH, penalty_weight=10,
            adam="rate 1e-4, beta1 0.5, beta2 0.9, epsilon 1e-8",
            phase_shuffle=RADIUS[architecture.name], dimension=2, latent=7,
            float32_difference=json.dumps(difference, sort_keys=True))


if __name__ == "__main__":
    main()
