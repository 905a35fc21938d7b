// The product behind every convolution: tiles of a few rows by up to 64 columns, held in registers while
// the terms go by. The rows of `a` are read where they lie, so nothing like an im2col matrix is made;
// Dukhan, "The Indirect Convolution Algorithm" (2019), explains why that pays.

#include "CKernels.h"
#include "clones.h"

// Each inclusion defines `products` for vectors of LANES numbers, up to GROUP of them side by side; a tile
// of v vectors across has TILE_ROWS(v) rows, as many as the registers hold.
#if defined(__x86_64__)

#define NAME(name) name##_avx512
#define TARGET __attribute__((target("avx512f,avx512vl,fma")))
#define LANES 16
#define GROUP 4
#define TILE_ROWS(vectors) ((vectors) <= 2 ? 12 : 24 / (vectors))
#include "products_template.h"

#define NAME(name) name##_avx2
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define GROUP 2
#define TILE_ROWS(vectors) 6
#include "products_template.h"

#endif

#define NAME(name) name##_default
#define TARGET
#define LANES 4
#define GROUP 2
#define TILE_ROWS(vectors) 6
#include "products_template.h"

specgan_processor specgan_this_processor(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vl")) return specgan_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return specgan_avx2;
#endif
  return specgan_any_processor;
}

void specgan_products(specgan_processor processor, const float *a, const long *a_offsets, float *c,
                      const long *c_offsets, long rows, specgan_terms terms, const float *panel,
                      long columns, bool accumulating) {
  switch (processor) {
#if defined(__x86_64__)
    case specgan_avx512:
      products_avx512(a, a_offsets, c, c_offsets, rows, terms, panel, columns, accumulating);
      break;
    case specgan_avx2:
      products_avx2(a, a_offsets, c, c_offsets, rows, terms, panel, columns, accumulating);
      break;
#endif
    default:
      products_default(a, a_offsets, c, c_offsets, rows, terms, panel, columns, accumulating);
  }
}
