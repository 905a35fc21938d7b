// The matrix product of all convolutions. Tiles of a few rows by up to 64 columns stay in registers
// while the terms are added. The rows of `a` are read in place, so there is no im2col matrix; see
// Dukhan, "The Indirect Convolution Algorithm" (2019).

#include <string.h>

#include "CKernels.h"
#include "dispatch.h"

#define TEMPLATE "products_template.h"
#include "for_every_processor.h"

static long panel_stride(long columns) {
  const long group = specgan_column_group;
  return (columns + group - 1) / group * group;
}

void specgan_products(specgan_processor processor, const float *a, const long *a_offsets, float *c,
                      const long *c_offsets, long rows, specgan_terms terms, const float *panel,
                      long columns, bool accumulating) {
  const long stride = panel_stride(columns);
  CALL(processor, products,
       (a, a_offsets, c, c_offsets, rows, terms, panel, stride, columns, accumulating))
}

// The columns of the panel that begins at column `first`, and the values from row to row of it.
static long panel_columns(long columns, long first) {
  const long left = columns - first;
  return left < specgan_panel_columns ? left : specgan_panel_columns;
}

long specgan_packed_count(long rows, long columns) { return rows * panel_stride(columns); }

void specgan_pack(specgan_matrix matrix, long rows, long columns, float *panels) {
  for (long first = 0; first < columns; first += specgan_panel_columns) {
    const long count = panel_columns(columns, first), stride = panel_stride(count);
    const float *from = matrix.start + first * matrix.column_stride;
    float *panel = panels + first * rows;
    if (stride > count) memset(panel, 0, (size_t)(rows * stride) * sizeof *panel);
    if (matrix.column_stride == 1)
      for (long row = 0; row < rows; row++)
        memcpy(panel + row * stride, from + row * matrix.row_stride,
               (size_t)count * sizeof *panel);
    else if (matrix.row_stride == 1)
      specgan_transpose(from, matrix.column_stride, count, rows, panel, stride);
    else
      for (long row = 0; row < rows; row++)
        for (long column = 0; column < count; column++)
          panel[row * stride + column] =
              from[row * matrix.row_stride + column * matrix.column_stride];
  }
}

static void multiply_rows(const float *a, const long *a_offsets, float *c, const long *c_offsets,
                          long rows, specgan_terms terms, const float *b, long b_stride,
                          long columns, bool accumulating) {
  CALL(specgan_processor_in_use, products,
       (a, a_offsets, c, c_offsets, rows, terms, b, b_stride, columns, accumulating))
}

void specgan_multiply_in_place(specgan_matrix a, long rows, long terms, const float *b,
                               long b_stride, long columns, float *c, long c_stride,
                               bool accumulating) {
  enum { most_rows = 48 };
  long a_offsets[most_rows], c_offsets[most_rows];
  for (long row = 0; row < most_rows && row < rows; row++) {
    a_offsets[row] = row * a.row_stride;
    c_offsets[row] = row * c_stride;
  }
  const specgan_terms all = {
      .outer = {.count = 1}, .middle = {.count = 1},
      .inner = {.count = terms, .stride = a.column_stride}};
  for (long row = 0; row < rows; row += most_rows)
    multiply_rows(a.start + row * a.row_stride, a_offsets, c + row * c_stride, c_offsets,
                  rows - row < most_rows ? rows - row : most_rows, all, b, b_stride, columns,
                  accumulating);
}

void specgan_multiply_packed(specgan_matrix a, long rows, long terms, const float *panels,
                             long columns, float *c, long c_stride, bool accumulating) {
  for (long first = 0; first < columns; first += specgan_panel_columns) {
    const long count = panel_columns(columns, first);
    specgan_multiply_in_place(a, rows, terms, panels + first * terms, panel_stride(count), count,
                              c + first, c_stride, accumulating);
  }
}
