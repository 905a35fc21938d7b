"""Resizing and the statistics of batch normalisation as TensorFlow's version 1 interface has them.

Run it with `tools/reference/record tensorflow_layers`.

Values and gradients of resize_nearest_neighbor, resize_bilinear and resize_bicubic with align_corners=False and
without half-pixel centres, and what batch normalisation takes a variance for: the fused kernel, which tf.layers
uses on four axes, an unbiased one; tf.nn.moments, which it uses on three, the population's. TensorFlow resizes in
float32 alone.
"""

import numpy
import tensorflow

import safetensors_file

tf = tensorflow.compat.v1
SEED = 1981
METHODS = {
    "nearest": tf.image.resize_nearest_neighbor, "linear": tf.image.resize_bilinear,
    "cubic": tf.image.resize_bicubic}
# Batch, height, width, channels; how many times as high and as wide. Lengths of 1 and 2 are all edge.
CASES = [
    ([2, 3, 5, 4], 2, 2), ([2, 1, 7, 3], 1, 4), ([2, 1, 7, 1], 1, 2), ([1, 2, 1, 3], 2, 4),
    ([1, 6, 2, 2], 4, 8),
]


def drawn(generator, shape):
    return tensorflow.constant(generator.standard_normal(shape).astype(numpy.float32))


def resized(generator, method, shape, down, across):
    """A picture, what it becomes, a cotangent and the gradient."""
    x = drawn(generator, shape)
    with tensorflow.GradientTape() as tape:
        tape.watch(x)
        y = METHODS[method](x, [shape[1] * down, shape[2] * across])
    cotangent = drawn(generator, y.shape)
    return {"x": x, "y": y, "cotangent": cotangent,
            "x_cotangent": tape.gradient(y, x, output_gradients=cotangent)}


def statistics(generator):
    """A batch's mean, and its variance by the fused kernel and by tf.nn.moments."""
    x = drawn(generator, [3, 4, 5, 2]) * 3 + 1
    _, mean, fused = tf.nn.fused_batch_norm(x, tf.ones([2]), tf.zeros([2]), epsilon=1e-3)
    moments = tf.nn.moments(tf.reshape(x, [3, 20, 2]), [0, 1])
    count = 60
    numpy.testing.assert_allclose(fused, moments[1] * count / (count - 1), rtol=1e-5)
    numpy.testing.assert_allclose(mean, moments[0], rtol=1e-5)
    # A single example at a single place has no variance, and is not divided by zero.
    _, _, single = tf.nn.fused_batch_norm(x[:1, :1, :1], tf.ones([2]), tf.zeros([2]), epsilon=1e-3)
    numpy.testing.assert_array_equal(single, [0, 0])
    return {"x": x, "mean": mean, "unbiased": fused, "population": moments[1]}


def main():
    generator = numpy.random.default_rng(SEED)
    tensors = {f"statistics/{name}": value for name, value in statistics(generator).items()}
    for method in METHODS:
        for index, (shape, down, across) in enumerate(CASES):
            found = resized(generator, method, shape, down, across)
            tensors |= {f"{method}/{index}/{name}": value for name, value in found.items()}
    tensors["factors"] = numpy.array([case[1:] for case in CASES])
    safetensors_file.write(
        "tensorflow_layers.safetensors", tensors, SEED, libraries=["numpy", "tensorflow-cpu"],
        precision="computed and stored as float32")


if __name__ == "__main__":
    main()
