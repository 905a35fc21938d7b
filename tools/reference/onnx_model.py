"""Runs an ONNX model that `specgan export` wrote in ONNX Runtime and compares what it gives.

    python tools/reference/onnx_model.py MODEL.onnx LATENTS.safetensors RAW.safetensors [MOMENTS FLOOR HEADROOM]

LATENTS are what `specgan generate` drew and RAW what its --raw wrote. Checks the model with the format's own
checker, `samples` against RAW, SpecGAN's `magnitudes` against their definition, and one latent by itself against
the whole batch. MOMENTS are a cache's; with them magnitudes are bounded by HEADROOM dB over its largest ones, and
FLOOR is subtracted from them. Needs onnx-requirements.txt.
"""

import sys

import numpy
import onnx
import onnxruntime
from safetensors.numpy import load_file

# For outputs up to 0.1. It grows in proportion for larger ones, such as those of style-based networks in the tests.
TOLERANCE = 1e-5


def main(path, latents, raw, moments=None, floor="0", headroom="0"):
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
    tolerance = TOLERANCE * max(1, 10 * numpy.abs(wanted).max())
    assert difference <= tolerance, difference
    assert numpy.abs(wanted).max() > 100 * TOLERANCE, "there is nothing to compare"
    single, = session.run(["samples"], {"z": z[:1]})
    assert numpy.abs(single - samples[:1]).max() <= tolerance
    if metadata["model"] == "specgan":
        constants = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        pictures = (samples[..., 0] if samples.shape[-1] == 1 else samples).astype(float)
        padded = numpy.pad(pictures, [(0, int(axis == 2)) for axis in range(pictures.ndim)])
        magnitudes = numpy.exp(padded * constants["ranges"] + constants["means"])
        if moments:
            magnitudes = bounded(magnitudes, load_file(moments), float(headroom))
            magnitudes = numpy.maximum(magnitudes - float(floor), 0)
        if "merged_bins: 3" in metadata["configuration"]:  # 64 single bins, then three in a band
            bands = numpy.concatenate([numpy.arange(64), 64 + numpy.arange(192) // 3, [128]])
            magnitudes = magnitudes[:, :, bands]
            assert found["magnitudes"].shape[2] == 257, found["magnitudes"].shape
        assert (numpy.abs(found["magnitudes"] - magnitudes) <= TOLERANCE * (magnitudes + float(floor))).all()
    print(f"{len(z)} samples differ by {difference:.1e} at most; onnxruntime {onnxruntime.__version__}")


def bounded(magnitudes, moments, headroom):
    """No bin above `headroom` dB over its largest real one, no frame's energy above a third of that."""
    peaks = moments["peak"].astype(float).T  # channels last
    bins = numpy.minimum(magnitudes, numpy.exp(peaks) * 10 ** (headroom / 20))
    levels = numpy.sqrt((bins ** 2).sum(2, keepdims=True))
    loudest = numpy.exp(moments["frame_peak"].astype(float)) * 10 ** (headroom / 60)
    assert (bins < magnitudes).any() and (bins == magnitudes).any(), "the bounds of bins are not tried"
    assert (levels > loudest).any() and (levels < loudest).any(), "the bound of frames is not tried"
    return bins * numpy.minimum(1, loudest / levels)


def with_labels(latents, width):
    """Behind each latent a one in the place of its label, in `width` numbers together."""
    z = latents["z"]
    count = width - z.shape[1]
    return numpy.hstack([z, numpy.eye(count, dtype=z.dtype)[latents["labels"]]]) if count > 0 else z


if __name__ == "__main__":
    main(*sys.argv[1:])
