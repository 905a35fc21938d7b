#pragma once
#include <oneapi/dnnl/dnnl.h>

// libgomp's, declared here because clang ships no omp.h.
extern void omp_set_num_threads(int count);

// dnnl_sgemm on the calling thread alone. oneDNN would start an OpenMP team of its own inside each of
// our workers; the team's size is a setting of the calling thread, so every thread makes it once.
static inline dnnl_status_t specgan_sgemm(
    char transa, char transb, dnnl_dim_t m, dnnl_dim_t n, dnnl_dim_t k, const float *a,
    dnnl_dim_t lda, const float *b, dnnl_dim_t ldb, float beta, float *c, dnnl_dim_t ldc) {
  static _Thread_local int is_single_threaded;
  if (!is_single_threaded) {
    omp_set_num_threads(1);
    is_single_threaded = 1;
  }
  return dnnl_sgemm(transa, transb, m, n, k, 1.0f, a, lda, b, ldb, beta, c, ldc);
}
