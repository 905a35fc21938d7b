// The loops that need the processor's own vectors, which Swift cannot ask for: it compiles for plain
// x86-64 alone. Every function picks its code for the processor it runs on, but for the product, which is told.
//
// Nothing here knows about layers or networks; sizes are counted in numbers, not bytes.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// Places `0, stride, … (count − 1)·stride` in memory.
typedef struct {
  long count;
  long stride;
} specgan_loop;

/// The places that the terms of a sum are read at: three loops, one inside the other.
typedef struct {
  specgan_loop outer;
  specgan_loop middle;
  specgan_loop inner;
} specgan_terms;

/// Columns of a panel are stored in groups of this many.
enum { specgan_column_group = 16 };
/// The most columns of a panel.
enum { specgan_panel_columns = 64 };

/// The instructions a product is compiled for, from the fewest to the most.
typedef enum { specgan_any_processor, specgan_avx2, specgan_avx512 } specgan_processor;

/// The most that this processor has.
specgan_processor specgan_this_processor(void);

/// For every row and column: `c[c_offsets[row] + column] = Σₖ a[a_offsets[row] + term(k)] · panel[k][column]`,
/// or `+=` that sum where `accumulating`.
///
/// `panel` has `columns`, rounded up to a whole group, numbers a term, in the order of the terms; beyond
/// `columns` they may be anything. The order of additions depends on the terms alone. `processor` is
/// at most `specgan_this_processor()`.
void specgan_products(specgan_processor processor, const float *a, const long *a_offsets, float *c,
                      const long *c_offsets, long rows, specgan_terms terms, const float *panel,
                      long columns, bool accumulating);

/// What a short filter is along one axis, and at how many neighbouring places it is applied at once.
///
/// With `m` places and `r` taps it reads `m + r − 1` numbers and has as many products, one for each point.
/// The points of a filter one tap shorter, for as many places, are the first of the longer one's.
typedef enum {
  specgan_one_tap,  // 1 place, 1 point
  specgan_three_taps_at_two,
  specgan_two_taps_at_two,
  specgan_four_taps_at_four,
  specgan_three_taps_at_four,
  specgan_filter_count
} specgan_filter;

/// The linear maps of minimal filtering, `y = Aᵀ[(G k) ⊙ (Bᵀ x)]`, and their transposes.
typedef enum {
  specgan_stage_source,              // Bᵀ: numbers read, to points
  specgan_stage_source_transposed,   // B, added to what is there
  specgan_stage_kernel,              // G: taps to points
  specgan_stage_kernel_transposed,   // Gᵀ, added to what is there
  specgan_stage_collect,             // Aᵀ: points to places
  specgan_stage_collect_transposed   // A: places to points
} specgan_stage;

/// Where numbers lie in memory, counted in numbers: lines down, steps across, and whole tiles.
typedef struct {
  long line;
  long step;
  long tile;
} specgan_grid;

/// Applies a stage down and across to `channels` contiguous numbers at each place of each of `tiles`.
///
/// Pairs of filters: two of those at two places, or one tap down and one of those at four across; others trap.
void specgan_transform(specgan_stage stage, specgan_filter down, specgan_filter across, const float *source,
                       specgan_grid from, float *target, specgan_grid to, long tiles, long channels);

/// `target[column · target_stride + row] = source[row · source_stride + column]`.
void specgan_transpose(const float *source, long source_stride, long rows, long columns, float *target,
                       long target_stride);

/// `target += source`.
void specgan_add(const float *source, long count, float *target);
/// `target = factor · source`.
void specgan_scale(const float *source, float factor, long count, float *target);
/// `values += position · (towards − values)`.
void specgan_interpolate(float *values, const float *towards, float position, long count);
/// `values = factor · values`.
void specgan_scale_in_place(float *values, float factor, long count);
/// The sum of squares, in double precision.
double specgan_sum_of_squares(const float *values, long count);
/// The sum of products, in double precision.
double specgan_inner_product(const float *first, const float *second, long count);
/// `result[row] = Σ matrix[row][column] · vector[column]`, each sum in double precision.
void specgan_matrix_vector(const float *matrix, long rows, long columns, const float *vector, float *result);
/// `result[column] += Σ matrix[row][column] · vector[row]`.
void specgan_add_transposed_matrix_vector(const float *matrix, long rows, long columns, const float *vector,
                                          float *result);
/// `matrix[row][column] = factor · (matrix[row][column] + weight · down[row] · across[column])`.
void specgan_add_outer_product(float *matrix, const float *down, long rows, const float *across, long columns,
                               float weight, float factor);
/// `sums[column] += Σ values[row][column]`, in double precision.
void specgan_add_columns(const float *values, long rows, long columns, double *sums);

/// `values[row][column] += bias[column]`.
void specgan_add_bias(float *values, long rows, const float *bias, long columns);
/// `values = max(x, 0)` of `x = values + bias`; what is no number stays none.
void specgan_relu(float *values, long rows, const float *bias, long columns);
/// `values = x < 0 ? slope · x : x` of `x = values + bias`; what is no number stays none.
void specgan_leaky_relu(float *values, long rows, const float *bias, long columns, float slope);
/// `values = tanh(values + bias)`, to 2 units in the last place.
void specgan_tanh(float *values, long rows, const float *bias, long columns);
/// Multiplies by `slope` the numbers where `results` are not above zero.
void specgan_multiply_by_leaky_relu_slopes(float *numbers, const float *results, long count, float slope);
/// Multiplies numbers by `1 − results²`.
void specgan_multiply_by_tanh_slopes(float *numbers, const float *results, long count);

/// The constants of one Adam update; `rate` holds the corrections of both means.
typedef struct {
  float rate, beta1, beta2, epsilon;
} specgan_adam;

/// Takes `gradients` into both means, moves `parameters` along, and leaves zeros in `gradients`.
void specgan_adam_update(specgan_adam constants, long count, float *parameters, float *gradients,
                         float *means, float *squares);

/// The constants of one RMSProp update.
typedef struct {
  float rate, decay, epsilon;
} specgan_rmsprop;

/// Takes `gradients` into the means of squares, moves `parameters` along, and leaves zeros in `gradients`.
void specgan_rmsprop_update(specgan_rmsprop constants, long count, float *parameters,
                            float *gradients, float *squares);

/// `means = decay · means + (1 − decay) · values`.
void specgan_decay_towards(float *means, const float *values, float decay, long count);

/// Brings every value into `[-limit, limit]`; what is no number stays none.
void specgan_clip(float *values, float limit, long count);

// MARK: - Rows of channels

/// `sums[column] += Σ a[row][column]` and `products[column] += Σ a[row][column] · b[row][column]`, in double
/// precision and in the order of the rows; `a` and `b` may be the same.
void specgan_add_column_products(const float *a, const float *b, long rows, long columns, double *sums,
                                 double *products);
/// `results[row][column] = (values[row][column] − centers[column]) · factors[column]`.
void specgan_standardize(const float *values, long rows, const float *centers, const float *factors,
                         long columns, float *results);

/// What `specgan_combine_columns` takes rows with: numbers for every column.
typedef struct {
  const float *factors, *slopes, *centers, *offsets;
} specgan_combination;

/// `results = factors · directions + slopes · (values − centers) + offsets`, row by row.
void specgan_combine_columns(const float *directions, const float *values, long rows,
                             specgan_combination terms, long columns, float *results);

/// `target[i] = Σₖ weights[i][k] · source[places[i][k]]` for `count` places of `channels` numbers; `k` counts the
/// `taps`, of which there is at least one.
void specgan_gather(const float *source, const long *places, const float *weights, long taps, long count,
                    long channels, float *target);
/// The transpose: `target[places[i][k]] += weights[i][k] · source[i]`.
void specgan_scatter(const float *source, const long *places, const float *weights, long taps, long count,
                     long channels, float *target);

// MARK: - Pooling

/// A picture `[height, width, channels]`, and windows of `down` by `across` places side by side that fill it.
typedef struct {
  long height, width, channels, down, across;
} specgan_pooling;

/// `y` = the largest number of each channel under each window; one that is no number counts as the largest.
void specgan_max_pool(const float *x, specgan_pooling sizes, float *y);
/// `picked` = those of `values` that lie where `x` has the largest number, `y`: the first of equals.
void specgan_max_pool_pick(const float *x, const float *y, specgan_pooling sizes, const float *values,
                           float *picked);
/// The transpose: `cotangents` go to where `x` has the largest number, and zeros to everywhere else.
void specgan_max_pool_spread(const float *x, const float *y, specgan_pooling sizes, const float *cotangents,
                             float *spread);

// MARK: - Spectra

/// A complex number, with the layout of C's own and of FFTW's.
typedef struct {
  float real, imaginary;
} specgan_complex;

/// The `half + 1` bins of each of `count` real transforms of `2 · half` samples, from the complex transforms of
/// the samples taken in pairs, `half` numbers each.
///
/// `circle[k] = e^(2πik / (2 · half))`. Nothing is scaled. Source: Press, Teukolsky, Vetterling and Flannery,
/// "Numerical Recipes", section 12.3.
void specgan_spectra_of_pairs(const specgan_complex *pairs, const specgan_complex *circle, long half,
                              long count, specgan_complex *spectra);
/// The way back, times two; the imaginary parts of the first and last bin are taken for zero.
void specgan_pairs_of_spectra(const specgan_complex *spectra, const specgan_complex *circle, long half,
                              long count, specgan_complex *pairs);

/// `products = a · b`.
void specgan_multiply(const float *a, const float *b, long count, float *products);
/// `sums += a · b`.
void specgan_add_products(const float *a, const float *b, long count, float *sums);

/// The absolute values, rounded once: in double precision squares neither overflow nor underflow.
void specgan_magnitudes(const specgan_complex *numbers, long count, float *magnitudes);
/// The largest bit pattern, of the bits in `mask`. Of all bits it is that of the largest value where none is
/// negative, and no less than infinity's where one is negative or not finite; without the highest it is that
/// of the largest magnitude.
uint32_t specgan_largest_bits(const float *values, uint32_t mask, long count);

/// `numbers = P_A(numbers)`: each takes on its magnitude and keeps its phase or, where `bounded`, is
/// brought down to the magnitude if it is above.
///
/// Each part is exact to 4 units in the last place for numbers of 10⁻¹⁵ to 10¹⁹ in absolute value and magnitudes
/// of 10⁻¹⁸ to 10²³, as far as it is a normal number, and a magnitude of 0 gives 0. Shorter numbers have no phase
/// worth keeping, and fall short of their magnitude; the squares of longer ones overflow.
void specgan_impose(specgan_complex *numbers, const float *magnitudes, long count, bool bounded);
/// One step of (fast) Griffin and Lim: `numbers = P_A(t + momentum · (t − previous))` and `previous = t` of
/// `t = consistent`.
void specgan_griffin_lim(const specgan_complex *consistent, const float *magnitudes, float momentum,
                         long count, bool bounded, specgan_complex *previous, specgan_complex *numbers);
/// One step of ADMM in one state, `Y = X + U`: `sums = P_A(2Z − Y) + Y − Z` of `Z = Y + share · (consistent − Y)`,
/// `Y = sums`; a state below 10⁻¹⁵ becomes 0.
void specgan_alternating_directions(const specgan_complex *consistent, const float *magnitudes,
                                    float share, long count, bool bounded, specgan_complex *sums);
/// Numbers of these magnitudes and phases, the phases in turns and below 2²⁰ of them; to 4 units in the last
/// place of the magnitude, for phases within a turn.
void specgan_polar(const float *magnitudes, const float *turns, long count, specgan_complex *numbers);

/// `values = ln(values + floor)`, to 2 units in the last place, of positive sums; infinity and what is no number
/// stay what they are.
void specgan_logarithms(float *values, float floor, long count);
/// `logarithms = ln(max(values, floor))`, to 2 units in the last place; the floor is above zero, and infinity
/// and what is no number stay what they are.
void specgan_logarithms_above(const float *values, float floor, long count, float *logarithms);
/// `clip((values − means) / ranges, ±1)`.
void specgan_normalize(const float *values, const float *means, const float *ranges, long count,
                       float *normalized);
/// `exp(normalized · ranges + means)`, the exponential to 2 units in the last place of a normal number.
void specgan_denormalize(const float *normalized, const float *means, const float *ranges, long count,
                         float *magnitudes);

/// Of each column of `values`, `[rows, columns]`, the sum of the distances from its center, or of their squares
/// where `squared`, in the order of the rows and each rounded: the same bits on every processor.
void specgan_column_sums(const float *values, const double *centers, long rows, long columns, bool squared,
                         double *sums);

// MARK: - Checksums

/// Whether this processor can multiply without carries; without that nobody may call `specgan_fold_crc32`.
bool specgan_can_fold_crc32(void);
/// Sixteen bytes in place of `blocks` of 64 each, of which there is at least one: after `before`, the CRC-32 so
/// far, the blocks have the checksum that the sixteen have after 2³² − 1, which is that of a register of zeros.
///
/// Source: Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009.
void specgan_fold_crc32(uint32_t before, const uint8_t *bytes, long blocks, uint8_t remainder[16]);

/// `results[i][j] = Σₖ (a[i][k] − b[j][k])²` for rows of `length` numbers; the same bits whichever row is
/// whose.
void specgan_squared_distances(const float *a, long a_rows, const float *b, long b_rows,
                               long length, float *results);

/// `results[i][j] = Σₖ a[i][k] b[j][k]` for rows of `length` numbers.
void specgan_row_products(const float *a, long a_rows, const float *b, long b_rows, long length,
                          float *results);

/// `sums[i − first][j] += Σᵣ a[r][i] b[r][j]` for `i` in `first ..< last` and every `j`: rows `first` to
/// `last` of `aᵀb`, where both have `rows` rows of `length` numbers.
void specgan_add_transposed_products(const double *a, const double *b, long rows, long length,
                                     long first, long last, double *sums);
