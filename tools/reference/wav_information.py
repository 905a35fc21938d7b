#!/usr/bin/env python3
"""Prints the chunks and the INFO texts of a WAV file as JSON, by the RIFF specification.

Usage: tools/reference/wav_information.py FILE

Tests compare with it. It shares no code with the package: frames and rate come from Python's `wave`,
chunks from a reader that follows the sizes alone and does not look for names.
"""
import json
import struct
import sys
import wave


def chunks(data, start, end):
    while start + 8 <= end:
        name, size = struct.unpack_from("<4sI", data, start)
        yield name.decode("latin-1"), data[start + 8 : start + 8 + size]
        start += 8 + size + size % 2
    if start != end:
        raise SystemExit(f"chunks end at {start}, not at {end}")


path = sys.argv[1]
with open(path, "rb") as file:
    data = file.read()
magic, size, kind = struct.unpack_from("<4sI4s", data, 0)
assert (magic, kind) == (b"RIFF", b"WAVE")
result = {"whole": size == len(data) - 8, "chunks": [], "INFO": {}}
for name, body in chunks(data, 12, len(data)):
    result["chunks"].append(name)
    if name == "LIST" and body[:4] == b"INFO":
        for field, text in chunks(body, 4, len(body)):
            assert text.endswith(b"\0") and text.count(b"\0") == 1
            result["INFO"][field] = text[:-1].decode("ascii")
with wave.open(path) as file:
    result["frames"], result["rate"] = file.getnframes(), file.getframerate()
print(json.dumps(result))
