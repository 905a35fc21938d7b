"""Prints what TensorBoard's own reader finds in a run, and what its server tells over HTTP, as JSON.

    read_events.py RUN
"""

import io
import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import zlib

from PIL import Image
from tensorboard.backend.event_processing import event_accumulator, event_file_loader
from tensorboard.plugins.hparams import plugin_data_pb2


def read(run):
    """Everything, step by step, as the reader keeps it after what later sessions made void is gone."""
    everything = {kind: 0 for kind in event_accumulator.DEFAULT_SIZE_GUIDANCE}
    found = event_accumulator.EventAccumulator(run, size_guidance=everything).Reload()
    tags = found.Tags()
    return {
        "scalars": {tag: [[e.step, e.value] for e in found.Scalars(tag)] for tag in tags["scalars"]},
        "images": {tag: [picture(e) for e in found.Images(tag)] for tag in tags["images"]},
        "audio": {tag: [sound(e) for e in found.Audio(tag)] for tag in tags["audio"]},
        "histograms": {tag: [histogram(e) for e in found.Histograms(tag)]
                       for tag in tags["histograms"]},
        "texts": {tag: [e.tensor_proto.string_val[0].decode() for e in found.Tensors(tag)]
                  for tag in tags["tensors"] if not tag.startswith("_")},
        "hyperparameters": hyperparameters(found),
    }


def hyperparameters(found):
    """Each setting as text."""
    content = found.PluginTagToContent("hparams")["_hparams_/session_start_info"]
    session = plugin_data_pb2.HParamsPluginData.FromString(content).session_start_info
    return {name: str(getattr(value, value.WhichOneof("kind"))) for name, value in session.hparams.items()}


def picture(event):
    """Step, size as told, size as decoded, and checksum."""
    data = event.encoded_image_string
    decoded = Image.open(io.BytesIO(data))
    decoded.load()
    return [event.step, event.width, event.height, *decoded.size, zlib.crc32(data)]


def sound(event):
    """Step, rate, frames, and checksum."""
    assert event.content_type == "audio/wav", event.content_type
    return [event.step, event.sample_rate, event.length_frames,
            zlib.crc32(event.encoded_audio_string)]


def histogram(event):
    """Step, how many numbers, how many of them in buckets, and the range."""
    value = event.histogram_value
    assert sorted(value.bucket_limit) == list(value.bucket_limit)
    return [event.step, value.num, sum(value.bucket), value.min, value.max]


def records(run):
    """For each file, in order: the whole records in it, and the steps that sessions start with."""
    files = []
    for path in sorted(pathlib.Path(run).glob("*tfevents*")):
        events = list(event_file_loader.LegacyEventFileLoader(str(path)).Load())
        starts = [e.step for e in events if e.HasField("session_log") and e.session_log.status == 1]
        files.append({"name": path.name, "version": events[0].file_version,
                      "records": len(events), "starts": starts})
    return files


def serve(run):
    """What the server lists by plugin, and the steps of one thing of each kind."""
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", run, "--port", "0",
               "--host", "127.0.0.1", "--reload_interval", "1"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        address = next(match[0] for line in server.stderr
                       if (match := re.search(r"http://127\.0\.0\.1:\d+/", line)))
        return ask(address + "data/plugin/")
    finally:
        server.kill()
        server.wait()


def ask(address):
    """Waits until the server has read the run, for a minute at most."""
    def get(path, **query):
        query = "?" + urllib.parse.urlencode(query) if query else ""
        return urllib.request.urlopen(address + path + query, timeout=20).read()
    for _ in range(60):
        found = {kind: json.loads(get(kind + "/tags"))
                 for kind in ["scalars", "images", "audio", "histograms"]}
        if all(found.values()):
            break
        time.sleep(1)
    run = next(iter(found["scalars"]))
    tags = {kind: sorted(runs[run]) for kind, runs in found.items()}
    points = json.loads(get("scalars/scalars", run=run, tag="critic/loss"))
    pictures = json.loads(get("images/images", run=run, tag="picture/preview/00", sample=0))
    sounds = json.loads(get("audio/audio", run=run, tag="sound/preview/00", sample=0))
    histograms = json.loads(get("histograms/histograms", run=run, tag="generator/output"))
    return {
        "tags": tags, "points": [[step, value] for _, step, value in points],
        "pictures": [[p["step"], zlib.crc32(get("images/individualImage?" + p["query"]))]
                     for p in pictures],
        "sounds": [[s["step"], zlib.crc32(get("audio/individualAudio?" + s["query"]))]
                   for s in sounds],
        "histograms": [[step, sum(bucket[2] for bucket in buckets)]
                       for _, step, buckets in histograms],
    }


run = sys.argv[1]
print(json.dumps({"files": records(run), "read": read(run), "served": serve(run)}))
