// The matrix product of all convolutions.
#pragma once

#include <stdbool.h>

#include "processors.h"

/// A loop over the offsets `0, stride, … (count − 1) · stride`.
typedef struct {
  long count;
  long stride;
} specgan_loop;

/// The offsets that the terms of a sum are read at: three nested loops.
typedef struct {
  specgan_loop outer;
  specgan_loop middle;
  specgan_loop inner;
} specgan_terms;

/// The columns of a panel are stored in groups of this many.
enum { specgan_column_group = 16 };
/// The largest number of columns of a panel.
enum { specgan_panel_columns = 64 };

/// Computes for every row and column
/// `c[c_offsets[row] + column] = Σₖ a[a_offsets[row] + term(k)] · panel[k][column]`, or adds that
/// sum if `accumulating`.
///
/// `panel` is `[terms, columns]`, in the order of the terms, with `columns` rounded up to a
/// multiple of `specgan_column_group`; the values beyond `columns` have no effect. The order of
/// additions depends on the terms alone. `processor` is at most `specgan_this_processor()`.
void specgan_products(specgan_processor processor, const float *a, const long *a_offsets, float *c,
                      const long *c_offsets, long rows, specgan_terms terms, const float *panel,
                      long columns, bool accumulating);

/// A matrix whose element at a row and a column is
/// `start[row · row_stride + column · column_stride]`.
typedef struct {
  const float *start;
  long row_stride;
  long column_stride;
} specgan_matrix;

/// Returns the number of floats of the panels of a matrix of `rows` and `columns`.
long specgan_packed_count(long rows, long columns);
/// Copies `matrix`, `[rows, columns]`, to panels of up to `specgan_panel_columns` columns.
void specgan_pack(specgan_matrix matrix, long rows, long columns, float *panels);
/// Computes `C = A · B`, or adds the product to `C` if `accumulating`.
///
/// `a` is `[rows, terms]`, and `panels` has B, `[terms, columns]`, from `specgan_pack`. Rows of `c`
/// are `c_stride` apart. The order of additions depends on the terms alone.
void specgan_multiply_packed(specgan_matrix a, long rows, long terms, const float *panels,
                             long columns, float *c, long c_stride, bool accumulating);
/// Computes the same product with B in place: its rows are `b_stride` apart, and have readable
/// memory up to the next multiple of `specgan_column_group` columns.
void specgan_multiply_in_place(specgan_matrix a, long rows, long terms, const float *b,
                               long b_stride, long columns, float *c, long c_stride,
                               bool accumulating);
