#include "attention.h"

#include <string.h>

#include "CKernels.h"
#include "dispatch.h"
#include "exponential.h"

// MARK: - Softmax

// The number of lanes of a sum, for any width of the processor's vectors.
enum { lanes = 16 };

INLINE float sum_of_lanes(const float *sums) {
  float total = 0;
  for (int lane = 0; lane < lanes; lane++) total += sums[lane];
  return total;
}

// Runs `body` for every column `k` and its lane.
#define FOR_COLUMNS(body)                                          \
  {                                                                \
    long first = 0;                                                \
    for (; first + lanes <= columns; first += lanes)               \
      for (int lane = 0; lane < lanes; lane++) {                   \
        const long k = first + lane;                               \
        body                                                       \
      }                                                            \
    for (int lane = 0; first + lane < columns; lane++) {           \
      const long k = first + lane;                                 \
      body                                                         \
    }                                                              \
  }

DISPATCHED(void, specgan_softmax, (float *restrict values, long rows, long columns),
           (values, rows, columns)) {
  for (long row = 0; row < rows; row++, values += columns) {
    float most[lanes], sums[lanes] = {0};
    for (int lane = 0; lane < lanes; lane++) most[lane] = values[0];
    FOR_COLUMNS(most[lane] = values[k] > most[lane] ? values[k] : most[lane];)
    float largest = most[0];
    for (int lane = 1; lane < lanes; lane++) largest = most[lane] > largest ? most[lane] : largest;
    // Below e⁻⁸⁰ of the largest a weight has no effect.
    FOR_COLUMNS(float x = values[k] - largest; x = x < -80 ? -80 : x; values[k] = exponential(x);
                sums[lane] += values[k];)
    const float factor = 1 / sum_of_lanes(sums);
    for (long k = 0; k < columns; k++) values[k] *= factor;
  }
}

DISPATCHED(void, specgan_multiply_by_softmax_jacobian,
           (float *restrict directions, const float *restrict weights, long rows, long columns),
           (directions, weights, rows, columns)) {
  for (long row = 0; row < rows; row++, directions += columns, weights += columns) {
    float sums[lanes] = {0};
    FOR_COLUMNS(sums[lane] += weights[k] * directions[k];)
    const float mean = sum_of_lanes(sums);
    for (long k = 0; k < columns; k++) directions[k] = weights[k] * (directions[k] - mean);
  }
}

DISPATCHED(void, specgan_softmax_curvature,
           (const float *restrict weights, float *restrict tangents, float *restrict cotangents,
            float *restrict weight_cotangents, long rows, long columns),
           (weights, tangents, cotangents, weight_cotangents, rows, columns)) {
  for (long row = 0; row < rows; row++) {
    float sums[2][lanes] = {{0}};
    FOR_COLUMNS(sums[0][lane] += weights[k] * tangents[k];
                sums[1][lane] += weights[k] * cotangents[k];)
    const float tangent = sum_of_lanes(sums[0]), cotangent = sum_of_lanes(sums[1]);
    float products[lanes] = {0};
    // ẇ = w (ṡ − Σ w ṡ) depends on w twice.
    FOR_COLUMNS(const float direction = tangents[k] - tangent;
                weight_cotangents[k] += cotangents[k] * direction - cotangent * tangents[k];
                products[lane] += weights[k] * weight_cotangents[k];
                cotangents[k] = weights[k] * (cotangents[k] - cotangent);
                tangents[k] = weights[k] * direction;)
    const float mean = sum_of_lanes(products);
    for (long k = 0; k < columns; k++)
      weight_cotangents[k] = weights[k] * (weight_cotangents[k] - mean);
    weights += columns, tangents += columns, cotangents += columns, weight_cotangents += columns;
  }
}

// MARK: - Queries, keys and values

// The number of queries whose weights are computed at once, so that they stay in the cache.
enum { most_queries = 64 };

// The counts of an attention's parts.
typedef struct {
  long positions, keys, queries, values, channels;
} counts;

static counts counts_of(specgan_attention sizes) {
  const specgan_pooling p = sizes.pooling;
  const long positions = p.height * p.width;
  return (counts){.positions = positions, .keys = positions / (p.down * p.across),
                  .queries = sizes.queries, .values = sizes.values, .channels = p.channels};
}

// A pooled picture, and the panels of its keys and values: of Kᵀ, K, Vᵀ and V.
typedef struct {
  float *pooled, *transposed_keys, *keys, *transposed_values, *values;
} pooled_picture;

// The scratch memory of one example.
typedef struct {
  pooled_picture x, tangent;
  // Weights or their derivatives, [queries at once, keys].
  float *weights, *tangents, *cotangents, *weight_cotangents;
  float *panel;            // of some queries, or of their results
  float *key_cotangents;   // those of the pooled picture
  float *query_cotangents; // [positions, queries]
  long count;
} workspace;

static float *take(workspace *all, float *start, long count) {
  float *block = start == NULL ? NULL : start + all->count;
  all->count += count;
  return block;
}

static pooled_picture take_picture(workspace *all, float *start, counts n) {
  pooled_picture picture;
  picture.pooled = take(all, start, n.keys * n.channels);
  picture.transposed_keys = take(all, start, specgan_packed_count(n.queries, n.keys));
  picture.keys = take(all, start, specgan_packed_count(n.keys, n.queries));
  picture.transposed_values = take(all, start, specgan_packed_count(n.values, n.keys));
  picture.values = take(all, start, specgan_packed_count(n.keys, n.values));
  return picture;
}

static workspace workspace_at(float *start, counts n) {
  workspace all = {.count = 0};
  all.x = take_picture(&all, start, n);
  all.tangent = take_picture(&all, start, n);
  const long block = most_queries * n.keys;
  all.weights = take(&all, start, block);
  all.tangents = take(&all, start, block);
  all.cotangents = take(&all, start, block);
  all.weight_cotangents = take(&all, start, block);
  const long most = n.queries > n.values ? n.queries : n.values;
  all.panel = take(&all, start, specgan_packed_count(most_queries, most));
  all.key_cotangents = take(&all, start, n.keys * n.channels);
  all.query_cotangents = take(&all, start, n.positions * n.queries);
  return all;
}

long specgan_attention_scratch(specgan_attention sizes) {
  return workspace_at(NULL, counts_of(sizes)).count;
}

static void pack_transposed_keys(pooled_picture picture, counts n) {
  specgan_pack((specgan_matrix){picture.pooled + n.queries, 1, n.channels}, n.queries, n.keys,
               picture.transposed_keys);
}

static void pack_keys(pooled_picture picture, counts n) {
  specgan_pack((specgan_matrix){picture.pooled + n.queries, n.channels, 1}, n.keys, n.queries,
               picture.keys);
}

static void pack_transposed_values(pooled_picture picture, counts n) {
  specgan_pack((specgan_matrix){picture.pooled + 2 * n.queries, 1, n.channels}, n.values, n.keys,
               picture.transposed_values);
}

static void pack_values(pooled_picture picture, counts n) {
  specgan_pack((specgan_matrix){picture.pooled + 2 * n.queries, n.channels, 1}, n.keys, n.values,
               picture.values);
}

// Computes the products of `count` queries of the picture `x`, or of other rows of as many
// channels, with the keys.
static void multiply_by_keys(const float *x, long count, const float *transposed_keys, counts n,
                             float *products, bool accumulating) {
  specgan_multiply_packed((specgan_matrix){x, n.channels, 1}, count, n.queries, transposed_keys,
                          n.keys, products, n.keys, accumulating);
}

// Computes the products of `count` rows of results with the values, a row of weights for each.
static void multiply_by_values(const float *results, long count, const float *transposed_values,
                               counts n, float *products) {
  specgan_multiply_packed((specgan_matrix){results, n.values, 1}, count, n.values,
                          transposed_values, n.keys, products, n.keys, false);
}

// Computes the sums of the rows of a matrix packed in `panels`, `[keys, columns]`, with `count`
// rows of weights.
static void sum_up(const float *weights, long count, const float *panels, long columns, counts n,
                   float *sums, bool accumulating) {
  specgan_multiply_packed((specgan_matrix){weights, n.keys, 1}, count, n.keys, panels, columns,
                          sums, columns, accumulating);
}

// Adds to the cotangents of each pooled key or value, from `column` of the pooled picture on: the
// sum of `count` rows with the key's column of weights.
static void add_to_keys(const float *weights, long count, specgan_matrix rows, long columns,
                        counts n, workspace all, long column) {
  specgan_pack(rows, count, columns, all.panel);
  specgan_multiply_packed((specgan_matrix){weights, 1, n.keys}, n.keys, count, all.panel, columns,
                          all.key_cotangents + column, n.channels, true);
}

// Writes the cotangents of a picture from those of its pooled keys and values and of its queries.
static void spread(specgan_attention sizes, const float *x, workspace all, counts n,
                   float *x_cotangent) {
  specgan_max_pool_spread(x, all.x.pooled, sizes.pooling, all.key_cotangents, x_cotangent);
  for (long position = 0; position < n.positions; position++)
    memcpy(x_cotangent + position * n.channels, all.query_cotangents + position * n.queries,
           (size_t)n.queries * sizeof(float));
}

static long fewer(long a, long b) { return a < b ? a : b; }

void specgan_attend(specgan_attention sizes, const float *x, float *scratch, float *result) {
  const counts n = counts_of(sizes);
  const workspace all = workspace_at(scratch, n);
  specgan_max_pool(x, sizes.pooling, all.x.pooled);
  pack_transposed_keys(all.x, n);
  pack_values(all.x, n);
  for (long first = 0; first < n.positions; first += most_queries) {
    const long count = fewer(most_queries, n.positions - first);
    multiply_by_keys(x + first * n.channels, count, all.x.transposed_keys, n, all.weights, false);
    specgan_softmax(all.weights, count, n.keys);
    sum_up(all.weights, count, all.x.values, n.values, n, result + first * n.values, false);
  }
}

void specgan_attend_tangent(specgan_attention sizes, const float *x, const float *x_tangent,
                            float *scratch, float *result_tangent) {
  const counts n = counts_of(sizes);
  const workspace all = workspace_at(scratch, n);
  specgan_max_pool(x, sizes.pooling, all.x.pooled);
  specgan_max_pool_pick(x, all.x.pooled, sizes.pooling, x_tangent, all.tangent.pooled);
  pack_transposed_keys(all.x, n);
  pack_transposed_keys(all.tangent, n);
  pack_values(all.x, n);
  pack_values(all.tangent, n);
  for (long first = 0; first < n.positions; first += most_queries) {
    const long count = fewer(most_queries, n.positions - first), at = first * n.channels;
    multiply_by_keys(x + at, count, all.x.transposed_keys, n, all.weights, false);
    specgan_softmax(all.weights, count, n.keys);
    multiply_by_keys(x_tangent + at, count, all.x.transposed_keys, n, all.tangents, false);
    multiply_by_keys(x + at, count, all.tangent.transposed_keys, n, all.tangents, true);
    specgan_multiply_by_softmax_jacobian(all.tangents, all.weights, count, n.keys);
    float *target = result_tangent + first * n.values;
    sum_up(all.tangents, count, all.x.values, n.values, n, target, false);
    sum_up(all.weights, count, all.tangent.values, n.values, n, target, true);
  }
}

void specgan_attend_backward(specgan_attention sizes, const float *x, const float *cotangent,
                             float *scratch, float *x_cotangent) {
  const counts n = counts_of(sizes);
  const workspace all = workspace_at(scratch, n);
  specgan_max_pool(x, sizes.pooling, all.x.pooled);
  pack_transposed_keys(all.x, n);
  pack_keys(all.x, n);
  pack_transposed_values(all.x, n);
  memset(all.key_cotangents, 0, (size_t)(n.keys * n.channels) * sizeof(float));
  for (long first = 0; first < n.positions; first += most_queries) {
    const long count = fewer(most_queries, n.positions - first), at = first * n.channels;
    const float *result_cotangent = cotangent + first * n.values;
    multiply_by_keys(x + at, count, all.x.transposed_keys, n, all.weights, false);
    specgan_softmax(all.weights, count, n.keys);
    multiply_by_values(result_cotangent, count, all.x.transposed_values, n, all.cotangents);
    specgan_multiply_by_softmax_jacobian(all.cotangents, all.weights, count, n.keys);
    sum_up(all.cotangents, count, all.x.keys, n.queries, n,
           all.query_cotangents + first * n.queries, false);
    add_to_keys(all.cotangents, count, (specgan_matrix){x + at, n.channels, 1}, n.queries, n, all,
                n.queries);
    add_to_keys(all.weights, count, (specgan_matrix){result_cotangent, n.values, 1}, n.values, n,
                all, 2 * n.queries);
  }
  spread(sizes, x, all, n, x_cotangent);
}

void specgan_attend_curvature(specgan_attention sizes, const float *x, const float *x_tangent,
                              const float *cotangent, float *scratch, float *x_cotangent) {
  const counts n = counts_of(sizes);
  const workspace all = workspace_at(scratch, n);
  specgan_max_pool(x, sizes.pooling, all.x.pooled);
  specgan_max_pool_pick(x, all.x.pooled, sizes.pooling, x_tangent, all.tangent.pooled);
  pack_transposed_keys(all.x, n);
  pack_transposed_keys(all.tangent, n);
  pack_keys(all.x, n);
  pack_keys(all.tangent, n);
  pack_transposed_values(all.x, n);
  pack_transposed_values(all.tangent, n);
  memset(all.key_cotangents, 0, (size_t)(n.keys * n.channels) * sizeof(float));
  for (long first = 0; first < n.positions; first += most_queries) {
    const long count = fewer(most_queries, n.positions - first), at = first * n.channels;
    const float *result_cotangent = cotangent + first * n.values;
    multiply_by_keys(x + at, count, all.x.transposed_keys, n, all.weights, false);
    specgan_softmax(all.weights, count, n.keys);
    multiply_by_keys(x_tangent + at, count, all.x.transposed_keys, n, all.tangents, false);
    multiply_by_keys(x + at, count, all.tangent.transposed_keys, n, all.tangents, true);
    multiply_by_values(result_cotangent, count, all.x.transposed_values, n, all.cotangents);
    multiply_by_values(result_cotangent, count, all.tangent.transposed_values, n,
                       all.weight_cotangents);
    specgan_softmax_curvature(all.weights, all.tangents, all.cotangents, all.weight_cotangents,
                              count, n.keys);
    float *target = all.query_cotangents + first * n.queries;
    sum_up(all.weight_cotangents, count, all.x.keys, n.queries, n, target, false);
    sum_up(all.cotangents, count, all.tangent.keys, n.queries, n, target, true);
    add_to_keys(all.weight_cotangents, count, (specgan_matrix){x + at, n.channels, 1}, n.queries, n,
                all, n.queries);
    add_to_keys(all.cotangents, count, (specgan_matrix){x_tangent + at, n.channels, 1}, n.queries,
                n, all, n.queries);
    add_to_keys(all.tangents, count, (specgan_matrix){result_cotangent, n.values, 1}, n.values, n,
                all, 2 * n.queries);
  }
  spread(sizes, x, all, n, x_cotangent);
}
