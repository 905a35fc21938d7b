// Loops over spectra, written for the compiler to vectorize.

#include "CKernels.h"
#include "dispatch.h"
#include "exponential.h"

#include <math.h>
#include <string.h>

// With E and O the transforms of the even and the odd samples, Z = E + iO is that of the pairs of
// samples read as complex numbers, and X[k] = E[k] + Wᵏ O[k] with W = e^(−2πi / (2 · half)).
DISPATCHED(void, specgan_spectra_of_pairs,
           (const specgan_complex *restrict pairs, const specgan_complex *restrict circle,
            long half, long count, specgan_complex *restrict spectra),
           (pairs, circle, half, count, spectra)) {
  for (long i = 0; i < count; i++, pairs += half, spectra += half + 1) {
    spectra[0] = (specgan_complex){pairs[0].real + pairs[0].imaginary, 0};
    for (long k = 1; k < half; k++) {
      specgan_complex near = pairs[k], far = pairs[half - k];
      float even_real = 0.5f * (near.real + far.real);
      float even_imaginary = 0.5f * (near.imaginary - far.imaginary);
      float odd_real = 0.5f * (near.imaginary + far.imaginary);
      float odd_imaginary = 0.5f * (far.real - near.real);
      float cosine = circle[k].real, sine = circle[k].imaginary;
      spectra[k].real = even_real + (cosine * odd_real + sine * odd_imaginary);
      spectra[k].imaginary = even_imaginary + (cosine * odd_imaginary - sine * odd_real);
    }
    spectra[half] = (specgan_complex){pairs[0].real - pairs[0].imaginary, 0};
  }
}

DISPATCHED(void, specgan_pairs_of_spectra,
           (const specgan_complex *restrict spectra, const specgan_complex *restrict circle,
            long half, long count, specgan_complex *restrict pairs),
           (spectra, circle, half, count, pairs)) {
  for (long i = 0; i < count; i++, pairs += half, spectra += half + 1) {
    pairs[0].real = spectra[0].real + spectra[half].real;
    pairs[0].imaginary = spectra[0].real - spectra[half].real;
    for (long k = 1; k < half; k++) {
      specgan_complex near = spectra[k], far = spectra[half - k];
      float real = near.real - far.real, imaginary = near.imaginary + far.imaginary;
      float cosine = circle[k].real, sine = circle[k].imaginary;
      pairs[k].real = near.real + far.real - (cosine * imaginary + sine * real);
      pairs[k].imaginary = near.imaginary - far.imaginary + (cosine * real - sine * imaginary);
    }
  }
}

DISPATCHED(void, specgan_multiply,
           (const float *restrict a, const float *restrict b, long count, float *restrict products),
           (a, b, count, products)) {
  for (long i = 0; i < count; i++) products[i] = a[i] * b[i];
}

DISPATCHED(void, specgan_add_products,
           (const float *restrict a, const float *restrict b, long count, float *restrict sums),
           (a, b, count, sums)) {
  for (long i = 0; i < count; i++) sums[i] += a[i] * b[i];
}

DISPATCHED(void, specgan_magnitudes,
           (const specgan_complex *restrict numbers, long count, float *restrict magnitudes),
           (numbers, count, magnitudes)) {
  for (long i = 0; i < count; i++) {
    double real = (double)numbers[i].real, imaginary = (double)numbers[i].imaginary;
    magnitudes[i] = (float)__builtin_elementwise_sqrt(real * real + imaginary * imaginary);
  }
}

DISPATCHED(uint32_t, specgan_largest_bits, (const float *values, uint32_t mask, long count),
           (values, mask, count)) {
  uint32_t largest = 0;
  for (long i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, values + i, sizeof bits);
    bits &= mask;
    largest = bits > largest ? bits : largest;
  }
  return largest;
}

// The absolute value below which a number has no meaningful phase. Its square is a normal number,
// and it is below the rounding error of any audible sound.
static const float smallest = 1e-15f;

// Returns the factor by which P_A scales a number: to `magnitude`, or down to it if `bounded`.
INLINE float imposing(float real, float imaginary, float magnitude, bool bounded) {
  float size = __builtin_elementwise_sqrt(real * real + imaginary * imaginary);
  float scale = magnitude / (size < smallest ? smallest : size);
  return bounded && scale > 1 ? 1 : scale;
}

DISPATCHED(void, specgan_impose,
           (specgan_complex *restrict numbers, const float *restrict magnitudes, long count,
            bool bounded), (numbers, magnitudes, count, bounded)) {
  for (long i = 0; i < count; i++) {
    float real = numbers[i].real, imaginary = numbers[i].imaginary;
    float scale = imposing(real, imaginary, magnitudes[i], bounded);
    numbers[i].real = real * scale;
    numbers[i].imaginary = imaginary * scale;
  }
}

DISPATCHED(void, specgan_griffin_lim,
           (const specgan_complex *restrict consistent, const float *restrict magnitudes,
            float momentum, long count, bool bounded, specgan_complex *restrict previous,
            specgan_complex *restrict numbers),
           (consistent, magnitudes, momentum, count, bounded, previous, numbers)) {
  for (long i = 0; i < count; i++) {
    float real = consistent[i].real, imaginary = consistent[i].imaginary;
    float on_real = real + momentum * (real - previous[i].real);
    float on_imaginary = imaginary + momentum * (imaginary - previous[i].imaginary);
    previous[i].real = real;
    previous[i].imaginary = imaginary;
    float scale = imposing(on_real, on_imaginary, magnitudes[i], bounded);
    numbers[i].real = on_real * scale;
    numbers[i].imaginary = on_imaginary * scale;
  }
}

DISPATCHED(void, specgan_alternating_directions,
           (const specgan_complex *restrict consistent, const float *restrict magnitudes,
            float share, long count, bool bounded, specgan_complex *restrict sums),
           (consistent, magnitudes, share, count, bounded, sums)) {
  for (long i = 0; i < count; i++) {
    float real = sums[i].real, imaginary = sums[i].imaginary;
    float step_real = share * (consistent[i].real - real);
    float step_imaginary = share * (consistent[i].imaginary - imaginary);
    real += 2 * step_real;
    imaginary += 2 * step_imaginary;
    float scale = imposing(real, imaginary, magnitudes[i], bounded);
    real = real * scale - step_real;
    imaginary = imaginary * scale - step_imaginary;
    // In digital silence, states decay to subnormal numbers, which slow down processors.
    bool is_nothing = real * real + imaginary * imaginary < smallest * smallest;
    sums[i].real = is_nothing ? 0 : real;
    sums[i].imaginary = is_nothing ? 0 : imaginary;
  }
}

// The sine and cosine of x turns, |x| < 2²⁰: Taylor series within an eighth of a turn, whose first
// omitted terms are below 2⁻²⁵, and an exchange of the two for the other quarters.
INLINE specgan_complex on_circle(float x) {
  const float halves = 12582912.0f;  // 1.5 · 2²³: adding it rounds to a whole number
  float shifted = 4 * x + halves;
  uint32_t quarters;
  memcpy(&quarters, &shifted, sizeof quarters);
  float angle = (x - 0.25f * (shifted - halves)) * 6.28318531f;
  float s = angle * angle;
  float sine = angle + angle * s * (-1.0f / 6 + s * (1.0f / 120 + s * (-1.0f / 5040 +
               s * (1.0f / 362880))));
  float cosine = 1 + s * (-0.5f + s * (1.0f / 24 + s * (-1.0f / 720 + s * (1.0f / 40320))));
  float real = quarters & 1 ? sine : cosine, imaginary = quarters & 1 ? cosine : sine;
  return (specgan_complex){(quarters + 1) & 2 ? -real : real,
                           quarters & 2 ? -imaginary : imaginary};
}

DISPATCHED(void, specgan_polar,
           (const float *restrict magnitudes, const float *restrict turns, long count,
            specgan_complex *restrict numbers), (magnitudes, turns, count, numbers)) {
  for (long i = 0; i < count; i++) {
    specgan_complex unit = on_circle(turns[i]);
    numbers[i] = (specgan_complex){magnitudes[i] * unit.real, magnitudes[i] * unit.imaginary};
  }
}

// ln x for x > 0, and x itself if it is not finite: x = 2ⁿ m with m in [√½, √2), and ln m = 2
// artanh(s) with s = (m − 1) / (m + 1), |s| < 0.172: s + s³/3 + …, whose first omitted term is
// below 2⁻²⁸ of the sum.
INLINE float logarithm(float x) {
  bool is_tiny = x < 1.17549435e-38f;
  float normal = is_tiny ? x * 16777216.0f : x;
  uint32_t bits;
  memcpy(&bits, &normal, sizeof bits);
  uint32_t shifted = bits - 0x3F3504F3u;  // √½: from there on the exponent's bits count octaves
  int32_t octaves = (int32_t)shifted >> 23;
  uint32_t within = (shifted & 0x007FFFFFu) + 0x3F3504F3u;
  float m;
  memcpy(&m, &within, sizeof m);
  float n = (float)(octaves - (is_tiny ? 24 : 0));
  float f = m - 1;
  float s = f / (2 + f), z = s * s;
  float tail = z * (2.0f / 3 + z * (2.0f / 5 + z * (2.0f / 7 + z * (2.0f / 9))));
  // 2s = f − s·f, where f is exact; ln 2 in two parts, n times the first exact.
  float sum = n * 0.693145752f + (f + (n * 1.42860677e-6f + s * (tail - f)));
  return x - x == 0 ? sum : x;
}

DISPATCHED(void, specgan_logarithms, (float *values, float floor, long count),
           (values, floor, count)) {
  for (long i = 0; i < count; i++) values[i] = logarithm(values[i] + floor);
}

DISPATCHED(void, specgan_logarithms_above,
           (const float *restrict values, float floor, long count, float *restrict logarithms),
           (values, floor, count, logarithms)) {
  for (long i = 0; i < count; i++) logarithms[i] = logarithm(values[i] < floor ? floor : values[i]);
}

DISPATCHED(void, specgan_normalize,
           (const float *restrict values, const float *restrict means, const float *restrict ranges,
            long count, float *restrict normalized), (values, means, ranges, count, normalized)) {
  for (long i = 0; i < count; i++) {
    float position = (values[i] - means[i]) / ranges[i];
    position = position < -1 ? -1 : position;
    normalized[i] = position > 1 ? 1 : position;
  }
}

DISPATCHED(void, specgan_denormalize,
           (const float *restrict normalized, const float *restrict means,
            const float *restrict ranges, long count, float *restrict magnitudes),
           (normalized, means, ranges, count, magnitudes)) {
  for (long i = 0; i < count; i++)
    magnitudes[i] = exponential_of_any(normalized[i] * ranges[i] + means[i]);
}

// A fused multiply-add would round once, and only on processors that have it.
DISPATCHED(void, specgan_column_sums,
           (const float *restrict values, const double *restrict centers, long rows, long columns,
            bool squared, double *restrict sums), (values, centers, rows, columns, squared, sums)) {
#pragma STDC FP_CONTRACT OFF
  for (long i = 0; i < columns; i++) sums[i] = 0;
  for (long row = 0; row < rows; row++, values += columns) {
    for (long i = 0; i < columns; i++) {
      double distance = (double)values[i] - centers[i];
      sums[i] += squared ? distance * distance : distance;
    }
  }
}

DISPATCHED(void, specgan_raise_to_columns,
           (const float *restrict values, long rows, long columns, float *restrict largest),
           (values, rows, columns, largest)) {
  for (long row = 0; row < rows; row++, values += columns) {
    for (long i = 0; i < columns; i++) largest[i] = values[i] > largest[i] ? values[i] : largest[i];
  }
}

// Partial sums, so that the additions of a row do not wait for each other.
enum { partial_sums = 16 };

DISPATCHED(float, specgan_largest_row_level, (const float *values, long rows, long columns),
           (values, rows, columns)) {
  float largest = -INFINITY;
  for (long row = 0; row < rows; row++, values += columns) {
    float peak = values[0];
    for (long i = 1; i < columns; i++) peak = values[i] > peak ? values[i] : peak;
    float sums[partial_sums] = {0};
    long i = 0;
    for (; i + partial_sums <= columns; i += partial_sums) {
      for (long k = 0; k < partial_sums; k++) {
        sums[k] += exponential_of_any(2 * (values[i + k] - peak));
      }
    }
    for (; i < columns; i++) sums[0] += exponential_of_any(2 * (values[i] - peak));
    float sum = 0;
    for (long k = 0; k < partial_sums; k++) sum += sums[k];
    float level = peak + 0.5f * logarithm(sum);
    largest = level > largest ? level : largest;
  }
  return largest;
}
