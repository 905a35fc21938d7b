// Loops over contiguous values, written for the compiler to vectorize.

#include "CKernels.h"
#include "dispatch.h"

DISPATCHED(void, specgan_add, (const float *restrict source, long count, float *restrict target),
           (source, count, target)) {
  for (long i = 0; i < count; i++) target[i] += source[i];
}

DISPATCHED(void, specgan_add_scaled,
           (const float *restrict source, float factor, long count, float *restrict target),
           (source, factor, count, target)) {
  for (long i = 0; i < count; i++) target[i] += factor * source[i];
}

DISPATCHED(void, specgan_add_scaled_products,
           (const float *a, const float *b, float factor, long count, float *restrict target),
           (a, b, factor, count, target)) {
  for (long i = 0; i < count; i++) target[i] += factor * (a[i] * b[i]);
}

DISPATCHED(void, specgan_scale,
           (const float *restrict source, float factor, long count, float *restrict target),
           (source, factor, count, target)) {
  for (long i = 0; i < count; i++) target[i] = factor * source[i];
}

DISPATCHED(void, specgan_interpolate,
           (float *restrict values, const float *restrict towards, float position, long count),
           (values, towards, position, count)) {
  for (long i = 0; i < count; i++) values[i] += position * (towards[i] - values[i]);
}

DISPATCHED(void, specgan_decay_towards,
           (float *restrict means, const float *restrict values, float decay, long count),
           (means, values, decay, count)) {
  for (long i = 0; i < count; i++) means[i] = decay * means[i] + (1 - decay) * values[i];
}

DISPATCHED(void, specgan_clip, (float *values, float limit, long count), (values, limit, count)) {
  for (long i = 0; i < count; i++) {
    float value = values[i] > limit ? limit : values[i];
    values[i] = value < -limit ? -limit : value;
  }
}

DISPATCHED(void, specgan_scale_in_place, (float *values, float factor, long count),
           (values, factor, count)) {
  for (long i = 0; i < count; i++) values[i] *= factor;
}

void specgan_blend_with_means(float *values, long height, long width, long channels, long down,
                              long across, float weight) {
  float share = (1 - weight) / (float)(down * across);
  for (long first = 0; first < height; first += down) {
    for (long left = 0; left < width; left += across) {
      for (long channel = 0; channel < channels; channel++) {
        float sum = 0;
        for (long line = first; line < first + down; line++)
          for (long column = left; column < left + across; column++)
            sum += values[(line * width + column) * channels + channel];
        for (long line = first; line < first + down; line++)
          for (long column = left; column < left + across; column++) {
            float *value = values + (line * width + column) * channels + channel;
            *value = weight * *value + share * sum;
          }
      }
    }
  }
}
