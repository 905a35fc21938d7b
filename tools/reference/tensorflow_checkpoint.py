"""Trains the published networks for a step or two with TensorFlow's own version 1 interface, and saves them.

    python tools/reference/tensorflow_checkpoint.py write FOLDER VARIANT...
    python tools/reference/tensorflow_checkpoint.py check FOLDER VARIANT...
    python tools/reference/tensorflow_checkpoint.py train FOLDER VARIANT...

`write` leaves in FOLDER/VARIANT a checkpoint as `tf.train.Saver` writes it, args.txt, for SpecGAN moments.pkl,
and in outputs.safetensors latents `z`, samples `samples` and what the networks make of both, with moving means and
variances. `check` restores FOLDER/VARIANT/back, which tools/bridges/convert-tensorflow exported, into the same graph,
compares every variable and what comes out, and trains on; `train` trains on alone.
Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, tables 2 to 5, in the operations of the
reference implementation; variables have its names. Needs tools/bridges/tensorflow-requirements.txt.
"""

import pathlib
import pickle
import sys

import numpy
import tensorflow
from safetensors.numpy import load_file, save_file

from tensorflow_networks import VARIANTS, critic, generator, tf

BATCH, STEPS, CRITIC_UPDATES = 3, 2, 2
TOLERANCE = 1e-5


class Graph:
    """The networks for fed latents and samples, and the two training operations, the generator's first."""

    def __init__(self, variant):
        self.variant = variant
        self.graph = tensorflow.Graph()
        with self.graph.as_default():
            self.build()

    def build(self):
        variant = self.variant
        tf.set_random_seed(5)
        self.z = tf.placeholder(tf.float32, [None, variant.latent])
        self.x = tf.placeholder(tf.float32, [None, *variant.sample])
        self.build_updates()
        self.generated = generator(self.z, variant, training=False)
        self.value = critic(self.x, variant, training=False)
        self.gradient = tf.gradients(self.value, self.x)[0]

    def build_updates(self):
        made = generator(self.z, self.variant, training=True)
        # The critic's moving means and variances are never brought up to date.
        kept = tf.get_collection(tf.GraphKeys.UPDATE_OPS, "G")
        real, fake = (critic(x, self.variant, training=True) for x in (self.x, made))
        variables = {name: tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, name) for name in "GD"}
        losses = self.losses(real, fake, made)
        optimizer = {
            "wgan-gp": lambda: tf.train.AdamOptimizer(1e-4, 0.5, 0.9),
            "wgan": lambda: tf.train.RMSPropOptimizer(5e-5),
            "lsgan": lambda: tf.train.RMSPropOptimizer(1e-4),
            "dcgan": lambda: tf.train.AdamOptimizer(2e-4, 0.5)}[self.variant.loss]
        with tf.control_dependencies(kept):
            self.updates = [
                optimizer().minimize(losses[0], tf.train.get_or_create_global_step(), variables["G"]),
                optimizer().minimize(losses[1], var_list=variables["D"])]
        self.clipping = [tf.assign(v, tf.clip_by_value(v, -0.01, 0.01)) for v in variables["D"]]

    def losses(self, real, fake, made):
        mean, loss = tf.reduce_mean, self.variant.loss
        if loss == "lsgan":
            return mean((fake - 1) ** 2), (mean((real - 1) ** 2) + mean(fake ** 2)) / 2
        if loss == "dcgan":
            def entropy(values, label):
                return mean(tf.nn.sigmoid_cross_entropy_with_logits(
                    logits=values, labels=label * tf.ones_like(values)))
            return entropy(fake, 1), (entropy(fake, 0) + entropy(real, 1)) / 2
        difference = mean(fake) - mean(real)
        penalty = 10 * self.penalty(made) if loss == "wgan-gp" else 0
        return -mean(fake), difference + penalty

    def penalty(self, made):
        axes = list(range(1, len(self.x.shape)))
        between = self.x + tf.random_uniform([BATCH] + [1] * len(axes)) * (made - self.x)
        slopes = tf.gradients(critic(between, self.variant, training=True), between)[0]
        return tf.reduce_mean((tf.sqrt(tf.reduce_sum(slopes ** 2, axes)) - 1) ** 2)

    def train(self, session, random):
        for _ in range(STEPS):
            for update in [1] * CRITIC_UPDATES + [0]:
                session.run(self.updates[update], {
                    self.z: random.uniform(-1, 1, [BATCH, self.variant.latent]),
                    self.x: random.uniform(-1, 1, [BATCH, *self.variant.sample])})
                if update == 1 and self.variant.loss == "wgan":
                    session.run(self.clipping)

    def outputs(self, session, z, x):
        generated = session.run(self.generated, {self.z: z})
        values, gradients = session.run([self.value, self.gradient], {self.x: x})
        norms = numpy.sqrt((gradients.reshape(len(x), -1).astype(float) ** 2).sum(1))
        return {"z": z, "samples": x, "generated": generated, "values": values,
                "gradient_norms": norms.astype(numpy.float32)}


def write(graph, folder):
    variant = graph.variant
    folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(3)
    with tf.Session(graph=graph.graph) as session:
        session.run(tf.global_variables_initializer())
        graph.train(session, random)
        tf.train.Saver().save(session, str(folder / "model.ckpt"), tf.train.get_global_step())
        z, x = (random.uniform(-1, 1, [BATCH, *size]).astype(numpy.float32)
                for size in ([variant.latent], variant.sample))
        outputs = graph.outputs(session, z, x)
    save_file({name: numpy.ascontiguousarray(value) for name, value in outputs.items()},
              folder / "outputs.safetensors")
    flags = variant.flags | {
        "data_pad_end": True, "train_batch_size": BATCH, f"{variant.model}_disc_nupdates": CRITIC_UPDATES}
    # As the reference writes it: sorted, and no newline at the end.
    (folder / "args.txt").write_text("\n".join(f"{flag},{flags[flag]}" for flag in sorted(flags)))
    if variant.model == "specgan":
        moments = random.uniform(-5, 0, 129), random.uniform(0.5, 2, 129)
        (folder / "moments.pkl").write_bytes(pickle.dumps(moments, protocol=2))


def check(graph, folder):
    wanted = load_file(folder / "outputs.safetensors")
    compare_variables(folder, folder / "back")
    found = train(graph, folder, wanted["z"], wanted["samples"])
    for output, value in wanted.items():
        error = numpy.abs(found[output] - value).max()
        assert error <= TOLERANCE * numpy.abs(value).max(), (folder, output, error)


def train(graph, folder, z=None, x=None):
    with tf.Session(graph=graph.graph) as session:
        # Every variable there is, the optimisers' among them: a missing one is an error.
        tf.train.Saver().restore(session, tf.train.latest_checkpoint(folder / "back"))
        outputs = None if z is None else graph.outputs(session, z, x)
        step = session.run(tf.train.get_global_step())
        graph.train(session, numpy.random.default_rng(4))
        weights = session.run(tf.trainable_variables())
        assert all(numpy.isfinite(value).all() for value in weights)
        print(f"{folder.name}: goes on from step {step} to {session.run(tf.train.get_global_step())}")
    return outputs


def compare_variables(folder, back):
    """Bit by bit, but for the powers of Adam's decays, which are products here and powers there, and for the
    momentum of RMSProp, which is multiplied by 0 before it is added."""
    before, after = (tensorflow.train.load_checkpoint(tf.train.latest_checkpoint(place)) for place in (folder, back))
    names = before.get_variable_to_shape_map()
    assert names == after.get_variable_to_shape_map(), (folder, names)
    for name in names:
        found, value = after.get_tensor(name), before.get_tensor(name)
        tolerance = 1e-6 * value if "_power" in name else 0
        assert name.endswith("/RMSProp_1") or numpy.abs(found - value).max() <= tolerance, (folder, name)


def main(action, folder, *names):
    for name in names or VARIANTS:
        {"write": write, "check": check, "train": train}[action](Graph(VARIANTS[name]), pathlib.Path(folder) / name)


if __name__ == "__main__":
    main(*sys.argv[1:])
