// Vectors and matrices, written for the compiler to vectorize.

#include "CKernels.h"
#include "dispatch.h"

typedef float four __attribute__((vector_size(16), aligned(4)));

DISPATCHED(void, specgan_transpose,
           (const float *restrict source, long source_stride, long rows, long columns,
            float *restrict target, long target_stride),
           (source, source_stride, rows, columns, target, target_stride)) {
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

DISPATCHED(double, specgan_inner_product, (const float *first, const float *second, long count),
           (first, second, count)) {
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

DISPATCHED(void, specgan_add_columns,
           (const float *restrict values, long rows, long stride, long columns,
            double *restrict sums), (values, rows, stride, columns, sums)) {
  for (long row = 0; row < rows; row++, values += stride)
    for (long column = 0; column < columns; column++) sums[column] += (double)values[column];
}

DISPATCHED(void, specgan_matrix_vector,
           (const float *restrict matrix, long rows, long columns, const float *restrict vector,
            float *restrict result), (matrix, rows, columns, vector, result)) {
  for (long row = 0; row < rows; row++)
    result[row] = (float)specgan_inner_product(matrix + row * columns, vector, columns);
}

DISPATCHED(void, specgan_add_transposed_matrix_vector,
           (const float *restrict matrix, long rows, long columns, const float *restrict vector,
            float *restrict result), (matrix, rows, columns, vector, result)) {
  for (long row = 0; row < rows; row++)
    for (long column = 0; column < columns; column++)
      result[column] += vector[row] * matrix[row * columns + column];
}

DISPATCHED(void, specgan_add_outer_product,
           (float *restrict matrix, const float *restrict down, long rows,
            const float *restrict across, long columns, float weight, float factor),
           (matrix, down, rows, across, columns, weight, factor)) {
  for (long row = 0; row < rows; row++)
    for (long column = 0; column < columns; column++) {
      float *element = matrix + row * columns + column;
      *element = factor * (*element + weight * down[row] * across[column]);
    }
}
