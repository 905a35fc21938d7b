// The transforms of minimal filtering: a short filter is applied at several places at once by multiplying
// polynomials' values at a few points instead of the polynomials.
//
// Winograd, "Arithmetic Complexity of Computations" (1980); Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks" (2016), whose Bᵀ, G and Aᵀ these are: `y = Aᵀ[(G k) ⊙ (Bᵀ x)]`. The points
// are 0, 1, ∞, −1 for two places at once, and 0, 1, −1, ½, −2, ∞, 2 for four; a filter one tap shorter does
// without the last. Rows of Bᵀ are scaled so that their largest factor is 1, and G's the other way.

#include "CKernels.h"
#include "clones.h"

enum { most = 7 };

typedef struct {
  int rows, columns;
  float numbers[most][most];
} matrix;

typedef struct {
  matrix source;   // Bᵀ
  matrix kernel;   // G
  matrix collect;  // Aᵀ
} filter;

static const filter one_tap = {
    .source = {1, 1, {{1}}}, .kernel = {1, 1, {{1}}}, .collect = {1, 1, {{1}}}};

static const filter three_taps_at_two = {
    .source = {4, 4, {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 0, 1}, {0, -1, 1, 0}}},
    .kernel = {4, 3, {{1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0, 0, 1}, {0.5f, -0.5f, 0.5f}}},
    .collect = {2, 4, {{1, 1, 0, 1}, {0, 1, 1, -1}}}};

static const filter two_taps_at_two = {
    .source = {3, 3, {{1, -1, 0}, {0, 1, 0}, {0, -1, 1}}},
    .kernel = {3, 2, {{1, 0}, {1, 1}, {0, 1}}},
    .collect = {2, 3, {{1, 1, 0}, {0, 1, 1}}}};

static const filter four_taps_at_four = {
    .source = {7, 7,
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
    .collect = {4, 7,
                {{1, 1, 1, 1, 1, 0, 1},
                 {0, 1, -1, 1.f / 2, -2, 0, 2},
                 {0, 1, 1, 1.f / 4, 4, 0, 4},
                 {0, 1, -1, 1.f / 8, -8, 1, 8}}}};

static const filter three_taps_at_four = {
    .source = {6, 6,
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
    .collect = {4, 6,
                {{1, 1, 1, 1, 1, 0},
                 {0, 1, -1, 1.f / 2, -2, 0},
                 {0, 1, 1, 1.f / 4, 4, 0},
                 {0, 1, -1, 1.f / 8, -8, 1}}}};

// The matrix of a stage along one axis; a constant where it is inlined.
INLINE const matrix *matrix_of(specgan_stage stage, const filter *filter) {
  switch (stage) {
    case specgan_stage_source:
    case specgan_stage_source_transposed: return &filter->source;
    case specgan_stage_kernel:
    case specgan_stage_kernel_transposed: return &filter->kernel;
    default: return &filter->collect;
  }
}

INLINE int rows(const matrix *matrix, bool transposed) {
  return transposed ? matrix->columns : matrix->rows;
}

INLINE int columns(const matrix *matrix, bool transposed) {
  return transposed ? matrix->rows : matrix->columns;
}

INLINE float number(const matrix *matrix, bool transposed, int row, int column) {
  return transposed ? matrix->numbers[column][row] : matrix->numbers[row][column];
}

typedef float vector __attribute__((vector_size(64), aligned(4)));

// `target[a][b] = Σ down[a][i] across[b][j] source[i][j]`, for one number or vector at each place.
#define PLACE(TYPE)                                                                                  \
  INLINE void place_##TYPE(const matrix *down, const matrix *across, bool transposed,                \
                           bool accumulating, const float *source, specgan_grid from, float *target, \
                           specgan_grid to) {                                                        \
    TYPE lines[most][most];                                                                          \
    _Pragma("unroll") for (int i = 0; i < columns(down, transposed); i++) {                          \
      TYPE numbers[most];                                                                            \
      _Pragma("unroll") for (int j = 0; j < columns(across, transposed); j++)                        \
        numbers[j] = *(const TYPE *)(source + i * from.line + j * from.step);                        \
      _Pragma("unroll") for (int b = 0; b < rows(across, transposed); b++) {                         \
        TYPE sum = {0};                                                                              \
        _Pragma("unroll") for (int j = 0; j < columns(across, transposed); j++) {                    \
          float factor = number(across, transposed, b, j);                                           \
          if (factor != 0) sum += factor * numbers[j];                                               \
        }                                                                                            \
        lines[i][b] = sum;                                                                           \
      }                                                                                              \
    }                                                                                                \
    _Pragma("unroll") for (int a = 0; a < rows(down, transposed); a++) {                             \
      _Pragma("unroll") for (int b = 0; b < rows(across, transposed); b++) {                         \
        TYPE *result = (TYPE *)(target + a * to.line + b * to.step);                                 \
        TYPE sum = {0};                                                                              \
        if (accumulating) sum = *result;                                                             \
        _Pragma("unroll") for (int i = 0; i < columns(down, transposed); i++) {                      \
          float factor = number(down, transposed, a, i);                                             \
          if (factor != 0) sum += factor * lines[i][b];                                              \
        }                                                                                            \
        *result = sum;                                                                               \
      }                                                                                              \
    }                                                                                                \
  }

PLACE(vector)
PLACE(float)

// All tiles; the stage and the filters are constants where this is inlined.
INLINE void tiles_of(specgan_stage stage, const filter *down, const filter *across,
                     const float *source, specgan_grid from, float *target, specgan_grid to,
                     long tiles, long channels) {
  const matrix *vertical = matrix_of(stage, down), *horizontal = matrix_of(stage, across);
  bool transposed = stage == specgan_stage_source_transposed ||
                    stage == specgan_stage_kernel_transposed ||
                    stage == specgan_stage_collect_transposed;
  bool accumulating =
      stage == specgan_stage_source_transposed || stage == specgan_stage_kernel_transposed;
  for (long tile = 0; tile < tiles; tile++) {
    const float *start = source + tile * from.tile;
    float *end = target + tile * to.tile;
    long channel = 0;
    for (; channel + 16 <= channels; channel += 16)
      place_vector(vertical, horizontal, transposed, accumulating, start + channel, from,
                   end + channel, to);
    for (; channel < channels; channel++)
      place_float(vertical, horizontal, transposed, accumulating, start + channel, from,
                  end + channel, to);
  }
}

// One function for each pair of filters, so that a compiler has one at a time to deal with.
#define FILTERS(NAME, DOWN, ACROSS)                                                                 \
  CLONES static void NAME(specgan_stage stage, const float *source, specgan_grid from,              \
                          float *target, specgan_grid to, long tiles, long channels) {              \
    switch (stage) {                                                                                \
      STAGE(specgan_stage_source, DOWN, ACROSS)                                                     \
      STAGE(specgan_stage_source_transposed, DOWN, ACROSS)                                          \
      STAGE(specgan_stage_kernel, DOWN, ACROSS)                                                     \
      STAGE(specgan_stage_kernel_transposed, DOWN, ACROSS)                                          \
      STAGE(specgan_stage_collect, DOWN, ACROSS)                                                    \
      STAGE(specgan_stage_collect_transposed, DOWN, ACROSS)                                         \
    }                                                                                               \
  }
#define STAGE(KIND, DOWN, ACROSS) \
  case KIND: tiles_of(KIND, &DOWN, &ACROSS, source, from, target, to, tiles, channels); break;

FILTERS(three_by_three, three_taps_at_two, three_taps_at_two)
FILTERS(three_by_two, three_taps_at_two, two_taps_at_two)
FILTERS(two_by_three, two_taps_at_two, three_taps_at_two)
FILTERS(two_by_two, two_taps_at_two, two_taps_at_two)
FILTERS(one_by_four, one_tap, four_taps_at_four)
FILTERS(one_by_three, one_tap, three_taps_at_four)

void specgan_transform(specgan_stage stage, specgan_filter down, specgan_filter across,
                       const float *source, specgan_grid from, float *target, specgan_grid to,
                       long tiles, long channels) {
  typedef void (*transform)(specgan_stage, const float *, specgan_grid, float *, specgan_grid, long,
                            long);
  static const transform transforms[specgan_filter_count][specgan_filter_count] = {
      [specgan_three_taps_at_two] = {[specgan_three_taps_at_two] = three_by_three,
                                     [specgan_two_taps_at_two] = three_by_two},
      [specgan_two_taps_at_two] = {[specgan_three_taps_at_two] = two_by_three,
                                   [specgan_two_taps_at_two] = two_by_two},
      [specgan_one_tap] = {[specgan_four_taps_at_four] = one_by_four,
                           [specgan_three_taps_at_four] = one_by_three}};
  if (!transforms[down][across]) __builtin_trap();
  transforms[down][across](stage, source, from, target, to, tiles, channels);
}
