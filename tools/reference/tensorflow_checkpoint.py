"""Trains the published networks for a few steps with TensorFlow's own version 1 interface, and saves them.

    python tools/reference/tensorflow_checkpoint.py write specgan FOLDER
    python tools/reference/tensorflow_checkpoint.py check specgan TRAIN_DIR FOLDER/outputs.safetensors

`write` leaves in FOLDER a checkpoint as `tf.train.Saver` writes it, args.txt, for SpecGAN moments.pkl, and in
outputs.safetensors latents `z`, samples `samples` and what the networks make of both. `check` restores TRAIN_DIR,
which tools/convert-tensorflow exported, into the same graph and compares what comes out with that file.
Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, tables 2 to 5, in the operations of the
published code; variables have its names. Needs tools/bridges/requirements.txt.
"""

import pathlib
import pickle
import sys

import numpy
import tensorflow
from safetensors.numpy import load_file, save_file

tf = tensorflow.compat.v1
DIMENSION, LATENT, BATCH, STEPS = 2, 7, 3, 2
TOLERANCE = 1e-5


def variable(name, shape):
    return tf.get_variable(name, shape, initializer=tf.glorot_uniform_initializer() if len(shape) > 1
                           else tf.random_uniform_initializer(-0.1, 0.1))


def dense(x, units):
    with tf.variable_scope("dense"):
        return x @ variable("kernel", [x.shape[-1], units]) + variable("bias", [units])


def transposed(x, channels, window, stride):
    """Always of two axes, as in the published code; a waveform has one line."""
    with tf.variable_scope("conv2d_transpose"):
        kernel = variable("kernel", [*window, channels, x.shape[-1]])
        size = [tf.shape(x)[0], x.shape[1] * stride[0], x.shape[2] * stride[1], channels]
        x = tf.nn.conv2d_transpose(x, kernel, size, [1, *stride, 1], "SAME")
        return x + variable("bias", [channels])


def convolution(x, channels, window, stride):
    is_wave = len(window) == 1
    with tf.variable_scope("conv1d" if is_wave else "conv2d"):
        kernel = variable("kernel", [*window, x.shape[-1], channels])
        operation = tf.nn.conv1d if is_wave else tf.nn.conv2d
        return operation(x, kernel, stride, "SAME") + variable("bias", [channels])


def generator(z, model):
    is_wave, d = model == "wavegan", DIMENSION
    narrow, window, stride = ([1, 16], [1, 25], [1, 4]) if is_wave else ([4, 4], [5, 5], [2, 2])
    with tf.variable_scope("G", reuse=tf.AUTO_REUSE):
        with tf.variable_scope("z_project"):
            x = tf.nn.relu(tf.reshape(dense(z, 256 * d), [-1, *narrow, 16 * d]))
        for layer, channels in enumerate([8 * d, 4 * d, 2 * d, d, 1]):
            with tf.variable_scope(f"upconv_{layer}"):
                x = transposed(x, channels, window, stride)
            x = tf.nn.tanh(x) if layer == 4 else tf.nn.relu(x)
    return x[:, 0] if is_wave else x


def critic(x, model):
    window, stride = ([25], 4) if model == "wavegan" else ([5, 5], 2)
    with tf.variable_scope("D", reuse=tf.AUTO_REUSE):
        for layer in range(5):
            with tf.variable_scope(f"downconv_{layer}"):
                x = tf.nn.leaky_relu(convolution(x, DIMENSION << layer, window, stride), 0.2)
        with tf.variable_scope("output"):
            return dense(tf.reshape(x, [-1, 256 * DIMENSION]), 1)[:, 0]


class Graph:
    """The networks for fed latents and samples, and the two training operations, the generator's first."""

    def __init__(self, model):
        tf.set_random_seed(5)
        shape = [None, 16384, 1] if model == "wavegan" else [None, 128, 128, 1]
        self.z = tf.placeholder(tf.float32, [None, LATENT])
        self.x = tf.placeholder(tf.float32, shape)
        self.generated = generator(self.z, model)
        self.value = critic(self.x, model)
        self.gradient = tf.gradients(self.value, self.x)[0]
        fake = critic(self.generated, model)
        position = tf.random_uniform([BATCH] + [1] * (len(shape) - 1))
        between = self.x + position * (self.generated - self.x)
        slopes = tf.gradients(critic(between, model), between)[0]
        norms = tf.sqrt(tf.reduce_sum(slopes ** 2, list(range(1, len(shape)))))
        critic_loss = tf.reduce_mean(fake) - tf.reduce_mean(self.value) + 10 * tf.reduce_mean((norms - 1) ** 2)
        variables = {name: tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, name) for name in "GD"}
        self.updates = [
            tf.train.AdamOptimizer(1e-4, 0.5, 0.9).minimize(
                -tf.reduce_mean(fake), tf.train.get_or_create_global_step(), variables["G"]),
            tf.train.AdamOptimizer(1e-4, 0.5, 0.9).minimize(critic_loss, var_list=variables["D"])]

    def train(self, session, random, shape):
        for _ in range(STEPS):
            for operation in [self.updates[1]] * 5 + [self.updates[0]]:
                session.run(operation, {self.z: random.uniform(-1, 1, [BATCH, LATENT]),
                                        self.x: random.uniform(-1, 1, shape)})

    def outputs(self, session, z, x):
        generated = session.run(self.generated, {self.z: z})
        values, gradients = session.run([self.value, self.gradient], {self.x: x})
        norms = numpy.sqrt((gradients.reshape(len(x), -1).astype(float) ** 2).sum(1))
        return {"z": z, "samples": x, "generated": generated, "values": values,
                "gradient_norms": norms.astype(numpy.float32)}


def write(model, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(3)
    graph = Graph(model)
    shape = [BATCH, *graph.x.shape.as_list()[1:]]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        graph.train(session, random, shape)
        tf.train.Saver().save(session, str(folder / "model.ckpt"), tf.train.get_global_step())
        z, x = (random.uniform(-1, 1, size).astype(numpy.float32) for size in ([BATCH, LATENT], shape))
        outputs = graph.outputs(session, z, x)
    save_file({name: numpy.ascontiguousarray(value) for name, value in outputs.items()},
              folder / "outputs.safetensors")
    (folder / "args.txt").write_text(
        f"data_pad_end,True\ntrain_batch_size,{BATCH}\n{model}_disc_nupdates,5\n")
    if model == "specgan":
        moments = random.uniform(-5, 0, 129), random.uniform(0.5, 2, 129)
        (folder / "moments.pkl").write_bytes(pickle.dumps(moments, protocol=2))


def check(model, train_dir, outputs):
    wanted = load_file(outputs)
    graph = Graph(model)
    with tf.Session() as session:
        # Every variable there is, the optimisers' among them: a missing one is an error.
        tf.train.Saver().restore(session, tf.train.latest_checkpoint(train_dir))
        found = graph.outputs(session, wanted["z"], wanted["samples"])
        random = numpy.random.default_rng(4)
        graph.train(session, random, wanted["samples"].shape)
    for name, value in wanted.items():
        error = numpy.abs(found[name] - value).max()
        assert error <= TOLERANCE * max(1, numpy.abs(value).max()), (name, error)
    print(f"{train_dir}: the same, and trains")


if __name__ == "__main__":
    tf.disable_eager_execution()
    action, *arguments = sys.argv[1:]
    {"write": write, "check": check}[action](*arguments)
