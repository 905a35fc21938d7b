// Loops over contiguous values, written for the compiler to vectorize.

#include "CKernels.h"
#include "clones.h"

CLONES void specgan_add(const float *restrict source, long count, float *restrict target) {
  for (long i = 0; i < count; i++) target[i] += source[i];
}

CLONES void specgan_scale(const float *restrict source, float factor, long count,
                          float *restrict target) {
  for (long i = 0; i < count; i++) target[i] = factor * source[i];
}

CLONES void specgan_interpolate(float *restrict values, const float *restrict towards,
                                float position, long count) {
  for (long i = 0; i < count; i++) values[i] += position * (towards[i] - values[i]);
}

CLONES void specgan_decay_towards(float *restrict means, const float *restrict values, float decay,
                                  long count) {
  for (long i = 0; i < count; i++) means[i] = decay * means[i] + (1 - decay) * values[i];
}

CLONES void specgan_clip(float *values, float limit, long count) {
  for (long i = 0; i < count; i++) {
    float value = values[i] > limit ? limit : values[i];
    values[i] = value < -limit ? -limit : value;
  }
}

CLONES void specgan_scale_in_place(float *values, float factor, long count) {
  for (long i = 0; i < count; i++) values[i] *= factor;
}
