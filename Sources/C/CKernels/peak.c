// The multiply-add loop that measures the processor's peak.

#include "CKernels.h"
#include "dispatch.h"

// Independent vectors. Two multiply-adds start in each cycle and each takes four or five cycles, so
// ten keep the processor busy. Twelve, with the factor and the summand, fit into 16 registers.
// Processors other than x86-64 have 32 registers, and up to four units.
#if defined(__x86_64__)
#define CHAINS 12
#else
#define CHAINS 24
#endif

#define TEMPLATE "peak_template.h"
#include "for_every_processor.h"

void specgan_multiply_add(specgan_processor processor, float *values, float factor, float summand,
                          long rounds) {
  CALL(processor, multiply_add, (values, factor, summand, rounds))
}
