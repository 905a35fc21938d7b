"""Makes Fixtures/golden/resampling-*.f32: a sound at three rates brought to 16 kHz by soxr's HQ.

Little-endian float32. The input is written too, so that nothing rests on two sines being the same bits:
1000 frames of stereo, noise on the left and a tone on the right.
Made with soxr 1.1.0 (libsoxr 0.1.3), numpy 2.4.6, seed 1. Run it with `tools/reference/record resampling`.
"""

import pathlib

import numpy
import soxr

golden = pathlib.Path(__file__).parents[2] / "Fixtures" / "golden"
noise = numpy.random.default_rng(1).uniform(-0.5, 0.5, 1000)
for rate in (8000, 44100, 48000):
    tone = 0.5 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(1000) / rate)
    sound = numpy.stack([noise, tone], axis=1).astype("<f4")
    result = soxr.resample(sound, rate, 16000, quality="HQ")
    sound.tofile(golden / f"resampling-{rate}.f32")
    result.astype("<f4").tofile(golden / f"resampling-{rate}-16000.f32")
    print(rate, len(result))
