#include "CKernels.h"
#include "dispatch.h"

specgan_processor specgan_processor_in_use = specgan_any_processor;

specgan_processor specgan_this_processor(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) return specgan_avx512;
  if (__builtin_cpu_supports("x86-64-v3")) return specgan_avx2;
#endif
  return specgan_any_processor;
}

specgan_processor specgan_used_processor(void) { return specgan_processor_in_use; }

void specgan_use_processor(specgan_processor processor) {
  if (processor > specgan_this_processor()) __builtin_trap();
  specgan_processor_in_use = processor;
}

// Runs when the program is loaded.
__attribute__((constructor)) static void use_the_widest(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  specgan_processor_in_use = specgan_this_processor();
}
