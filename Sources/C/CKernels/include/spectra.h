// Spectra: real transforms from complex ones, phase retrieval, and normalization.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// A complex number, with the layout of C's own and of FFTW's.
typedef struct {
  float real, imaginary;
} specgan_complex;

/// Computes the `half + 1` bins of each of `count` real transforms of `2 · half` samples, from the
/// complex transforms, of size `half`, of the samples taken in pairs.
///
/// `circle[k] = e^(2πik / (2 · half))`. Nothing is scaled. Source: Press, Teukolsky, Vetterling and
/// Flannery, "Numerical Recipes", section 12.3.
void specgan_spectra_of_pairs(const specgan_complex *pairs, const specgan_complex *circle,
                              long half, long count, specgan_complex *spectra);
/// Computes the inverse, times two; the imaginary parts of the first and last bin are ignored.
void specgan_pairs_of_spectra(const specgan_complex *spectra, const specgan_complex *circle,
                              long half, long count, specgan_complex *pairs);

/// Computes `products = a · b`.
void specgan_multiply(const float *a, const float *b, long count, float *products);
/// Computes `sums += a · b`.
void specgan_add_products(const float *a, const float *b, long count, float *sums);

/// Computes absolute values, rounded once: in double precision squares neither overflow nor
/// underflow.
void specgan_magnitudes(const specgan_complex *numbers, long count, float *magnitudes);
/// Returns the largest bit pattern, of the bits in `mask`.
///
/// Of all bits it is that of the largest value if none is negative, and no less than infinity's if
/// one is negative or not finite. Without the highest bit it is that of the largest magnitude.
uint32_t specgan_largest_bits(const float *values, uint32_t mask, long count);

/// Computes `numbers = P_A(numbers)`: each gets its magnitude and keeps its phase or, if `bounded`,
/// is reduced to the magnitude if it is above.
///
/// Each part is exact to 4 units in the last place for numbers of 10⁻¹⁵ to 10¹⁹ in absolute value
/// and magnitudes of 10⁻¹⁸ to 10²³, if it is a normal number; a magnitude of 0 gives 0. Smaller
/// numbers have no meaningful phase, and get less than their magnitude; the squares of larger ones
/// overflow.
/// larger ones overflow.
void specgan_impose(specgan_complex *numbers, const float *magnitudes, long count, bool bounded);
/// Performs one step of (fast) Griffin-Lim: `numbers = P_A(t + momentum · (t − previous))` and
/// `previous = t` for `t = consistent`.
void specgan_griffin_lim(const specgan_complex *consistent, const float *magnitudes, float momentum,
                         long count, bool bounded, specgan_complex *previous,
                         specgan_complex *numbers);
/// Performs one step of ADMM on its state `Y = X + U`: `sums = P_A(2Z − Y) + Y − Z` for
/// `Z = Y + share · (consistent − Y)`, `Y = sums`; a state below 10⁻¹⁵ becomes 0.
void specgan_alternating_directions(const specgan_complex *consistent, const float *magnitudes,
                                    float share, long count, bool bounded, specgan_complex *sums);
/// Computes the numbers with these magnitudes and phases, to 4 units in the last place of the
/// magnitude for phases within a turn. Phases are in turns, below 2²⁰.
void specgan_polar(const float *magnitudes, const float *turns, long count,
                   specgan_complex *numbers);

/// Computes `values = ln(values + floor)`, to 2 units in the last place, of positive sums; infinity
/// and NaN stay unchanged.
void specgan_logarithms(float *values, float floor, long count);
/// Computes `logarithms = ln(max(values, floor))`, to 2 units in the last place; the floor is above
/// zero, and infinity and NaN stay unchanged.
void specgan_logarithms_above(const float *values, float floor, long count, float *logarithms);
/// Computes `clip((values − means) / ranges, ±1)`.
void specgan_normalize(const float *values, const float *means, const float *ranges, long count,
                       float *normalized);
/// Computes `exp(normalized · ranges + means)`, the exponential to 2 units in the last place of a
/// normal number.
void specgan_denormalize(const float *normalized, const float *means, const float *ranges,
                         long count, float *magnitudes);

/// Raises each of `largest` to the largest value of its column of `values`, `[rows, columns]`, if
/// that is larger; NaN is ignored.
void specgan_raise_to_columns(const float *values, long rows, long columns, float *largest);
/// Returns the largest level of a row, `½ ln Σ exp(2 · values)`, with an error below 10⁻⁵; the
/// largest finite values do not overflow.
float specgan_largest_row_level(const float *values, long rows, long columns);

/// Computes for each column of `values`, `[rows, columns]`, the sum of the distances from its
/// center, or of their squares if `squared`, in the order of the rows and each rounded: the same
/// bits on every processor.
void specgan_column_sums(const float *values, const double *centers, long rows, long columns,
                         bool squared, double *sums);
