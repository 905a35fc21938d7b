// eˣ in single precision, to 2 units in the last place.
#pragma once

#include <stdint.h>
#include <string.h>

#include "dispatch.h"

// x = n ln 2 + r with |r| ≤ ln 2 / 2, and eʳ = 1 + r + r² tail. `tail` is the rest of the Taylor
// series, whose first omitted term is below 2⁻²⁷ of the sum.
typedef struct {
  uint32_t n;  // in two's complement; any value for NaN
  float r, tail;
} exponential_parts;

INLINE exponential_parts parts_of_exponential(float x) {
  const float halves = 12582912.0f;  // 1.5 · 2²³: adding it rounds to a whole number
  float shifted = x * 1.44269504f + halves;
  float n = shifted - halves;
  // ln 2 in two parts, n times the first exact.
  float r = (x - n * 0.693145752f) - n * 1.42860677e-6f;
  float tail = 0.5f + r * (1.0f / 6 + r * (1.0f / 24 + r * (1.0f / 120 + r * (1.0f / 720 +
               r * (1.0f / 5040)))));
  // The lowest bits of the shifted value are n. A conversion of NaN would be undefined.
  uint32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  return (exponential_parts){bits - 0x4B400000u, r, tail};
}

// 2ⁿ for −127 < n < 128.
INLINE float power_of_two(uint32_t n) {
  uint32_t bits = (n + 127u) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

// eˣ for −87 ≤ x ≤ 88; NaN stays NaN.
INLINE float exponential(float x) {
  exponential_parts parts = parts_of_exponential(x);
  return power_of_two(parts.n) * (1 + parts.r * (1 + parts.r * parts.tail));
}

// eˣ for any x; NaN stays NaN. The power of two is the product of two, since one alone may be out
// of range.
INLINE float exponential_of_any(float x) {
  float bounded = x > 90 ? 90 : x;  // beyond these the result is infinite or zero
  bounded = bounded < -105 ? -105 : bounded;
  exponential_parts parts = parts_of_exponential(bounded);
  uint32_t half = (uint32_t)((int32_t)parts.n >> 1);
  float sum = 1 + (parts.r + parts.r * parts.r * parts.tail);
  return sum * power_of_two(half) * power_of_two(parts.n - half);
}
