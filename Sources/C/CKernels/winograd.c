// The Winograd transforms: a short filter computes several neighboring outputs at once by
// multiplying the values of polynomials at a few points instead of the polynomials.
//
// Winograd, "Arithmetic Complexity of Computations" (1980); Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks" (2016), who define Bᵀ, G and Aᵀ: `y = Aᵀ[(G k) ⊙ (Bᵀ x)]`. The
// points are 0, 1, ∞, −1 for two outputs, and 0, 1, −1, ½, −2, ∞, 2 for four. A filter one tap
// shorter does not use the last. Rows of Bᵀ are scaled so that their largest factor is 1, and G's
// by the inverse.

#include "CKernels.h"
#include "dispatch.h"

enum { most = 7 };

typedef struct {
  int rows, columns;
  float elements[most][most];
} matrix;

typedef struct {
  matrix input;   // Bᵀ
  matrix kernel;  // G
  matrix output;  // Aᵀ
} filter;

static const filter one_tap = {
    .input = {1, 1, {{1}}}, .kernel = {1, 1, {{1}}}, .output = {1, 1, {{1}}}};

static const filter three_taps_at_two = {
    .input = {4, 4, {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 0, 1}, {0, -1, 1, 0}}},
    .kernel = {4, 3, {{1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0, 0, 1}, {0.5f, -0.5f, 0.5f}}},
    .output = {2, 4, {{1, 1, 0, 1}, {0, 1, 1, -1}}}};

static const filter two_taps_at_two = {
    .input = {3, 3, {{1, -1, 0}, {0, 1, 0}, {0, -1, 1}}},
    .kernel = {3, 2, {{1, 0}, {1, 1}, {0, 1}}},
    .output = {2, 3, {{1, 1, 0}, {0, 1, 1}}}};

static const filter four_taps_at_four = {
    .input = {7, 7,
               {{2.f / 5, -4.f / 5, -1.f / 2, 1, 1.f / 10, -1.f / 5, 0},
                {0, -4.f / 9, 4.f / 9, 1, -1.f / 9, -2.f / 9, 0},
                {0, -1.f / 3, 1, -7.f / 12, -1.f / 4, 1.f / 6, 0},
                {0, 4.f / 5, 0, -1, 0, 1.f / 5, 0},
                {0, 2.f / 5, -1, 0, 1, -2.f / 5, 0},
                {0, -2.f / 5, 4.f / 5, 1.f / 2, -1, -1.f / 10, 1.f / 5},
                {0, 1.f / 2, -3.f / 4, -1, 3.f / 4, 1.f / 2, 0}}},
    .kernel = {7, 4,
               {{5.f / 2, 0, 0, 0},
                {3.f / 2, 3.f / 2, 3.f / 2, 3.f / 2},
                {2.f / 3, -2.f / 3, 2.f / 3, -2.f / 3},
                {32.f / 9, 16.f / 9, 8.f / 9, 4.f / 9},
                {1.f / 24, -1.f / 12, 1.f / 6, -1.f / 3},
                {0, 0, 0, 5},
                {1.f / 18, 1.f / 9, 2.f / 9, 4.f / 9}}},
    .output = {4, 7,
                {{1, 1, 1, 1, 1, 0, 1},
                 {0, 1, -1, 1.f / 2, -2, 0, 2},
                 {0, 1, 1, 1.f / 4, 4, 0, 4},
                 {0, 1, -1, 1.f / 8, -8, 1, 8}}}};

static const filter three_taps_at_four = {
    .input = {6, 6,
               {{1.f / 2, -3.f / 4, -1, 3.f / 4, 1.f / 2, 0},
                {0, -2.f / 5, 1.f / 5, 1, 2.f / 5, 0},
                {0, -2.f / 5, 1, -1.f / 5, -2.f / 5, 0},
                {0, 1, 1.f / 2, -1, -1.f / 2, 0},
                {0, 1.f / 2, -1, -1.f / 2, 1, 0},
                {0, 1.f / 2, -3.f / 4, -1, 3.f / 4, 1.f / 2}}},
    .kernel = {6, 3,
               {{2, 0, 0},
                {5.f / 6, 5.f / 6, 5.f / 6},
                {5.f / 6, -5.f / 6, 5.f / 6},
                {32.f / 15, 16.f / 15, 8.f / 15},
                {1.f / 15, -2.f / 15, 4.f / 15},
                {0, 0, 2}}},
    .output = {4, 6,
                {{1, 1, 1, 1, 1, 0},
                 {0, 1, -1, 1.f / 2, -2, 0},
                 {0, 1, 1, 1.f / 4, 4, 0},
                 {0, 1, -1, 1.f / 8, -8, 1}}}};

// Returns the matrix of a transform along one axis, a constant after inlining.
INLINE const matrix *matrix_of(specgan_transform transform, const filter *filter) {
  switch (transform) {
    case specgan_input_transform:
    case specgan_input_transform_transposed: return &filter->input;
    case specgan_kernel_transform:
    case specgan_kernel_transform_transposed: return &filter->kernel;
    default: return &filter->output;
  }
}

INLINE int rows(const matrix *matrix, bool transposed) {
  return transposed ? matrix->columns : matrix->rows;
}

INLINE int columns(const matrix *matrix, bool transposed) {
  return transposed ? matrix->rows : matrix->columns;
}

INLINE float element(const matrix *matrix, bool transposed, int row, int column) {
  return transposed ? matrix->elements[column][row] : matrix->elements[row][column];
}

typedef float vector __attribute__((vector_size(64), aligned(4)));

#define TYPE vector
#define NAME(name) name##_vector
#include "winograd_template.h"

#define TYPE float
#define NAME(name) name##_float
#include "winograd_template.h"

// Transforms all tiles; the transform and the filters are constants after inlining.
INLINE void tiles_of(specgan_transform transform, const filter *down, const filter *across,
                     specgan_source_tiles source, specgan_target_tiles target, long tiles,
                     long channels) {
  const matrix *vertical = matrix_of(transform, down), *horizontal = matrix_of(transform, across);
  bool transposed = transform == specgan_input_transform_transposed ||
                    transform == specgan_kernel_transform_transposed ||
                    transform == specgan_output_transform_transposed;
  bool accumulating = transform == specgan_input_transform_transposed ||
                      transform == specgan_kernel_transform_transposed;
  for (long tile = 0; tile < tiles; tile++) {
    const float *from = source.start + tile * source.strides.tile;
    float *to = target.start + tile * target.strides.tile;
    long channel = 0;
    for (; channel + 16 <= channels; channel += 16)
      position_vector(vertical, horizontal, transposed, accumulating, from + channel,
                      source.strides, to + channel, target.strides);
    for (; channel < channels; channel++)
      position_float(vertical, horizontal, transposed, accumulating, from + channel,
                     source.strides, to + channel, target.strides);
  }
}

// One function for each pair of filters, so that the compiler has one at a time to optimize.
typedef void pair_transform(specgan_transform, specgan_source_tiles, specgan_target_tiles, long,
                            long);
static pair_transform three_by_three, three_by_two, two_by_three, two_by_two, one_by_four,
    one_by_three;

#define FILTERS(NAME, DOWN, ACROSS)                                                          \
  DISPATCHED(void, NAME,                                                                     \
             (specgan_transform transform, specgan_source_tiles source,                      \
              specgan_target_tiles target, long tiles, long channels),                       \
             (transform, source, target, tiles, channels)) {                                 \
    switch (transform) {                                                                     \
      TRANSFORM(specgan_input_transform, DOWN, ACROSS)                                       \
      TRANSFORM(specgan_input_transform_transposed, DOWN, ACROSS)                            \
      TRANSFORM(specgan_kernel_transform, DOWN, ACROSS)                                      \
      TRANSFORM(specgan_kernel_transform_transposed, DOWN, ACROSS)                           \
      TRANSFORM(specgan_output_transform, DOWN, ACROSS)                                      \
      TRANSFORM(specgan_output_transform_transposed, DOWN, ACROSS)                           \
    }                                                                                        \
  }
#define TRANSFORM(KIND, DOWN, ACROSS) \
  case KIND: tiles_of(KIND, &DOWN, &ACROSS, source, target, tiles, channels); break;

FILTERS(three_by_three, three_taps_at_two, three_taps_at_two)
FILTERS(three_by_two, three_taps_at_two, two_taps_at_two)
FILTERS(two_by_three, two_taps_at_two, three_taps_at_two)
FILTERS(two_by_two, two_taps_at_two, two_taps_at_two)
FILTERS(one_by_four, one_tap, four_taps_at_four)
FILTERS(one_by_three, one_tap, three_taps_at_four)

void specgan_transform_tiles(specgan_transform transform, specgan_filter down,
                             specgan_filter across, specgan_source_tiles source,
                             specgan_target_tiles target, long tiles, long channels) {
  static pair_transform *const functions[specgan_filter_count][specgan_filter_count] = {
      [specgan_three_taps_at_two] = {[specgan_three_taps_at_two] = three_by_three,
                                     [specgan_two_taps_at_two] = three_by_two},
      [specgan_two_taps_at_two] = {[specgan_three_taps_at_two] = two_by_three,
                                   [specgan_two_taps_at_two] = two_by_two},
      [specgan_one_tap] = {[specgan_four_taps_at_four] = one_by_four,
                           [specgan_three_taps_at_four] = one_by_three}};
  if (!functions[down][across]) __builtin_trap();
  functions[down][across](transform, source, target, tiles, channels);
}
