#include "attention.h"

#include <float.h>
#include <string.h>

#include "CKernels.h"
#include "attention_memory.h"
#include "pooled_keys.h"

static long more(long a, long b) { return a > b ? a : b; }

static long fewer(long a, long b) { return a < b ? a : b; }

// MARK: - Sizes

specgan_attention_memory specgan_attention_memory_of(specgan_attention sizes) {
  const counts n = counts_of(sizes);
  return (specgan_attention_memory){
      .values = values_at(NULL, n).count, .tangents = tangents_at(NULL, n).count,
      .cotangents = n.positions * n.projected};
}

long specgan_attention_scratch(specgan_attention sizes) {
  const counts n = counts_of(sizes);
  return more(workspace_at(NULL, n).count, n.channels * n.projected);
}

// MARK: - Kernels

// The number of floats of the packed kernels of the projections; that of the output follows them.
static long projection_panels(counts n) {
  return more(specgan_packed_count(n.channels, n.projected),
              specgan_packed_count(n.projected, n.channels));
}

static float *output_panels(const float *panels, counts n) {
  return (float *)panels + projection_panels(n);
}

long specgan_attention_panels(specgan_attention sizes) {
  const counts n = counts_of(sizes);
  return projection_panels(n) + more(specgan_packed_count(n.channels, n.values),
                                     specgan_packed_count(n.values, n.channels));
}

void specgan_attention_pack(specgan_attention sizes, specgan_attention_kernels kernels,
                            bool is_transposed, float *scratch, float *panels) {
  const counts n = counts_of(sizes);
  const struct { const float *start; long columns; } parts[] = {
      {kernels.query, n.queries}, {kernels.key, n.queries}, {kernels.value, n.values}};
  long first = 0;
  for (int part = 0; part < 3; first += parts[part++].columns)
    for (long row = 0; row < n.channels; row++)
      memcpy(scratch + row * n.projected + first, parts[part].start + row * parts[part].columns,
             (size_t)parts[part].columns * sizeof(float));
  const specgan_matrix merged = {scratch, n.projected, 1}, turned = {scratch, 1, n.projected};
  if (is_transposed) specgan_pack(turned, n.projected, n.channels, panels);
  else specgan_pack(merged, n.channels, n.projected, panels);

  specgan_scale(kernels.output, kernels.gamma, n.values * n.channels, scratch);
  const specgan_matrix scaled = {scratch, n.channels, 1}, upright = {scratch, 1, n.channels};
  float *output = output_panels(panels, n);
  if (is_transposed) specgan_pack(upright, n.channels, n.values, output);
  else specgan_pack(scaled, n.values, n.channels, output);
}

// MARK: - Projections

// Computes the projections of all positions, in rows of whole vectors.
static void project(const float *x, const float *panels, counts n, float *projections) {
  specgan_multiply_packed((specgan_matrix){x, n.channels, 1}, n.positions, n.channels, panels,
                          n.row, projections, n.row, false);
}

// Copies `columns` elements of each of `rows` rows.
static void copy_rows(const float *source, long source_stride, long rows, long columns,
                      float *target, long target_stride) {
  for (long row = 0; row < rows; row++)
    memcpy(target + row * target_stride, source + row * source_stride,
           (size_t)columns * sizeof(float));
}

// Writes `y = x + a · b` for `a` of `terms` columns and packed `b`, some rows at a time.
static void add_product(const float *x, specgan_matrix a, long terms, const float *panels, counts n,
                        float *y) {
  for (long first = 0; first < n.positions; first += most_rows) {
    const long count = fewer(most_rows, n.positions - first), at = first * n.channels;
    if (x != NULL) memcpy(y + at, x + at, (size_t)(count * n.channels) * sizeof(float));
    const specgan_matrix rows = {a.start + first * a.row_stride, a.row_stride, 1};
    specgan_multiply_packed(rows, count, terms, panels, n.channels, y + at, n.channels, x != NULL);
  }
}

// MARK: - Keys and values

// Writes the transpose of pooled keys and values, `[pooled, stride]`, with zeros beyond the keys.
//
// The mean of all keys is subtracted from each, because softmax does not depend on it. A sum over
// keys of cotangents, which is zero but for rounding, then has little effect on the queries.
static void transpose_keys(const float *pooled, counts n, float *keys) {
  if (n.stride > n.keys) memset(keys, 0, (size_t)(n.pooled * n.stride) * sizeof(float));
  specgan_transpose(pooled, n.pooled, n.keys, n.pooled, keys, n.stride);
  for (long row = 0; row < n.queries; row++, keys += n.stride) {
    float sum = 0;
    for (long key = 0; key < n.keys; key++) sum += keys[key];
    for (long key = 0; key < n.keys; key++) keys[key] -= sum / (float)n.keys;
  }
}

static void pack_values(const float *pooled, counts n, float *panels) {
  specgan_pack((specgan_matrix){pooled + n.queries, n.pooled, 1}, n.keys, n.values, panels);
}

// MARK: - Passes

// Sets the columns of `count` rows beyond the keys.
static void set_rest(float *rows, long count, counts n, float value) {
  if (n.stride == n.keys) return;
  for (long row = 0; row < count; row++)
    for (long key = n.keys; key < n.stride; key++) rows[row * n.stride + key] = value;
}

// Computes the sums of `count` rows of packed `panels` with weights.
static void sum_values(const float *weights, long count, const float *panels, counts n,
                       float *sums, bool accumulating) {
  specgan_multiply_packed((specgan_matrix){weights, n.stride, 1}, count, n.keys, panels, n.values,
                          sums, n.values, accumulating);
}

// Computes the weights of `count` rows from `first` on, without the factors `inverses`.
static void find_weights(value_memory m, long first, long count, counts n, float *weights) {
  specgan_find_scores(specgan_weight,
                      (specgan_scores){.rows = m.queries + first * n.queries, .count = count,
                                       .rows_stride = n.queries, .terms = n.queries,
                                       .keys = m.keys, .target = weights, .stride = n.stride,
                                       .starts = m.largest + first});
  set_rest(weights, count, n, 0);
}

void specgan_attend(specgan_attention sizes, const float *panels, const float *x, float *values,
                    float *scratch, float *y) {
  const counts n = counts_of(sizes);
  const workspace w = workspace_at(scratch, n);
  const value_memory m = values_at(values, n);
  project(x, panels, n, w.projections);
  copy_rows(w.projections, n.row, n.positions, n.queries, m.queries, n.queries);
  specgan_pool_keys(sizes.pooling, w.projections + n.queries, n.row, n.pooled, w.pooled, m.choices);
  transpose_keys(w.pooled, n, m.keys);
  pack_values(w.pooled, n, m.panels);
  for (long first = 0; first < n.positions; first += most_rows) {
    const long count = fewer(most_rows, n.positions - first);
    specgan_find_scores(specgan_plain,
                        (specgan_scores){.rows = m.queries + first * n.queries, .count = count,
                                         .rows_stride = n.queries, .terms = n.queries,
                                         .keys = m.keys, .target = w.weights,
                                         .stride = n.stride});
    set_rest(w.weights, count, n, -FLT_MAX);
    specgan_soften(w.weights, count, n.stride, m.largest + first, m.inverses + first);
    float *result = m.result + first * n.values;
    sum_values(w.weights, count, m.panels, n, result, false);
    specgan_scale_rows(result, count, n.values, m.inverses + first);
  }
  add_product(x, (specgan_matrix){m.result, n.values, 1}, n.values, output_panels(panels, n), n, y);
}

// Writes the tangents of queries, keys and values from those of the projections.
static void take_tangents(specgan_attention sizes, value_memory m, tangent_memory t, counts n,
                          workspace w) {
  copy_rows(w.projections, n.row, n.positions, n.queries, t.queries, 2 * n.queries);
  copy_rows(m.queries, n.queries, n.positions, n.queries, t.queries + n.queries, 2 * n.queries);
  specgan_pick_keys(sizes.pooling, w.projections + n.queries, n.row, n.pooled, m.choices, w.pooled);
  memcpy(t.keys, m.keys, (size_t)(n.queries * n.stride) * sizeof(float));
  transpose_keys(w.pooled, n, t.keys + n.queries * n.stride);
}

// The products of some rows that are the tangents of scores.
static specgan_scores score_tangents(tangent_memory t, long first, long count, counts n,
                                     float *target) {
  return (specgan_scores){.rows = t.queries + first * 2 * n.queries, .count = count,
                          .rows_stride = 2 * n.queries, .terms = 2 * n.queries, .keys = t.keys,
                          .target = target, .stride = n.stride};
}

void specgan_attend_tangent(specgan_attention sizes, const float *panels, const float *x_tangent,
                            const float *values, float *tangents, float *scratch,
                            float *y_tangent) {
  const counts n = counts_of(sizes);
  const workspace w = workspace_at(scratch, n);
  const value_memory m = values_at(values, n);
  const tangent_memory t = tangents_at(tangents, n);
  project(x_tangent, panels, n, w.projections);
  take_tangents(sizes, m, t, n, w);
  pack_values(w.pooled, n, w.panels);
  for (long key = 0; key < n.stride; key++) w.ones[key] = 1;
  for (long first = 0; first < n.positions; first += most_rows) {
    const long count = fewer(most_rows, n.positions - first), at = first * n.values;
    find_weights(m, first, count, n, w.weights);
    specgan_scores scores = score_tangents(t, first, count, n, w.tangents);
    scores.weights = w.weights;
    specgan_find_scores(specgan_weighted, scores);
    // Ṙ = Σ w (ṡ − Σ w ṡ) V + Σ w V̇ for w with a sum of 1; Σ w V = R is known.
    specgan_sum_over_keys((specgan_key_sums){.weights = w.tangents, .count = count,
                                             .stride = n.stride, .keys = w.ones, .columns = 1,
                                             .target = t.means + first, .target_stride = 1},
                          false);
    for (long row = first; row < first + count; row++) t.means[row] *= -m.inverses[row];
    sum_values(w.tangents, count, m.panels, n, t.result + at, false);
    sum_values(w.weights, count, w.panels, n, t.result + at, true);
    specgan_scale_rows(t.result + at, count, n.values, m.inverses + first);
    specgan_add_scaled_rows(m.result + at, count, n.values, t.means + first, t.result + at);
  }
  add_product(x_tangent, (specgan_matrix){t.result, n.values, 1}, n.values,
              output_panels(panels, n), n, y_tangent);
}

// Computes `count` rows of cotangents of results, times the factors of their weights, and their
// negative products with the results.
static void pull_back_output(const float *y_cotangent, const float *panels, value_memory m,
                             long first, long count, counts n, workspace w) {
  specgan_multiply_packed((specgan_matrix){y_cotangent + first * n.channels, n.channels, 1}, count,
                          n.channels, output_panels(panels, n), n.values, w.results, n.values,
                          false);
  specgan_scale_rows(w.results, count, n.values, m.inverses + first);
  specgan_subtract_row_products(w.results, m.result + first * n.values, count, n.values, w.starts);
}

// Adds the product of the transpose of `rows`, `[count, columns]`, and weights to the cotangents of
// keys or values from `column` on.
static void add_to_keys(const float *weights, long count, specgan_matrix rows, long columns,
                        long column, counts n, workspace w) {
  specgan_multiply_in_place((specgan_matrix){rows.start, 1, rows.row_stride}, columns, count,
                            weights, n.stride, n.stride, w.key_cotangents + column * n.stride,
                            n.stride, true);
}

static specgan_matrix rows_of(const float *start, long stride) {
  return (specgan_matrix){start, stride, 1};
}

// The products of `count` rows of results with the values, a row of weights for each.
static specgan_scores value_scores(const float *results, long count, value_memory m, counts n,
                                   workspace w, float *target) {
  return (specgan_scores){.rows = results, .count = count, .rows_stride = n.values,
                          .terms = n.values, .keys = m.keys + n.queries * n.stride,
                          .target = target, .stride = n.stride, .starts = w.starts,
                          .weights = w.weights};
}

// Computes the cotangents of `count` queries from `first` on: sums of the transposed `keys`.
static void sum_keys(const float *weights, long first, long count, const float *keys, counts n,
                     float *cotangents, bool accumulating) {
  specgan_sum_over_keys((specgan_key_sums){.weights = weights, .count = count,
                                           .stride = n.stride, .keys = keys,
                                           .columns = n.queries,
                                           .target = cotangents + first * n.projected,
                                           .target_stride = n.projected}, accumulating);
}

// Computes of `count` rows, with ṫ = ṡ − Σ w ṡ and e = w̄ − Σ w w̄ of the backward pass: in
// `tangents` ẇ = w ṫ, in `cotangents` the cotangents of ṡ, w e, and in `weight_cotangents` those
// of s, w (Ṙ̄ V̇ᵀ − Ṙ̄ Ṙᵀ + e ṫ). The other terms of its mean cancel.
static void find_curved_scores(long first, long count, value_memory m, tangent_memory t, counts n,
                               workspace w) {
  specgan_scores scores = score_tangents(t, first, count, n, w.tangents);
  scores.starts = t.means + first;
  specgan_find_scores(specgan_plain, scores);
  specgan_find_scores(specgan_plain, value_scores(w.results, count, m, n, w, w.cotangents));
  scores = value_scores(w.results, count, m, n, w, w.weight_cotangents);
  scores.keys = t.values;
  scores.starts = w.more_starts;
  scores.tangents = w.tangents;
  scores.cotangents = w.cotangents;
  specgan_find_scores(specgan_curved, scores);
}

// Completes the cotangents of the projections, whose queries are written, and computes those of x.
static void pull_back_projections(specgan_attention sizes, const float *x, const float *panels,
                                  value_memory m, counts n, workspace w, float *cotangents,
                                  float *x_cotangent) {
  specgan_transpose(w.key_cotangents, n.stride, n.pooled, n.keys, w.pooled, n.pooled);
  specgan_spread_keys(sizes.pooling, w.pooled, n.projected, n.pooled, m.choices, cotangents + n.queries);
  if (x_cotangent != NULL)
    add_product(x, (specgan_matrix){cotangents, n.projected, 1}, n.projected, panels, n,
                x_cotangent);
}

void specgan_attend_backward(specgan_attention sizes, const float *panels,
                             const float *y_cotangent, const float *values, float *cotangents,
                             float *scratch, float *x_cotangent) {
  const counts n = counts_of(sizes);
  const workspace w = workspace_at(scratch, n);
  const value_memory m = values_at(values, n);
  memset(w.key_cotangents, 0, (size_t)(n.pooled * n.stride) * sizeof(float));
  for (long first = 0; first < n.positions; first += most_rows) {
    const long count = fewer(most_rows, n.positions - first);
    pull_back_output(y_cotangent, panels, m, first, count, n, w);
    find_weights(m, first, count, n, w.weights);
    // s̄ = w (w̄ − Σ w w̄), and Σ w w̄ is the product of the result and its cotangent.
    specgan_find_scores(specgan_weighted, value_scores(w.results, count, m, n, w, w.cotangents));
    sum_keys(w.cotangents, first, count, m.keys, n, cotangents, false);
    add_to_keys(w.cotangents, count, rows_of(m.queries + first * n.queries, n.queries), n.queries,
                0, n, w);
    add_to_keys(w.weights, count, rows_of(w.results, n.values), n.values, n.queries, n, w);
  }
  pull_back_projections(sizes, y_cotangent, panels, m, n, w, cotangents, x_cotangent);
}

void specgan_attend_curvature(specgan_attention sizes, const float *panels,
                              const float *y_cotangent, const float *values,
                              const float *tangents, float *cotangents, float *scratch,
                              float *x_cotangent) {
  const counts n = counts_of(sizes);
  const workspace w = workspace_at(scratch, n);
  const value_memory m = values_at(values, n);
  const tangent_memory t = tangents_at(tangents, n);
  const long pair = 2 * n.queries;
  memset(w.key_cotangents, 0, (size_t)(n.pooled * n.stride) * sizeof(float));
  for (long first = 0; first < n.positions; first += most_rows) {
    const long count = fewer(most_rows, n.positions - first);
    pull_back_output(y_cotangent, panels, m, first, count, n, w);
    specgan_subtract_row_products(w.results, t.result + first * n.values, count, n.values,
                                  w.more_starts);
    find_weights(m, first, count, n, w.weights);
    find_curved_scores(first, count, m, t, n, w);
    sum_keys(w.weight_cotangents, first, count, m.keys, n, cotangents, false);
    sum_keys(w.cotangents, first, count, t.keys + n.queries * n.stride, n, cotangents, true);
    const float *queries = t.queries + first * pair;
    add_to_keys(w.weight_cotangents, count, rows_of(queries + n.queries, pair), n.queries, 0, n, w);
    add_to_keys(w.cotangents, count, rows_of(queries, pair), n.queries, 0, n, w);
    add_to_keys(w.tangents, count, rows_of(w.results, n.values), n.values, n.queries, n, w);
  }
  pull_back_projections(sizes, NULL, panels, m, n, w, cotangents, x_cotangent);
}

// MARK: - Gradients of the kernels

// Adds the product of the transpose of `a`, `[positions, rows]`, and a picture.
static void add_picture_product(const float *a, long rows, const float *picture, counts n,
                                float *scratch, float *sums) {
  const specgan_matrix left = {a, 1, rows};
  if (n.channels % specgan_column_group == 0) {
    specgan_multiply_in_place(left, rows, n.positions, picture, n.channels, n.channels, sums,
                              n.channels, true);
  } else {
    float *panels = workspace_at(scratch, n).panels;
    specgan_pack((specgan_matrix){picture, n.channels, 1}, n.positions, n.channels, panels);
    specgan_multiply_packed(left, rows, n.positions, panels, n.channels, sums, n.channels, true);
  }
}

void specgan_add_projection_gradient(specgan_attention sizes, const float *x,
                                     const float *cotangents, float *scratch, float *sums) {
  const counts n = counts_of(sizes);
  add_picture_product(cotangents, n.projected, x, n, scratch, sums);
}

void specgan_add_output_gradient(specgan_attention sizes, const float *memory, bool is_tangent,
                                 const float *y_cotangent, float *scratch, float *sums) {
  const counts n = counts_of(sizes);
  const float *result = is_tangent ? tangents_at(memory, n).result : values_at(memory, n).result;
  add_picture_product(result, n.values, y_cotangent, n, scratch, sums);
}
