// Included by products.c once for every kind of processor; see for_every_processor.h.
//
// A tile has up to GROUP vectors side by side; one of v vectors across has TILE_ROWS(v) rows, as
// many as the registers hold.

#if LANES == 16
#define GROUP 4
#define TILE_ROWS(vectors) ((vectors) <= 2 ? 12 : 24 / (vectors))
#else
#define GROUP 2
#define TILE_ROWS(vectors) 6
#endif

typedef float NAME(vector) __attribute__((vector_size(4 * LANES), aligned(4)));

enum { NAME(most_rows) = TILE_ROWS(1) };

// Stores the first `columns` of a row's sums.
TARGET INLINE void NAME(store)(const NAME(vector) *sums, float *c, long columns,
                               bool accumulating) {
  for (; columns >= LANES; sums++, c += LANES, columns -= LANES) {
    NAME(vector) *target = (NAME(vector) *)c;
    *target = accumulating ? *target + *sums : *sums;
  }
  for (long column = 0; column < columns; column++)
    c[column] = accumulating ? c[column] + (*sums)[column] : (*sums)[column];
}

// Computes and stores the sums of `rows` rows and `vectors` vectors of columns, both constants
// after inlining. The last vector may be partial.
TARGET INLINE void NAME(tile)(const int rows, const int vectors, const float *a,
                              const long *a_offsets, const specgan_terms *terms,
                              const float *panel, long panel_stride, float *c,
                              const long *c_offsets, long columns, bool accumulating) {
  const float *starts[NAME(most_rows)];
  NAME(vector) totals[NAME(most_rows)][GROUP];
  for (int row = 0; row < rows; row++) {
    starts[row] = a + a_offsets[row];
    for (int v = 0; v < vectors; v++) totals[row][v] = (NAME(vector)){0};
  }
  for (long outer = 0; outer < terms->outer.count; outer++) {
    for (long middle = 0; middle < terms->middle.count; middle++) {
      long offset = outer * terms->outer.stride + middle * terms->middle.stride;
      for (long inner = 0; inner < terms->inner.count; inner++) {
        NAME(vector) right[GROUP];
#pragma unroll
        for (int v = 0; v < vectors; v++) right[v] = *(const NAME(vector) *)(panel + v * LANES);
#pragma unroll
        for (int row = 0; row < rows; row++) {
#pragma unroll
          for (int v = 0; v < vectors; v++) totals[row][v] += starts[row][offset] * right[v];
        }
        offset += terms->inner.stride;
        panel += panel_stride;
      }
    }
  }
  if (columns < vectors * LANES) {
    NAME(vector) sums[NAME(most_rows)][GROUP];
    for (int row = 0; row < rows; row++)
      for (int v = 0; v < vectors; v++) sums[row][v] = totals[row][v];
    for (int row = 0; row < rows; row++)
      NAME(store)(sums[row], c + c_offsets[row], columns, accumulating);
    return;
  }
#pragma unroll
  for (int row = 0; row < rows; row++) {
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      NAME(vector) *target = (NAME(vector) *)(c + c_offsets[row] + v * LANES);
      *target = accumulating ? *target + totals[row][v] : totals[row][v];
    }
  }
}

// Returns how many of the remaining `rows` to take next: the last two tiles have the same size.
INLINE int NAME(next_rows)(long rows, int tile_rows) {
  if (rows >= 2 * tile_rows) return tile_rows;
  return (int)(rows > tile_rows ? (rows + 1) / 2 : rows);
}

#define TILE(ROWS, VECTORS)                                                                        \
  case ROWS:                                                                                       \
    if (ROWS <= TILE_ROWS(VECTORS))                                                                \
      NAME(tile)(ROWS, VECTORS, a, a_offsets, terms, panel, panel_stride, c, c_offsets, columns,   \
                 accumulating);                                                                    \
    break;

// Computes all rows of `vectors` vectors of columns, a constant after inlining.
TARGET INLINE void NAME(strip)(const int vectors, const float *a, const long *a_offsets, float *c,
                               const long *c_offsets, long rows, const specgan_terms *terms,
                               const float *panel, long panel_stride, long columns,
                               bool accumulating) {
  while (rows > 0) {
    int count = NAME(next_rows)(rows, TILE_ROWS(vectors));
    switch (count) {
      TILE(1, vectors) TILE(2, vectors) TILE(3, vectors) TILE(4, vectors)
      TILE(5, vectors) TILE(6, vectors) TILE(7, vectors) TILE(8, vectors)
      TILE(9, vectors) TILE(10, vectors) TILE(11, vectors) TILE(12, vectors)
    }
    a_offsets += count;
    c_offsets += count;
    rows -= count;
  }
}

#define STRIP(VECTORS)                                                                             \
  case VECTORS:                                                                                    \
    if (VECTORS <= GROUP)                                                                          \
      NAME(strip)(VECTORS, a, a_offsets, c + first, c_offsets, rows, &terms, panel + first,        \
                  panel_stride, strip_columns, accumulating);                                      \
    break;

TARGET static void NAME(products)(const float *a, const long *a_offsets, float *c,
                                  const long *c_offsets, long rows, specgan_terms terms,
                                  const float *panel, long panel_stride, long columns,
                                  bool accumulating) {
  for (long first = 0; first < columns; first += GROUP * LANES) {
    long left = columns - first;
    long strip_columns = left < GROUP * LANES ? left : GROUP * LANES;
    switch ((strip_columns + LANES - 1) / LANES) { STRIP(1) STRIP(2) STRIP(3) STRIP(4) }
  }
}

#undef STRIP
#undef TILE
#undef GROUP
#undef TILE_ROWS
