// Max pooling.
#pragma once

/// A picture `[height, width, channels]`, and adjacent windows of `down` by `across` positions that
/// fill it.
typedef struct {
  long height, width, channels, down, across;
} specgan_pooling;

/// Computes `y`, the largest value of each channel in each window; NaN counts as the largest.
void specgan_max_pool(const float *x, specgan_pooling sizes, float *y);
/// Computes `picked`, the elements of `values` at the positions where `x` has the largest value,
/// `y`. Of equal values the first is taken.
void specgan_max_pool_pick(const float *x, const float *y, specgan_pooling sizes,
                           const float *values, float *picked);
/// Computes the transpose: `cotangents` at the positions where `x` has the largest value, zeros
/// elsewhere.
void specgan_max_pool_spread(const float *x, const float *y, specgan_pooling sizes,
                             const float *cotangents, float *spread);
