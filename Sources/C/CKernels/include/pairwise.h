// Pairs of rows: distances, kernels and covariances.
#pragma once

/// Computes `results[i][j] = Σₖ (a[i][k] − b[j][k])²` for rows of `length` values; exchanging `a`
/// and `b` gives the same bits.
void specgan_squared_distances(const float *a, long a_rows, const float *b, long b_rows,
                               long length, float *results);

/// Computes `results[i][j] = Σₖ a[i][k] b[j][k]` for rows of `length` values.
void specgan_row_products(const float *a, long a_rows, const float *b, long b_rows, long length,
                          float *results);

/// Computes `sums[i − first][j] += Σᵣ a[r][i] b[r][j]` for `i` in `first ..< last` and every `j`:
/// the rows from `first` to `last` of `aᵀb`, where `a` and `b` are `[rows, length]`.
void specgan_add_transposed_products(const double *a, const double *b, long rows, long length,
                                     long first, long last, double *sums);
