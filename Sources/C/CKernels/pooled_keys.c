// The largest keys and values in each window of a picture, and their indices in the window.

#include "pooled_keys.h"

#include "dispatch.h"

// The offset, in positions, of the element `index` of a window.
INLINE long offset_in_window(specgan_pooling p, long index) {
  return index / p.across * p.width + index % p.across;
}

// The position of the first element of a key's window.
INLINE long first_in_window(specgan_pooling p, long key) {
  const long across = p.width / p.across;
  return key / across * p.down * p.width + key % across * p.across;
}

DISPATCHED(void, specgan_pool_keys, (specgan_pooling p, const float *restrict projections, long stride,
                        long columns, float *restrict pooled, float *restrict choices),
           (p, projections, stride, columns, pooled, choices)) {
  const long size = p.down * p.across, keys = p.height * p.width / size;
  for (long key = 0; key < keys; key++, pooled += columns, choices += columns) {
    const float *first = projections + first_in_window(p, key) * stride;
    for (long c = 0; c < columns; c++) pooled[c] = first[c], choices[c] = 0;
    for (long index = 1; index < size; index++) {
      const float *from = first + offset_in_window(p, index) * stride;
      // A NaN counts as the largest, so that it is not hidden.
      for (long c = 0; c < columns; c++) {
        const int more = from[c] > pooled[c] || from[c] != from[c];
        choices[c] = more ? (float)index : choices[c];
        pooled[c] = more ? from[c] : pooled[c];
      }
    }
  }
}

DISPATCHED(void, specgan_pick_keys, (specgan_pooling p, const float *restrict projections, long stride,
                        long columns, const float *restrict choices, float *restrict picked),
           (p, projections, stride, columns, choices, picked)) {
  const long size = p.down * p.across, keys = p.height * p.width / size;
  for (long key = 0; key < keys; key++, picked += columns, choices += columns) {
    const float *first = projections + first_in_window(p, key) * stride;
    for (long index = 0; index < size; index++) {
      const float *from = first + offset_in_window(p, index) * stride;
      for (long c = 0; c < columns; c++)
        picked[c] = choices[c] == (float)index ? from[c] : picked[c];
    }
  }
}

DISPATCHED(void, specgan_spread_keys, (specgan_pooling p, const float *restrict pooled, long stride,
                          long columns, const float *restrict choices, float *restrict projections),
           (p, pooled, stride, columns, choices, projections)) {
  const long size = p.down * p.across, keys = p.height * p.width / size;
  for (long key = 0; key < keys; key++, pooled += columns, choices += columns) {
    float *first = projections + first_in_window(p, key) * stride;
    for (long index = 0; index < size; index++) {
      float *to = first + offset_in_window(p, index) * stride;
      for (long c = 0; c < columns; c++) to[c] = choices[c] == (float)index ? pooled[c] : 0;
    }
  }
}
