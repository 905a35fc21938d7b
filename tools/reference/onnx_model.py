"""Runs an ONNX model that `specgan export` wrote in ONNX Runtime and compares what it gives.

    python tools/reference/onnx_model.py MODEL.onnx LATENTS.safetensors RAW.safetensors

LATENTS are what `specgan generate` drew and RAW what its --raw wrote. Checks the model with the format's own
checker, `samples` against RAW, SpecGAN's `magnitudes` against their definition, and one latent by itself against
the whole batch. Needs onnx-requirements.txt.
"""

import sys

import numpy
import onnx
import onnxruntime
from safetensors.numpy import load_file

TOLERANCE = 1e-5


def main(path, latents, raw):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    z, wanted = with_labels(load_file(latents), session.get_inputs()[0].shape[1]), load_file(raw)["samples"]
    names = [output.name for output in session.get_outputs()]
    found = dict(zip(names, session.run(None, {"z": z})))
    for output in session.get_outputs():
        assert list(found[output.name].shape[1:]) == output.shape[1:], output
    samples = found["samples"]
    assert samples.shape == wanted.shape, (samples.shape, wanted.shape)
    difference = numpy.abs(samples - wanted).max()
    assert difference <= TOLERANCE, difference
    assert numpy.abs(wanted).max() > 100 * TOLERANCE, "there is nothing to compare"
    single, = session.run(["samples"], {"z": z[:1]})
    assert numpy.abs(single - samples[:1]).max() <= TOLERANCE
    if metadata["model"] == "specgan":
        constants = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        padded = numpy.pad(samples[..., 0].astype(float), ((0, 0), (0, 0), (0, 1)))
        magnitudes = numpy.exp(padded * constants["ranges"] + constants["means"])
        assert (numpy.abs(found["magnitudes"] - magnitudes) <= TOLERANCE * magnitudes).all()
    print(f"{len(z)} samples differ by {difference:.1e} at most; onnxruntime {onnxruntime.__version__}")


def with_labels(latents, width):
    """Behind each latent a one in the place of its label, in `width` numbers together."""
    z = latents["z"]
    count = width - z.shape[1]
    return numpy.hstack([z, numpy.eye(count, dtype=z.dtype)[latents["labels"]]]) if count > 0 else z


if __name__ == "__main__":
    main(*sys.argv[1:])
