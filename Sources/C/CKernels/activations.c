// Activations and their derivatives, written for the compiler to vectorize.

#include "CKernels.h"
#include "dispatch.h"
#include "exponential.h"

DISPATCHED(void, specgan_add_bias,
           (float *restrict values, long rows, const float *restrict bias, long columns),
           (values, rows, bias, columns)) {
  for (long row = 0; row < rows; row++, values += columns)
    for (long column = 0; column < columns; column++) values[column] += bias[column];
}

DISPATCHED(void, specgan_leaky_relu,
           (float *restrict values, long rows, const float *restrict bias, long columns,
            float slope), (values, rows, bias, columns, slope)) {
  for (long row = 0; row < rows; row++, values += columns)
    for (long column = 0; column < columns; column++) {
      float x = values[column] + bias[column];
      values[column] = x < 0 ? slope * x : x;
    }
}

DISPATCHED(void, specgan_relu,
           (float *restrict values, long rows, const float *restrict bias, long columns),
           (values, rows, bias, columns)) {
  for (long row = 0; row < rows; row++, values += columns)
    for (long column = 0; column < columns; column++) {
      float x = values[column] + bias[column];
      values[column] = x < 0 ? 0 : x;
    }
}

DISPATCHED(void, specgan_multiply_by_leaky_relu_slopes,
           (float *restrict values, const float *restrict results, long count, float slope),
           (values, results, count, slope)) {
  for (long i = 0; i < count; i++) values[i] *= results[i] > 0 ? 1.0f : slope;
}

DISPATCHED(void, specgan_multiply_by_tanh_slopes,
           (float *restrict values, const float *restrict results, long count),
           (values, results, count)) {
  for (long i = 0; i < count; i++) values[i] *= 1 - results[i] * results[i];
}

INLINE float hyperbolic_tangent(float x) {
  float size = __builtin_fabsf(x);
  // Beyond 10 the result is 1 to the last bit; NaN stays NaN.
  float bounded = size > 10 ? 10 : size;
  float far = 1 - 2 / (exponential(2 * bounded) + 1);
  // The odd Taylor series where the difference above would cancel.
  float s = bounded * bounded;
  float near = bounded + bounded * s * (-1.0f / 3 + s * (2.0f / 15 + s * (-17.0f / 315 +
               s * (62.0f / 2835 + s * (-1382.0f / 155925 + s * (21844.0f / 6081075 +
               s * (-929569.0f / 638512875.0f)))))));
  return __builtin_copysignf(size < 0.5f ? near : far, x);
}

DISPATCHED(void, specgan_tanh,
           (float *restrict values, long rows, const float *restrict bias, long columns),
           (values, rows, bias, columns)) {
  if (columns == 1) {  // one row of many, which makes longer vectors
    for (long row = 0; row < rows; row++) values[row] = hyperbolic_tangent(values[row] + bias[0]);
    return;
  }
  for (long row = 0; row < rows; row++, values += columns)
    for (long column = 0; column < columns; column++)
      values[column] = hyperbolic_tangent(values[column] + bias[column]);
}
