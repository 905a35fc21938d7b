// CRC-32 by carry-less multiplication.

#include "CKernels.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#include <wmmintrin.h>

bool specgan_can_fold_crc32(void) { return __builtin_cpu_supports("pclmul"); }

#define FOLDING __attribute__((target("pclmul")))

// Returns `state` advanced by the number of bits that `powers` is for, plus `next`.
FOLDING static inline __m128i fold(__m128i state, __m128i powers, __m128i next) {
  __m128i early = _mm_clmulepi64_si128(state, powers, 0x00);
  __m128i late = _mm_clmulepi64_si128(state, powers, 0x11);
  return _mm_xor_si128(_mm_xor_si128(early, late), next);
}

// Four states in parallel, because a product has a latency of several cycles and a throughput of
// one per cycle. The powers are x^(d + 32) and x^(d − 32) modulo the polynomial, for a distance of
// d bits, in the order of reflected bits.
FOLDING void specgan_fold_crc32(uint32_t before, const uint8_t *bytes, long blocks,
                                uint8_t remainder[16]) {
  const __m128i across_four = _mm_set_epi64x(0x1C6E41596, 0x154442BD4);  // d = 512
  const __m128i across_one = _mm_set_epi64x(0x0CCAA009E, 0x1751997D0);   // d = 128
  const __m128i *next = (const __m128i *)bytes;
  __m128i states[4];
  for (int i = 0; i < 4; i++) states[i] = _mm_loadu_si128(next + i);
  states[0] = _mm_xor_si128(states[0], _mm_cvtsi32_si128((int)~before));
  for (long block = 1; block < blocks; block++) {
    next += 4;
    for (int i = 0; i < 4; i++) states[i] = fold(states[i], across_four, _mm_loadu_si128(next + i));
  }
  for (int i = 1; i < 4; i++) states[i] = fold(states[i - 1], across_one, states[i]);
  _mm_storeu_si128((__m128i *)remainder, states[3]);
}
#else
bool specgan_can_fold_crc32(void) { return false; }

void specgan_fold_crc32(uint32_t before, const uint8_t *bytes, long blocks, uint8_t remainder[16]) {
  __builtin_trap();
}
#endif
