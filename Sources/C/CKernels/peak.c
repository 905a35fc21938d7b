// The processor's peak: multiplications and additions that wait neither for memory nor for each other.

#include "CKernels.h"
#include "clones.h"

// Vectors in flight. Two multiply-adds start in a cycle and each takes four or five cycles, so ten keep
// the processor busy; with their two operands, twelve fit into 16 registers. Other processors than
// x86-64 have 32 registers, and up to four units.
#if defined(__x86_64__)
#define CHAINS 12

#define NAME(name) name##_avx512
#define TARGET __attribute__((target("avx512f,avx512vl,fma")))
#define LANES 16
#include "peak_template.h"

#define NAME(name) name##_avx2
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#include "peak_template.h"

#else
#define CHAINS 24
#endif

#define NAME(name) name##_default
#define TARGET
#define LANES 4
#include "peak_template.h"

void specgan_multiply_add(specgan_processor processor, float *values, float factor, float summand,
                          long rounds) {
  switch (processor) {
#if defined(__x86_64__)
    case specgan_avx512: multiply_add_avx512(values, factor, summand, rounds); break;
    case specgan_avx2: multiply_add_avx2(values, factor, summand, rounds); break;
#endif
    default: multiply_add_default(values, factor, summand, rounds);
  }
}
