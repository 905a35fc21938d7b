// Loops over pairs of rows, for distances, kernels and covariances.

#include "CKernels.h"
#include "clones.h"

// Sums are kept in this many lanes, whatever the processor's vectors hold.
enum { lanes = 16, block = 64 };

INLINE float sum_of(const float *sums) {
  float total = 0;
  for (int lane = 0; lane < lanes; lane++) total += sums[lane];
  return total;
}

INLINE float squared_distance(const float *a, const float *b, long length) {
  float sums[lanes] = {0};
  long k = 0;
  for (; k + lanes <= length; k += lanes)
    for (int lane = 0; lane < lanes; lane++) {
      float difference = a[k + lane] - b[k + lane];
      sums[lane] += difference * difference;
    }
  for (int lane = 0; k < length; k++, lane++) sums[lane] += (a[k] - b[k]) * (a[k] - b[k]);
  return sum_of(sums);
}

INLINE float product(const float *a, const float *b, long length) {
  float sums[lanes] = {0};
  long k = 0;
  for (; k + lanes <= length; k += lanes)
    for (int lane = 0; lane < lanes; lane++) sums[lane] += a[k + lane] * b[k + lane];
  for (int lane = 0; k < length; k++, lane++) sums[lane] += a[k] * b[k];
  return sum_of(sums);
}

// Blocks of b's rows stay in the cache while the rows of a go by.
#define FOR_PAIRS(function)                                                        \
  for (long first = 0; first < b_rows; first += block) {                           \
    long last = first + block < b_rows ? first + block : b_rows;                   \
    for (long i = 0; i < a_rows; i++)                                              \
      for (long j = first; j < last; j++)                                          \
        results[i * b_rows + j] = function(a + i * length, b + j * length, length); \
  }

CLONES void specgan_squared_distances(const float *a, long a_rows, const float *b, long b_rows,
                                      long length, float *restrict results) {
  FOR_PAIRS(squared_distance)
}

CLONES void specgan_row_products(const float *a, long a_rows, const float *b, long b_rows,
                                 long length, float *restrict results) {
  FOR_PAIRS(product)
}

CLONES void specgan_add_transposed_products(const double *a, const double *b, long rows,
                                            long length, long first, long last,
                                            double *restrict sums) {
  long row = 0;
  for (; row + 4 <= rows; row += 4, a += 4 * length, b += 4 * length)
    for (long i = first; i < last; i++) {
      double x0 = a[i], x1 = a[length + i], x2 = a[2 * length + i], x3 = a[3 * length + i];
      double *restrict sum = sums + (i - first) * length;
      for (long j = 0; j < length; j++)
        sum[j] += (x0 * b[j] + x1 * b[length + j]) +
                  (x2 * b[2 * length + j] + x3 * b[3 * length + j]);
    }
  for (; row < rows; row++, a += length, b += length)
    for (long i = first; i < last; i++)
      for (long j = 0; j < length; j++) sums[(i - first) * length + j] += a[i] * b[j];
}
