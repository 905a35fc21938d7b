#pragma once
#include <oneapi/dnnl/dnnl.h>

// libgomp's, declared here because clang ships no omp.h.
extern void omp_set_num_threads(int count);

// c = a b of dense row-major matrices, [m, k] by [k, n], on the calling thread alone: oneDNN would start an
// OpenMP team, whose size is a setting of the calling thread.
static inline dnnl_status_t specgan_sgemm(
    long m, long n, long k, const float *a, const float *b, float *c) {
  omp_set_num_threads(1);
  return dnnl_sgemm('N', 'N', m, n, k, 1.0f, a, k, b, n, 0.0f, c, n);
}
