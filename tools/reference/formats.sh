#!/bin/sh
# Makes Fixtures/formats: one stereo signal in every container and encoding that is read.
# Left 0.5 sin(2 pi 440 n / 16000), right 0.25 sin(2 pi 1000 n / 16000 + 1), 1000 frames, 8000 where
# the encoding is lossy. Needs sox (with its MP3 format), flac, oggenc, python3 with soundfile.
# Made with sox 14.4.2, flac 1.4.2, vorbis-tools 1.4.2, soundfile 0.14.0 (libsndfile 1.2.2).
# Usage: tools/reference/formats.sh [PYTHON]
set -eu
python=${1:-python3}
cd "$(dirname "$0")/../../Fixtures/formats"
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT

"$python" - "$scratch" <<'PYTHON'
import math, struct, sys

for name, frames in (("short", 1000), ("long", 8000)):
    with open(f"{sys.argv[1]}/{name}.f64", "wb") as file:
        for n in range(frames):
            left = 0.5 * math.sin(2 * math.pi * 440 * n / 16000)
            right = 0.25 * math.sin(2 * math.pi * 1000 * n / 16000 + 1)
            file.write(struct.pack("<2d", left, right))
PYTHON

convert() { # signal, target, options of the target: no dither, no clock, no comment
  signal=$1 target=$2
  shift 2
  sox -D -R -t f64 -r 16000 -c 2 "$scratch/$signal.f64" --comment "" "$@" "$target"
}

convert short pcm8.wav -b 8 -e unsigned-integer
convert short pcm16.wav -b 16
convert short pcm24.wav -t wavpcm -b 24
convert short pcm32.wav -t wavpcm -b 32 -e signed-integer
convert short extensible24.wav -b 24
convert short extensible32.wav -b 32 -e signed-integer
convert short float.wav -b 32 -e floating-point
convert short double.wav -b 64 -e floating-point
convert short pcm16.aiff -b 16
convert short pcm24.aiff -b 24
convert short pcm16.aifc -b 16
convert long layer3.mp3 -C 128 # no table of frames in front
convert long long.wav -b 16
convert short adpcm.wav -e ms-adpcm
convert short mulaw.wav -e mu-law

for bits in 8 16 24; do
  flac --totally-silent --force --no-padding --output-name=pcm$bits.flac pcm$bits.wav
done
oggenc --quiet --quality 8 --serial 1 --output vorbis.ogg long.wav

"$python" - long.wav pcm16.wav <<'PYTHON'
import sys
import soundfile

long, rate = soundfile.read(sys.argv[1])
soundfile.write("table.mp3", long, rate, format="MP3")
# libsndfile numbers an Opus stream at random: those four bytes and the checksums differ each time.
soundfile.write("opus.ogg", long, rate, format="OGG", subtype="OPUS", compression_level=0.75)
short, rate = soundfile.read(sys.argv[2], dtype="int16")
soundfile.write("sowt.aifc", short, rate, format="AIFF", subtype="PCM_16", endian="LITTLE")
short, rate = soundfile.read(sys.argv[2])
soundfile.write("float.aifc", short, rate, format="AIFF", subtype="FLOAT")
PYTHON
rm long.wav
