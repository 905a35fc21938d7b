// Rows with one value for each channel: batch normalization and resizing.
#pragma once

/// Computes `sums[column] += Σ a[row][column]` and `products[column] += Σ a[row][column] ·
/// b[row][column]`, in double precision and in the order of the rows; `a` and `b` may be the same.
void specgan_add_column_products(const float *a, const float *b, long rows, long columns,
                                 double *sums, double *products);
/// Computes `results[row][column] = (values[row][column] − centers[column]) · factors[column]`.
void specgan_standardize(const float *values, long rows, const float *centers, const float *factors,
                         long columns, float *results);

/// Computes `results[row][column] = factors[column] · values[row][column]`.
void specgan_scale_columns(const float *values, long rows, const float *factors, long columns,
                           float *results);
/// Computes `sums[column] = Σ a[row][column]` and `products[column] = Σ a[row][column] ·
/// b[row][column]`, in double precision and in the order of the rows.
void specgan_column_products(const float *a, const float *b, long rows, long columns, float *sums,
                             float *products);
/// Computes `results[row][column] = factors[column] · values[row][column] + strength ·
/// shifts[row]`.
void specgan_scale_columns_and_shift_rows(const float *values, long rows, const float *factors,
                                          float strength, const float *shifts, long columns,
                                          float *results);
/// Returns `Σ shifts[row] · values[row][column]` over rows and columns, in double precision.
double specgan_sum_of_shifted_rows(const float *values, long rows, const float *shifts,
                                   long columns);

/// Computes `sums[column] = Σ a[row][column]` and `products[column] = Σ a[row][column] ·
/// (values[row][column] − centers[column]) · factors[column]`, in double precision and in the order
/// of the rows.
void specgan_normalized_products(const float *a, const float *values, long rows,
                                 const float *centers, const float *factors, long columns,
                                 float *sums, float *products);

/// The coefficients of `specgan_combine_columns`, one of each for every column.
typedef struct {
  const float *factors, *slopes, *centers, *offsets;
} specgan_combination;

/// Computes `results = factors · directions + slopes · (values − centers) + offsets`, row by row.
void specgan_combine_columns(const float *directions, const float *values, long rows,
                             specgan_combination terms, long columns, float *results);

/// Computes `target[i][c] = Σₖ weights[i][k] · source[places[i][k] · stride + c]` for `count` rows
/// of `length` values each, in the order of `k`, which counts the `taps`, at least one.
///
/// `places` are the indices of source rows, which are `stride` values apart. With a `length` of
/// several strides, source rows overlap.
void specgan_blend(const float *source, const long *places, const float *weights, long taps,
                   long count, long stride, long length, float *target);
