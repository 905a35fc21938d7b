// Samples as files hold them, to floating point.

#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#define INLINE static inline __attribute__((always_inline))

// The number in the `length` bytes at `bytes`.
INLINE uint64_t number(const uint8_t *bytes, int length, bool is_big_endian) {
  uint64_t number = 0;
  for (int i = 0; i < length; i++) number |= (uint64_t)bytes[i] << 8 * (is_big_endian ? length - 1 - i : i);
  return number;
}

// Integers are brought to the top of 32 bits, where their full scale is 2³¹.
INLINE float sample(const uint8_t *bytes, specgan_sample_type type, bool is_big_endian, int length) {
  uint64_t bits = number(bytes, length, is_big_endian);
  if (type == specgan_float_sample && length == 8) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return (float)value;
  }
  uint32_t word = (uint32_t)bits;
  if (type == specgan_float_sample) {
    float value;
    memcpy(&value, &word, sizeof value);
    return value;
  }
  word <<= 32 - 8 * length;
  if (type == specgan_unsigned_sample) word ^= 0x80000000u;
  return (float)(int32_t)word * 0x1p-31f;
}

#define LOOP(type, length)                                       \
  for (long i = 0; i < count; i++) {                             \
    samples[i] = sample(bytes + i * length, type, false, length); \
  }                                                              \
  return

// The order of bytes and the lengths that are met most have loops of their own, for the compiler to turn into
// vectors.
CLONES void specgan_read_samples(const uint8_t *restrict bytes, specgan_sample_type type,
                                 bool is_big_endian, int length, long count, float *restrict samples) {
  if (!is_big_endian && type == specgan_signed_sample && length == 2) { LOOP(specgan_signed_sample, 2); }
  if (!is_big_endian && type == specgan_signed_sample && length == 3) { LOOP(specgan_signed_sample, 3); }
  if (!is_big_endian && type == specgan_float_sample && length == 4) { LOOP(specgan_float_sample, 4); }
  for (long i = 0; i < count; i++) samples[i] = sample(bytes + i * length, type, is_big_endian, length);
}
