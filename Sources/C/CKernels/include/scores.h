// The loops of attention over pairs of a position and a key.
//
// A matrix has a row for each position and a column for each key, with `stride` columns, a multiple
// of 16; those beyond the keys have no effect.
#pragma once

#include <stdbool.h>

/// The function of a product `p` of a row and a key that is written.
typedef enum {
  /// `start + p`.
  specgan_plain,
  /// The weight `exp(p − start)`, at most 1.
  specgan_weight,
  /// `weight · (start + p)`.
  specgan_weighted,
  /// `weight · (start + p + tangent · cotangent)`; tangent and cotangent are multiplied by the
  /// weight afterwards.
  specgan_curved
} specgan_score;

/// Products of rows with all keys.
typedef struct {
  /// `count` rows of `terms` elements, `rows_stride` apart.
  const float *rows;
  long count;
  long rows_stride;
  long terms;
  /// The keys, transposed, `[terms, stride]`.
  const float *keys;
  /// The result, `[count, stride]`.
  float *target;
  long stride;
  /// A summand for each row; null for zeros.
  const float *starts;
  /// The weights and factors of `specgan_weighted` and `specgan_curved`, `[count, stride]`.
  const float *weights;
  float *tangents;
  float *cotangents;
} specgan_scores;

/// Computes all products.
void specgan_find_scores(specgan_score kind, specgan_scores scores);

/// Replaces `values`, `[rows, stride]`, by their exponentials relative to the largest of the row,
/// `specgan_weight` with `start = largest`. Writes the largest, and the inverse of the
/// exponentials' sum.
void specgan_soften(float *values, long rows, long stride, float *largest, float *inverses);

/// Sums over keys of products of rows of weights with columns.
typedef struct {
  /// The weights, `[count, stride]`.
  const float *weights;
  long count;
  long stride;
  /// The keys, transposed, `[columns, stride]`.
  const float *keys;
  long columns;
  /// The result, rows of `columns` elements, `target_stride` apart.
  float *target;
  long target_stride;
} specgan_key_sums;

/// Computes the sums, or adds them if `accumulating`. The order of additions is the same on every
/// processor.
void specgan_sum_over_keys(specgan_key_sums sums, bool accumulating);

/// Multiplies each row of `values`, `[rows, columns]`, by its factor.
void specgan_scale_rows(float *values, long rows, long columns, const float *factors);
/// Adds each row of `values`, times its factor, to that of `sums`.
void specgan_add_scaled_rows(const float *values, long rows, long columns, const float *factors,
                             float *sums);
/// Computes the negative inner product of each row of `first` and that of `second`.
void specgan_subtract_row_products(const float *first, const float *second, long rows,
                                   long columns, float *differences);
