// Vectors and matrices: sums, products and the transpose.
#pragma once

/// Computes `target[column · target_stride + row] = source[row · source_stride + column]`.
void specgan_transpose(const float *source, long source_stride, long rows, long columns,
                       float *target, long target_stride);

/// Returns the sum of squares, in double precision.
double specgan_sum_of_squares(const float *values, long count);
/// Returns the inner product, in double precision.
double specgan_inner_product(const float *first, const float *second, long count);
/// Computes `result[row] = Σ matrix[row][column] · vector[column]`, each sum in double precision.
void specgan_matrix_vector(const float *matrix, long rows, long columns, const float *vector,
                           float *result);
/// Computes `result[column] += Σ matrix[row][column] · vector[row]`.
void specgan_add_transposed_matrix_vector(const float *matrix, long rows, long columns,
                                          const float *vector, float *result);
/// Computes `m[row][column] = factor · (m[row][column] + weight · down[row] · across[column])` for
/// `m = matrix`.
void specgan_add_outer_product(float *matrix, const float *down, long rows, const float *across,
                               long columns, float weight, float factor);
/// Computes `sums[column] += Σ values[row][column]`, in double precision. Rows are `stride` apart.
void specgan_add_columns(const float *values, long rows, long stride, long columns, double *sums);
