// The loops of attention over pairs of a position and a key: rows of products with keys, 16 keys to
// a vector, and sums over keys.

#include <stdint.h>
#include <string.h>

#include "CKernels.h"
#include "dispatch.h"

#define TEMPLATE "scores_template.h"
#include "for_every_processor.h"

void specgan_find_scores(specgan_score kind, specgan_scores scores) {
  CALL(specgan_processor_in_use, score, (kind, scores))
}

void specgan_soften(float *values, long rows, long stride, float *largest, float *inverses) {
  CALL(specgan_processor_in_use, soften, (values, rows, stride, largest, inverses))
}

void specgan_sum_over_keys(specgan_key_sums sums, bool accumulating) {
  CALL(specgan_processor_in_use, sum_over_keys, (sums, accumulating))
}

void specgan_scale_rows(float *values, long rows, long columns, const float *factors) {
  CALL(specgan_processor_in_use, scale_rows, (values, rows, columns, factors))
}

void specgan_add_scaled_rows(const float *values, long rows, long columns, const float *factors,
                             float *sums) {
  CALL(specgan_processor_in_use, add_scaled_rows, (values, rows, columns, factors, sums))
}

void specgan_subtract_row_products(const float *first, const float *second, long rows,
                                   long columns, float *differences) {
  CALL(specgan_processor_in_use, subtract_row_products,
       (first, second, rows, columns, differences))
}
