// The matrix product of all convolutions. Tiles of a few rows by up to 64 columns stay in registers
// while the terms are added. The rows of `a` are read in place, so there is no im2col matrix; see
// Dukhan, "The Indirect Convolution Algorithm" (2019).

#include "CKernels.h"
#include "dispatch.h"

#define TEMPLATE "products_template.h"
#include "for_every_processor.h"

void specgan_products(specgan_processor processor, const float *a, const long *a_offsets, float *c,
                      const long *c_offsets, long rows, specgan_terms terms, const float *panel,
                      long columns, bool accumulating) {
  CALL(processor, products,
       (a, a_offsets, c, c_offsets, rows, terms, panel, columns, accumulating))
}
