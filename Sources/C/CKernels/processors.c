#include "CKernels.h"

specgan_processor specgan_this_processor(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vl")) return specgan_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return specgan_avx2;
#endif
  return specgan_any_processor;
}
