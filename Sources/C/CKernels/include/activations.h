// Activations with the bias before them, `[rows, columns]` with a bias for each column, and their
// derivatives.
#pragma once

/// Computes `values[row][column] += bias[column]`.
void specgan_add_bias(float *values, long rows, const float *bias, long columns);
/// Computes `values = max(x, 0)` for `x = values + bias`; NaN stays NaN.
void specgan_relu(float *values, long rows, const float *bias, long columns);
/// Computes `values = x < 0 ? slope · x : x` for `x = values + bias`; NaN stays NaN.
void specgan_leaky_relu(float *values, long rows, const float *bias, long columns, float slope);
/// Computes `values = tanh(values + bias)`, to 2 units in the last place.
void specgan_tanh(float *values, long rows, const float *bias, long columns);
/// Multiplies `values` by `slope` wherever `results`, those of a leaky ReLU, are not above zero.
void specgan_multiply_by_leaky_relu_slopes(float *values, const float *results, long count,
                                           float slope);
/// Multiplies `values` by `1 − results²`, where `results` are those of a tanh.
void specgan_multiply_by_tanh_slopes(float *values, const float *results, long count);
