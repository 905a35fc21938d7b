// Loops over pairs of rows, for distances, kernels and covariances.

#include "CKernels.h"
#include "dispatch.h"

// The number of lanes of a sum, for any width of the processor's vectors.
enum { lanes = 16, block = 64 };

INLINE float sum_of(const float *sums) {
  float total = 0;
  for (int lane = 0; lane < lanes; lane++) total += sums[lane];
  return total;
}

// The number of rows of b that a row of a is paired with at once: separate sums keep the adders
// busy.
enum { rows_at_once = 4 };

#define TERM_OF_DISTANCE(a, b) ((a) - (b)) * ((a) - (b))
#define TERM_OF_PRODUCT(a, b) (a) * (b)

// The sums of TERM over a row and each of some others, in an order that does not depend on their
// number.
#define DEFINE_SUMS(name, TERM)                                                                   \
  INLINE void name(const float *a, const float *b, long rows, long length, float *results) {      \
    float sums[rows_at_once][lanes] = {{0}};                                                      \
    long k = 0;                                                                                   \
    for (; k + lanes <= length; k += lanes)                                                       \
      for (long row = 0; row < rows; row++)                                                       \
        for (int lane = 0; lane < lanes; lane++)                                                  \
          sums[row][lane] += TERM(a[k + lane], b[row * length + k + lane]);                       \
    for (int lane = 0; k < length; k++, lane++)                                                   \
      for (long row = 0; row < rows; row++) sums[row][lane] += TERM(a[k], b[row * length + k]);   \
    for (long row = 0; row < rows; row++) results[row] = sum_of(sums[row]);                       \
  }

DEFINE_SUMS(squared_distances, TERM_OF_DISTANCE)
DEFINE_SUMS(products, TERM_OF_PRODUCT)

// Blocks of rows of b stay in the cache while all rows of a are processed.
#define FOR_PAIRS(function)                                                              \
  for (long first = 0; first < b_rows; first += block) {                                 \
    long last = first + block < b_rows ? first + block : b_rows;                         \
    for (long i = 0; i < a_rows; i++) {                                                  \
      const float *row = a + i * length;                                                 \
      float *result = results + i * b_rows;                                              \
      long j = first;                                                                    \
      for (; j + rows_at_once <= last; j += rows_at_once)                                \
        function(row, b + j * length, rows_at_once, length, result + j);                 \
      for (; j < last; j++) function(row, b + j * length, 1, length, result + j);        \
    }                                                                                    \
  }

DISPATCHED(void, specgan_squared_distances,
           (const float *a, long a_rows, const float *b, long b_rows, long length,
            float *restrict results), (a, a_rows, b, b_rows, length, results)) {
  FOR_PAIRS(squared_distances)
}

DISPATCHED(void, specgan_row_products,
           (const float *a, long a_rows, const float *b, long b_rows, long length,
            float *restrict results), (a, a_rows, b, b_rows, length, results)) {
  FOR_PAIRS(products)
}

DISPATCHED(void, specgan_add_transposed_products,
           (const double *a, const double *b, long rows, long length, long first, long last,
            double *restrict sums), (a, b, rows, length, first, last, sums)) {
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
