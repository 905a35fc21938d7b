// Included by scores.c once for every kind of processor; see for_every_processor.h.
//
// Vectors have 16 lanes on every processor, so that sums over keys have the same order. A tile of
// TILE_ROWS rows is TILE_VECTORS vectors wide, as many as the registers hold.

#if LANES == 16
#define TILE_VECTORS 4
#else
#define TILE_VECTORS 1
#endif
#define SHUFFLE(x, y, ...) __builtin_shufflevector(x, y, __VA_ARGS__)
enum { NAME(tile_rows) = 4 };

typedef float NAME(sixteen) __attribute__((vector_size(64), aligned(4)));
typedef uint32_t NAME(words) __attribute__((vector_size(64), aligned(4)));

// Replaces x ≤ 0 by eˣ; NaN stays NaN.
//
// 2^(x log₂ e) = 2ⁿ · 2^f with |f| ≤ 1/2. The polynomial of degree 5 for 2^f, 1 at 0, has a
// relative error below 10⁻⁷. n is added to its exponent. Below e⁻⁸⁷ a weight has no effect.
TARGET INLINE void NAME(exponentiate)(NAME(sixteen) *values) {
  NAME(sixteen) x = *values;
  const NAME(words) low = (NAME(words))(x < -87.0f);
  x = (NAME(sixteen))(((NAME(words))x & ~low) | ((NAME(words))((NAME(sixteen)){0} - 87.0f) & low));
  const float halves = 12582912.0f;  // 1.5 · 2²³: adding it rounds to a whole number
  const NAME(sixteen) shifted = x * 1.44269504f + halves;
  const NAME(sixteen) f = x * 1.44269504f - (shifted - halves);
  const NAME(sixteen) power =
      f * (f * (f * (f * (f * 0.00132647273f + 0.00967151299f) + 0.0555073358f) + 0.240222424f) +
           0.693147004f) + 1.0f;
  *values = (NAME(sixteen))((NAME(words))power + ((NAME(words))shifted << 23));
}

// Replaces each value by the larger of two.
TARGET INLINE void NAME(raise)(NAME(sixteen) *values, const NAME(sixteen) *others) {
  const NAME(words) more = (NAME(words))(*others > *values);
  *values = (NAME(sixteen))(((NAME(words))*others & more) | ((NAME(words))*values & ~more));
}

// Returns the sum of the lanes.
TARGET INLINE float NAME(sum)(const NAME(sixteen) *values) {
  NAME(sixteen) x = *values;
  x += SHUFFLE(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  x += SHUFFLE(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  x += SHUFFLE(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  x += SHUFFLE(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  return x[0];
}

// MARK: - Products of rows and keys

// Computes one tile; `rows`, `vectors` and `kind` are constants after inlining.
TARGET INLINE void NAME(score_tile)(const int rows, const int vectors, const specgan_score kind,
                                    const specgan_scores *s, long row, long column) {
  NAME(sixteen) totals[NAME(tile_rows)][TILE_VECTORS];
#pragma unroll
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++)
      totals[r][v] = (NAME(sixteen)){0} +
          (s->starts != NULL && kind != specgan_weight ? s->starts[row + r] : 0);
  const float *a = s->rows + row * s->rows_stride, *panel = s->keys + column;
  for (long term = 0; term < s->terms; term++, a++, panel += s->stride) {
    NAME(sixteen) right[TILE_VECTORS];
#pragma unroll
    for (int v = 0; v < vectors; v++) right[v] = *(const NAME(sixteen) *)(panel + 16 * v);
#pragma unroll
    for (int r = 0; r < rows; r++)
#pragma unroll
      for (int v = 0; v < vectors; v++) totals[r][v] += a[r * s->rows_stride] * right[v];
  }
#pragma unroll
  for (int r = 0; r < rows; r++)
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      const long offset = (row + r) * s->stride + column + 16 * v;
      NAME(sixteen) *target = (NAME(sixteen) *)(s->target + offset);
      NAME(sixteen) *sum = &totals[r][v];
      if (kind == specgan_weight) {
        *sum -= s->starts[row + r];
        NAME(exponentiate)(sum);
      }
      if (kind == specgan_weighted) *sum *= *(const NAME(sixteen) *)(s->weights + offset);
      if (kind == specgan_curved) {
        const NAME(sixteen) weight = *(const NAME(sixteen) *)(s->weights + offset);
        NAME(sixteen) *tangent = (NAME(sixteen) *)(s->tangents + offset);
        NAME(sixteen) *cotangent = (NAME(sixteen) *)(s->cotangents + offset);
        *sum = weight * (*sum + *tangent * *cotangent);
        *tangent *= weight;
        *cotangent *= weight;
      }
      *target = *sum;
    }
}

// Computes all tiles of `rows` rows, a constant after inlining, from `row` on.
TARGET INLINE void NAME(score_strip)(const int rows, const specgan_score kind,
                                     const specgan_scores *s, long row) {
  long column = 0;
  for (; column + 16 * TILE_VECTORS <= s->stride; column += 16 * TILE_VECTORS)
    NAME(score_tile)(rows, TILE_VECTORS, kind, s, row, column);
  for (; column < s->stride; column += 16) NAME(score_tile)(rows, 1, kind, s, row, column);
}

TARGET INLINE void NAME(score_all)(const specgan_score kind, const specgan_scores *s) {
  long row = 0;
  for (; row + NAME(tile_rows) <= s->count; row += NAME(tile_rows))
    NAME(score_strip)(NAME(tile_rows), kind, s, row);
  for (; row < s->count; row++) NAME(score_strip)(1, kind, s, row);
}

TARGET static void NAME(score)(specgan_score kind, specgan_scores s) {
  switch (kind) {
    case specgan_plain: NAME(score_all)(specgan_plain, &s); break;
    case specgan_weight: NAME(score_all)(specgan_weight, &s); break;
    case specgan_weighted: NAME(score_all)(specgan_weighted, &s); break;
    case specgan_curved: NAME(score_all)(specgan_curved, &s); break;
  }
}

// MARK: - Softmax

// Replaces `rows` rows, a constant after inlining. Several rows at once keep the processor busy,
// because the largest and the sum of one row are long chains of dependent operations.
TARGET INLINE void NAME(soften_rows)(const int rows, float *values, long stride, float *largest,
                                     float *inverses) {
  NAME(sixteen) most[NAME(tile_rows)], sums[NAME(tile_rows)];
#pragma unroll
  for (int r = 0; r < rows; r++)
    most[r] = *(const NAME(sixteen) *)(values + r * stride), sums[r] = (NAME(sixteen)){0};
  for (long k = 16; k < stride; k += 16) {
#pragma unroll
    for (int r = 0; r < rows; r++) {
      const NAME(sixteen) next = *(const NAME(sixteen) *)(values + r * stride + k);
      NAME(raise)(&most[r], &next);
    }
  }
#pragma unroll
  for (int r = 0; r < rows; r++) {
    NAME(sixteen) other = SHUFFLE(most[r], most[r], 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5,
                                  6, 7);
    NAME(raise)(&most[r], &other);
    other = SHUFFLE(most[r], most[r], 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    NAME(raise)(&most[r], &other);
    other = SHUFFLE(most[r], most[r], 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    NAME(raise)(&most[r], &other);
    other = SHUFFLE(most[r], most[r], 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    NAME(raise)(&most[r], &other);
    largest[r] = most[r][0];
  }
  for (long k = 0; k < stride; k += 16) {
#pragma unroll
    for (int r = 0; r < rows; r++) {
      NAME(sixteen) *target = (NAME(sixteen) *)(values + r * stride + k), weight = *target;
      weight -= most[r];
      NAME(exponentiate)(&weight);
      sums[r] += weight;
      *target = weight;
    }
  }
  for (int r = 0; r < rows; r++) inverses[r] = 1 / NAME(sum)(&sums[r]);
}

TARGET static void NAME(soften)(float *values, long rows, long stride, float *largest,
                                float *inverses) {
  long row = 0;
  for (; row + NAME(tile_rows) <= rows; row += NAME(tile_rows))
    NAME(soften_rows)(NAME(tile_rows), values + row * stride, stride, largest + row,
                      inverses + row);
  for (; row < rows; row++)
    NAME(soften_rows)(1, values + row * stride, stride, largest + row, inverses + row);
}

// MARK: - Sums over keys

// Writes the sums of the lanes of four vectors.
TARGET INLINE void NAME(four_sums)(const NAME(sixteen) *x, float *sums) {
  NAME(sixteen) pairs[2];
#pragma unroll
  for (int i = 0; i < 2; i++)
    pairs[i] = SHUFFLE(x[2 * i], x[2 * i + 1], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22,
                       23) +
               SHUFFLE(x[2 * i], x[2 * i + 1], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28,
                       29, 30, 31);
  NAME(sixteen) all = SHUFFLE(pairs[0], pairs[1], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25,
                              26, 27) +
                      SHUFFLE(pairs[0], pairs[1], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28,
                              29, 30, 31);
  all += SHUFFLE(all, all, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  all += SHUFFLE(all, all, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  for (int i = 0; i < 4; i++) sums[i] = all[4 * i];
}

// Computes `rows` by `columns` sums, constants after inlining.
TARGET INLINE void NAME(sum_tile)(const int rows, const int columns, const specgan_key_sums *s,
                                  long row, long column, bool accumulating) {
  NAME(sixteen) totals[NAME(tile_rows)][4];
#pragma unroll
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) totals[r][c] = (NAME(sixteen)){0};
  const float *weights = s->weights + row * s->stride, *keys = s->keys + column * s->stride;
  for (long k = 0; k < s->stride; k += 16) {
    NAME(sixteen) left[NAME(tile_rows)];
#pragma unroll
    for (int r = 0; r < rows; r++) left[r] = *(const NAME(sixteen) *)(weights + r * s->stride + k);
#pragma unroll
    for (int c = 0; c < columns; c++) {
      const NAME(sixteen) right = *(const NAME(sixteen) *)(keys + c * s->stride + k);
#pragma unroll
      for (int r = 0; r < rows; r++) totals[r][c] += left[r] * right;
    }
  }
#pragma unroll
  for (int r = 0; r < rows; r++) {
    float sums[4], *target = s->target + (row + r) * s->target_stride + column;
    if (columns == 4) NAME(four_sums)(totals[r], sums);
    else sums[0] = NAME(sum)(&totals[r][0]);
    for (int c = 0; c < columns; c++) target[c] = accumulating ? target[c] + sums[c] : sums[c];
  }
}

TARGET INLINE void NAME(sum_rows)(const int rows, const specgan_key_sums *s, long row,
                                  bool accumulating) {
  long column = 0;
  for (; column + 4 <= s->columns; column += 4)
    NAME(sum_tile)(rows, 4, s, row, column, accumulating);
  for (; column < s->columns; column++) NAME(sum_tile)(rows, 1, s, row, column, accumulating);
}

TARGET static void NAME(sum_over_keys)(specgan_key_sums s, bool accumulating) {
  long row = 0;
  for (; row + NAME(tile_rows) <= s.count; row += NAME(tile_rows))
    NAME(sum_rows)(NAME(tile_rows), &s, row, accumulating);
  for (; row < s.count; row++) NAME(sum_rows)(1, &s, row, accumulating);
}

// MARK: - Rows

TARGET static void NAME(scale_rows)(float *values, long rows, long columns, const float *factors) {
  for (long row = 0; row < rows; row++, values += columns)
    for (long column = 0; column < columns; column++) values[column] *= factors[row];
}

TARGET static void NAME(add_scaled_rows)(const float *restrict values, long rows, long columns,
                                         const float *restrict factors, float *restrict sums) {
  for (long row = 0; row < rows; row++, values += columns, sums += columns)
    for (long column = 0; column < columns; column++)
      sums[column] += factors[row] * values[column];
}

TARGET static void NAME(subtract_row_products)(const float *first, const float *second, long rows,
                                               long columns, float *differences) {
  for (long row = 0; row < rows; row++, first += columns, second += columns) {
    NAME(sixteen) sums = {0};
    long column = 0;
    for (; column + 16 <= columns; column += 16)
      sums -= *(const NAME(sixteen) *)(first + column) * *(const NAME(sixteen) *)(second + column);
    float rest = 0;
    for (; column < columns; column++) rest -= first[column] * second[column];
    differences[row] = NAME(sum)(&sums) + rest;
  }
}

#undef SHUFFLE
#undef TILE_VECTORS
