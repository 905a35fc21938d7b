// Loops over rows with one value for each channel, for batch normalization and resizing.

#include "CKernels.h"
#include "dispatch.h"

DISPATCHED(void, specgan_add_column_products,
           (const float *a, const float *b, long rows, long columns, double *restrict sums,
            double *restrict products), (a, b, rows, columns, sums, products)) {
  for (long row = 0; row < rows; row++, a += columns, b += columns)
    for (long column = 0; column < columns; column++) {
      double value = (double)a[column];
      sums[column] += value;
      products[column] += value * (double)b[column];
    }
}

// The columns whose sums are in double precision at a time: two vectors of the widest registers.
enum { sum_columns = 16 };

// Without centers and factors they are zeros and ones.
INLINE void column_products(const float *restrict a, const float *restrict values, long rows,
                            const float *restrict centers, const float *restrict factors,
                            long columns, float *restrict sums, float *restrict products) {
  for (long first = 0; first < columns; first += sum_columns) {
    const long count = columns - first < sum_columns ? columns - first : sum_columns;
    double sum[sum_columns] = {0}, product[sum_columns] = {0};
    const float *a_row = a + first, *row = values + first;
    for (long line = 0; line < rows; line++, a_row += columns, row += columns)
      for (long column = 0; column < count; column++) {
        double value = (double)a_row[column];
        sum[column] += value;
        product[column] +=
            value * (double)(centers ? row[column] - centers[first + column] : row[column]);
      }
    for (long column = 0; column < count; column++) {
      sums[first + column] = (float)sum[column];
      products[first + column] =
          (float)(factors ? product[column] * (double)factors[first + column] : product[column]);
    }
  }
}

DISPATCHED(void, specgan_normalized_products,
           (const float *restrict a, const float *restrict values, long rows,
            const float *restrict centers, const float *restrict factors, long columns,
            float *restrict sums, float *restrict products),
           (a, values, rows, centers, factors, columns, sums, products)) {
  column_products(a, values, rows, centers, factors, columns, sums, products);
}

DISPATCHED(void, specgan_column_products,
           (const float *restrict a, const float *restrict b, long rows, long columns,
            float *restrict sums, float *restrict products),
           (a, b, rows, columns, sums, products)) {
  column_products(a, b, rows, 0, 0, columns, sums, products);
}

DISPATCHED(void, specgan_scale_columns,
           (const float *restrict values, long rows, const float *restrict factors, long columns,
            float *restrict results),
           (values, rows, factors, columns, results)) {
  for (long row = 0; row < rows; row++, values += columns, results += columns)
    for (long column = 0; column < columns; column++)
      results[column] = factors[column] * values[column];
}

DISPATCHED(void, specgan_standardize,
           (const float *restrict values, long rows, const float *restrict centers,
            const float *restrict factors, long columns, float *restrict results),
           (values, rows, centers, factors, columns, results)) {
  for (long row = 0; row < rows; row++, values += columns, results += columns)
    for (long column = 0; column < columns; column++)
      results[column] = (values[column] - centers[column]) * factors[column];
}

DISPATCHED(void, specgan_scale_columns_and_shift_rows,
           (const float *restrict values, long rows, const float *restrict factors, float strength,
            const float *restrict shifts, long columns, float *restrict results),
           (values, rows, factors, strength, shifts, columns, results)) {
  for (long row = 0; row < rows; row++, values += columns, results += columns) {
    const float shift = strength * shifts[row];
    for (long column = 0; column < columns; column++)
      results[column] = factors[column] * values[column] + shift;
  }
}

DISPATCHED(double, specgan_sum_of_shifted_rows,
           (const float *restrict values, long rows, const float *restrict shifts, long columns),
           (values, rows, shifts, columns)) {
  double total = 0;
  for (long row = 0; row < rows; row++, values += columns) {
    double sum = 0;
    for (long column = 0; column < columns; column++) sum += (double)values[column];
    total += sum * (double)shifts[row];
  }
  return total;
}

DISPATCHED(void, specgan_combine_columns,
           (const float *restrict directions, const float *restrict values, long rows,
            specgan_combination terms, long columns, float *restrict results),
           (directions, values, rows, terms, columns, results)) {
  const float *restrict factors = terms.factors, *restrict slopes = terms.slopes;
  const float *restrict centers = terms.centers, *restrict offsets = terms.offsets;
  for (long row = 0; row < rows;
       row++, directions += columns, values += columns, results += columns)
    for (long column = 0; column < columns; column++)
      results[column] = factors[column] * directions[column] +
                        (slopes[column] * (values[column] - centers[column]) + offsets[column]);
}

typedef float vector __attribute__((vector_size(64), aligned(4)));

// Adds up `taps` rows, in their order; the sums stay in registers.
INLINE void blend(const float *source, const long *places, const float *weights, long taps,
                  long stride, long length, float *restrict target) {
  enum { lanes = sizeof(vector) / sizeof(float) };
  long c = 0;
  for (; c + lanes <= length; c += lanes) {
    vector sum = weights[0] * *(const vector *)(source + places[0] * stride + c);
    for (long tap = 1; tap < taps; tap++)
      sum += weights[tap] * *(const vector *)(source + places[tap] * stride + c);
    *(vector *)(target + c) = sum;
  }
  for (; c < length; c++) {
    float sum = weights[0] * source[places[0] * stride + c];
    for (long tap = 1; tap < taps; tap++)
      sum += weights[tap] * source[places[tap] * stride + c];
    target[c] = sum;
  }
}

// `taps` is a constant after inlining, except for numbers of taps other than 1, 2, 4 and 8.
INLINE void blend_rows(const float *source, const long *places, const float *weights, long taps,
                       long count, long stride, long length, float *restrict target) {
  for (long i = 0; i < count; i++)
    blend(source, places + i * taps, weights + i * taps, taps, stride, length,
          target + i * length);
}

DISPATCHED(void, specgan_blend,
           (const float *source, const long *places, const float *weights, long taps, long count,
            long stride, long length, float *restrict target),
           (source, places, weights, taps, count, stride, length, target)) {
  switch (taps) {
    case 1: return blend_rows(source, places, weights, 1, count, stride, length, target);
    case 2: return blend_rows(source, places, weights, 2, count, stride, length, target);
    case 4: return blend_rows(source, places, weights, 4, count, stride, length, target);
    case 8: return blend_rows(source, places, weights, 8, count, stride, length, target);
    default: return blend_rows(source, places, weights, taps, count, stride, length, target);
  }
}
