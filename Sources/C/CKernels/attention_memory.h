// The sizes and the memory of attention's passes.
#pragma once

#include <stddef.h>

#include "include/attention.h"
#include "include/products.h"

// The number of positions whose weights are computed at once, so that they stay in the cache.
enum { most_rows = 32 };

// The counts of an attention's parts.
typedef struct {
  // `stride` is the number of keys, rounded up to whole vectors.
  long positions, keys, stride, queries, values, channels;
  long projected;  // the channels of a position's projections
  long row;        // the same, rounded up to whole vectors
  long pooled;     // the channels of a key and a value
} counts;

static inline long whole_vectors(long count) { return (count + 15) / 16 * 16; }

static inline counts counts_of(specgan_attention sizes) {
  const specgan_pooling p = sizes.pooling;
  const long positions = p.height * p.width, keys = positions / (p.down * p.across);
  const long projected = 2 * sizes.queries + sizes.values;
  return (counts){.positions = positions, .keys = keys, .stride = whole_vectors(keys),
                  .queries = sizes.queries, .values = sizes.values, .channels = p.channels,
                  .projected = projected, .row = whole_vectors(projected),
                  .pooled = sizes.queries + sizes.values};
}

// Returns the next `count` floats after the `total` that are taken, which it increases.
static inline float *take(float *start, long *total, long count) {
  float *block = start == NULL ? NULL : start + *total;
  *total += whole_vectors(count);  // so that vectors do not cross cache lines
  return block;
}

// The memory that the forward pass writes for later passes.
typedef struct {
  float *queries;             // [positions, queries]
  float *keys;                // keys, then values, transposed, [pooled, stride]
  float *panels;              // values, packed
  float *choices;             // the index in its window of each largest value, [keys, pooled]
  float *largest, *inverses;  // of each position's products, and of the sum of its exponentials
  float *result;              // [positions, values]
  long count;
} value_memory;

static inline value_memory values_at(const float *start, counts n) {
  value_memory m = {.count = 0};
  float *memory = (float *)start;
  m.queries = take(memory, &m.count, n.positions * n.queries);
  m.keys = take(memory, &m.count, n.pooled * n.stride);
  m.panels = take(memory, &m.count, specgan_packed_count(n.keys, n.values));
  m.choices = take(memory, &m.count, n.keys * n.pooled);
  m.largest = take(memory, &m.count, n.positions);
  m.inverses = take(memory, &m.count, n.positions);
  m.result = take(memory, &m.count, n.positions * n.values);
  return m;
}

// The memory that the tangent pass writes: the tangents of scores are products of `queries` and
// `keys`.
typedef struct {
  float *queries;  // the query's tangent, then the query, [positions, 2 queries]
  float *keys;     // the keys, their tangents, and those of the values, transposed
  float *values;   // the last of these, [values, stride]
  float *means;    // the weighted means of the scores' tangents, negative, [positions]
  float *result;   // [positions, values]
  long count;
} tangent_memory;

static inline tangent_memory tangents_at(const float *start, counts n) {
  tangent_memory m = {.count = 0};
  float *memory = (float *)start;
  m.queries = take(memory, &m.count, n.positions * 2 * n.queries);
  m.keys = take(memory, &m.count, (n.queries + n.pooled) * n.stride);
  m.values = m.keys == NULL ? NULL : m.keys + 2 * n.queries * n.stride;
  m.means = take(memory, &m.count, n.positions);
  m.result = take(memory, &m.count, n.positions * n.values);
  return m;
}

// The scratch memory of one example.
typedef struct {
  float *projections;     // [positions, row]
  float *pooled;          // [keys, pooled]
  float *panels;          // the tangents of the values, packed; or those of a gradient
  float *key_cotangents;  // of keys and values, transposed, [pooled, stride]
  float *ones;            // [stride]
  // Of some positions: weights and their derivatives, [rows, stride].
  float *weights, *tangents, *cotangents, *weight_cotangents;
  float *results;               // [rows, values]
  float *starts, *more_starts;  // [rows]
  long count;
} workspace;

static inline workspace workspace_at(float *start, counts n) {
  workspace w = {.count = 0};
  w.projections = take(start, &w.count, n.positions * n.row);
  w.pooled = take(start, &w.count, n.keys * n.pooled);
  const long values = specgan_packed_count(n.keys, n.values);
  const long picture = specgan_packed_count(n.positions, n.channels);
  w.panels = take(start, &w.count, values > picture ? values : picture);
  w.key_cotangents = take(start, &w.count, n.pooled * n.stride);
  w.ones = take(start, &w.count, n.stride);
  w.weights = take(start, &w.count, most_rows * n.stride);
  w.tangents = take(start, &w.count, most_rows * n.stride);
  w.cotangents = take(start, &w.count, most_rows * n.stride);
  w.weight_cotangents = take(start, &w.count, most_rows * n.stride);
  w.results = take(start, &w.count, most_rows * n.values);
  w.starts = take(start, &w.count, most_rows);
  w.more_starts = take(start, &w.count, most_rows);
  return w;
}
