// Loops over contiguous values.
#pragma once

/// Computes `target += source`.
void specgan_add(const float *source, long count, float *target);
/// Computes `target += factor · source`.
void specgan_add_scaled(const float *source, float factor, long count, float *target);
/// Computes `target += factor · a · b`; `a` and `b` may be the same.
void specgan_add_scaled_products(const float *a, const float *b, float factor, long count,
                                 float *target);
/// Computes `target = factor · source`.
void specgan_scale(const float *source, float factor, long count, float *target);
/// Computes `values = factor · values`.
void specgan_scale_in_place(float *values, float factor, long count);
/// Computes `values += position · (towards − values)`.
void specgan_interpolate(float *values, const float *towards, float position, long count);
/// Computes `means = decay · means + (1 − decay) · values`.
void specgan_decay_towards(float *means, const float *values, float decay, long count);
/// Clips every value to `[-limit, limit]`; NaN stays NaN.
void specgan_clip(float *values, float limit, long count);
/// Replaces each value of a picture `[height, width, channels]` by `weight · value + (1 − weight) ·
/// mean`, with the mean of its channel over its block of `down` by `across` positions.
void specgan_blend_with_means(float *values, long height, long width, long channels, long down,
                              long across, float weight);
