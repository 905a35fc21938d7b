"""Writes Fixtures/golden/events.tfevents: one event of each kind, by TensorBoard's own messages and records."""

import struct
import zlib

import numpy
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

from safetensors_file import ROOT


def png():
    """A red picture of 3 by 2 pixels."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + b"\xff\0\0" * 3) * 2
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def histogram():
    """Sixteenths from 0 to 30, most of them small, in buckets of half a unit."""
    values = numpy.arange(481) ** 2 // 480 / 16
    counts, limits = numpy.histogram(values, bins=60)
    return summary_pb2.HistogramProto(
        min=values.min(), max=values.max(), num=len(values), sum=values.sum(),
        sum_squares=(values ** 2).sum(), bucket_limit=limits[1:], bucket=counts)


def hyperparameters():
    """The settings of a session, of each kind."""
    session = plugin_data_pb2.SessionStartInfo(start_time_secs=1.5)
    session.hparams["network.conditional"].bool_value = False
    session.hparams["training.batch_size"].number_value = 16
    session.hparams["training.drift_weight"].number_value = 0
    session.hparams["training.loss"].string_value = "rpgan"
    content = plugin_data_pb2.HParamsPluginData(session_start_info=session)
    return summary_pb2.Summary.Value(
        tag="_hparams_/session_start_info",
        tensor=tensor_pb2.TensorProto(
            dtype=types_pb2.DT_FLOAT, tensor_shape=tensor_shape_pb2.TensorShapeProto()),
        metadata=summary_pb2.SummaryMetadata(plugin_data=summary_pb2.SummaryMetadata.PluginData(
            plugin_name="hparams", content=content.SerializeToString(deterministic=True))))


def events():
    """The events, at times and steps that need one byte and several."""
    yield event_pb2.Event(wall_time=1.5, file_version="brain.Event:2")
    yield event_pb2.Event(
        wall_time=2.5, step=300, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START))
    scalars = summary_pb2.SummaryMetadata.PluginData(plugin_name="scalars")
    metadata = summary_pb2.SummaryMetadata(
        plugin_data=scalars, summary_description="rises, then falls")
    values = [
        summary_pb2.Summary.Value(tag="critic/loss", simple_value=-0.1, metadata=metadata),
        summary_pb2.Summary.Value(
            tag="zero", simple_value=0, metadata=summary_pb2.SummaryMetadata(plugin_data=scalars)),
        summary_pb2.Summary.Value(tag="picture/0", image=summary_pb2.Summary.Image(
            height=2, width=3, colorspace=3, encoded_image_string=png())),
        summary_pb2.Summary.Value(tag="sound/0", audio=summary_pb2.Summary.Audio(
            sample_rate=16000, num_channels=2, length_frames=70000, encoded_audio_string=b"RIFF",
            content_type="audio/wav")),
        summary_pb2.Summary.Value(tag="weights", histo=histogram()),
        summary_pb2.Summary.Value(
            tag="configuration", tensor=tensor_pb2.TensorProto(
                dtype=types_pb2.DT_STRING, tensor_shape=tensor_shape_pb2.TensorShapeProto(),
                string_val=["model: specgan\n".encode()]),
            metadata=summary_pb2.SummaryMetadata(
                plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="text"))),
        hyperparameters(),
    ]
    yield event_pb2.Event(wall_time=1.7e9, step=1 << 40, summary=summary_pb2.Summary(value=values))


path = ROOT / "Fixtures" / "golden" / "events.tfevents"
with open(path, "wb") as file:
    writer = RecordWriter(file)
    for event in events():
        writer.write(event.SerializeToString(deterministic=True))
print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
