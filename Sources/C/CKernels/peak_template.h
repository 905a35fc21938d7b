// Included by peak.c once for every kind of processor; see for_every_processor.h.

typedef float NAME(vector) __attribute__((vector_size(4 * LANES), aligned(4)));

TARGET static void NAME(multiply_add)(float *values, float factor, float summand, long rounds) {
  enum { group = CHAINS * LANES };
  for (long first = 0; first < specgan_peak_values; first += group, values += group) {
    NAME(vector) chains[CHAINS];
    for (int i = 0; i < CHAINS; i++) chains[i] = *(const NAME(vector) *)(values + i * LANES);
    for (long round = 0; round < rounds; round++) {
#pragma unroll
      for (int i = 0; i < CHAINS; i++) chains[i] = chains[i] * factor + summand;
    }
    for (int i = 0; i < CHAINS; i++) *(NAME(vector) *)(values + i * LANES) = chains[i];
  }
}
