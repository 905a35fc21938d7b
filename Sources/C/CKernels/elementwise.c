// Loops over contiguous numbers, written for the compiler to turn into vectors.

#include "CKernels.h"
#include "clones.h"

#include <string.h>

typedef float four __attribute__((vector_size(16), aligned(4)));

CLONES void specgan_transpose(const float *restrict source, long source_stride, long rows,
                              long columns, float *restrict target, long target_stride) {
  long row = 0;
  for (; row + 4 <= rows; row += 4) {
    long column = 0;
    for (; column + 4 <= columns; column += 4) {
      const float *from = source + row * source_stride + column;
      four a = *(const four *)from;
      four b = *(const four *)(from + source_stride);
      four c = *(const four *)(from + 2 * source_stride);
      four d = *(const four *)(from + 3 * source_stride);
      four ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
      four ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
      four cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
      four cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
      float *to = target + column * target_stride + row;
      *(four *)to = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
      *(four *)(to + target_stride) = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
      *(four *)(to + 2 * target_stride) = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
      *(four *)(to + 3 * target_stride) = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
    }
    for (; column < columns; column++)
      for (long i = row; i < row + 4; i++)
        target[column * target_stride + i] = source[i * source_stride + column];
  }
  for (; row < rows; row++)
    for (long column = 0; column < columns; column++)
      target[column * target_stride + row] = source[row * source_stride + column];
}

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

CLONES double specgan_inner_product(const float *first, const float *second, long count) {
  double sums[16] = {0};  // as many as keep the additions from waiting for each other
  long i = 0;
  for (; i + 16 <= count; i += 16)
    for (long lane = 0; lane < 16; lane++)
      sums[lane] += (double)first[i + lane] * (double)second[i + lane];
  for (; i < count; i++) sums[0] += (double)first[i] * (double)second[i];
  double sum = 0;
  for (long lane = 0; lane < 16; lane++) sum += sums[lane];
  return sum;
}

double specgan_sum_of_squares(const float *values, long count) {
  return specgan_inner_product(values, values, count);
}

CLONES void specgan_add_columns(const float *restrict values, long rows, long columns,
                                double *restrict sums) {
  for (long row = 0; row < rows; row++, values += columns)
    for (long column = 0; column < columns; column++) sums[column] += (double)values[column];
}

CLONES void specgan_add_bias(float *restrict values, long rows, const float *restrict bias,
                             long columns) {
  for (long row = 0; row < rows; row++, values += columns)
    for (long column = 0; column < columns; column++) values[column] += bias[column];
}

CLONES void specgan_leaky_relu(float *restrict values, long rows, const float *restrict bias,
                               long columns, float slope) {
  for (long row = 0; row < rows; row++, values += columns)
    for (long column = 0; column < columns; column++) {
      float x = values[column] + bias[column];
      values[column] = x < 0 ? slope * x : x;
    }
}

CLONES void specgan_relu(float *restrict values, long rows, const float *restrict bias,
                         long columns) {
  for (long row = 0; row < rows; row++, values += columns)
    for (long column = 0; column < columns; column++) {
      float x = values[column] + bias[column];
      values[column] = x < 0 ? 0 : x;
    }
}

CLONES void specgan_multiply_by_leaky_relu_slopes(float *restrict numbers,
                                                  const float *restrict results, long count,
                                                  float slope) {
  for (long i = 0; i < count; i++) numbers[i] *= results[i] > 0 ? 1.0f : slope;
}

CLONES void specgan_multiply_by_tanh_slopes(float *restrict numbers, const float *restrict results,
                                            long count) {
  for (long i = 0; i < count; i++) numbers[i] *= 1 - results[i] * results[i];
}

// eˣ for −20 ≤ x ≤ 20: 2ⁿ eʳ with |r| ≤ ln 2 / 2, and the Taylor series of eʳ, whose first term left out
// is below 2⁻²⁷ of the sum.
INLINE float exponential(float x) {
  const float halves = 12582912.0f;  // 1.5 · 2²³: adding it rounds to a whole number
  float shifted = x * 1.44269504f + halves;
  float n = shifted - halves;
  float r = (x - n * 0.693145752f) - n * 1.42860677e-6f;  // ln 2 in two parts, n times the first exact
  float sum = 1 + r * (1 + r * (0.5f + r * (1.0f / 6 + r * (1.0f / 24 + r * (1.0f / 120 +
              r * (1.0f / 720 + r * (1.0f / 5040)))))));
  // The lowest bits of the shifted number are n; no conversion, which what is no number has none of.
  uint32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits - 0x4B400000u + 127u) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return power * sum;
}

INLINE float hyperbolic_tangent(float x) {
  float size = __builtin_fabsf(x);
  // Beyond 10 the result is 1 to the last bit; what is no number stays none.
  float bounded = size > 10 ? 10 : size;
  float far = 1 - 2 / (exponential(2 * bounded) + 1);
  // The odd Taylor series where the difference above would cancel.
  float s = bounded * bounded;
  float near = bounded + bounded * s * (-1.0f / 3 + s * (2.0f / 15 + s * (-17.0f / 315 +
               s * (62.0f / 2835 + s * (-1382.0f / 155925 + s * (21844.0f / 6081075 +
               s * (-929569.0f / 638512875.0f)))))));
  return __builtin_copysignf(size < 0.5f ? near : far, x);
}

CLONES void specgan_tanh(float *restrict values, long rows, const float *restrict bias,
                         long columns) {
  if (columns == 1) {  // one row of many, which makes longer vectors
    for (long row = 0; row < rows; row++) values[row] = hyperbolic_tangent(values[row] + bias[0]);
    return;
  }
  for (long row = 0; row < rows; row++, values += columns)
    for (long column = 0; column < columns; column++)
      values[column] = hyperbolic_tangent(values[column] + bias[column]);
}

CLONES void specgan_adam_update(specgan_adam constants, long count, float *restrict parameters,
                                float *restrict gradients, float *restrict means,
                                float *restrict squares) {
  const float beta1 = constants.beta1, beta2 = constants.beta2;
  for (long i = 0; i < count; i++) {
    float gradient = gradients[i];
    gradients[i] = 0;
    means[i] = beta1 * means[i] + (1 - beta1) * gradient;
    squares[i] = beta2 * squares[i] + (1 - beta2) * (gradient * gradient);
    parameters[i] -=
        constants.rate * means[i] / (__builtin_elementwise_sqrt(squares[i]) + constants.epsilon);
  }
}

CLONES void specgan_rmsprop_update(specgan_rmsprop constants, long count,
                                   float *restrict parameters, float *restrict gradients,
                                   float *restrict squares) {
  const float decay = constants.decay;
  for (long i = 0; i < count; i++) {
    float gradient = gradients[i];
    gradients[i] = 0;
    squares[i] = decay * squares[i] + (1 - decay) * (gradient * gradient);
    parameters[i] -=
        constants.rate * gradient / __builtin_elementwise_sqrt(squares[i] + constants.epsilon);
  }
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

CLONES void specgan_matrix_vector(const float *restrict matrix, long rows, long columns,
                                  const float *restrict vector, float *restrict result) {
  for (long row = 0; row < rows; row++)
    result[row] = (float)specgan_inner_product(matrix + row * columns, vector, columns);
}

CLONES void specgan_add_transposed_matrix_vector(const float *restrict matrix, long rows, long columns,
                                                 const float *restrict vector,
                                                 float *restrict result) {
  for (long row = 0; row < rows; row++)
    for (long column = 0; column < columns; column++)
      result[column] += vector[row] * matrix[row * columns + column];
}

CLONES void specgan_add_outer_product(float *restrict matrix, const float *restrict down, long rows,
                                      const float *restrict across, long columns, float weight,
                                      float factor) {
  for (long row = 0; row < rows; row++)
    for (long column = 0; column < columns; column++) {
      float *place = matrix + row * columns + column;
      *place = factor * (*place + weight * down[row] * across[column]);
    }
}
