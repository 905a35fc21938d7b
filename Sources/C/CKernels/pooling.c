// The largest value in each window of a picture, channels last; windows are adjacent.

#include "CKernels.h"
#include "dispatch.h"

// Returns the first element of a window.
INLINE const float *window(const float *picture, specgan_pooling sizes, long row, long column) {
  return picture + ((row * sizes.down) * sizes.width + column * sizes.across) * sizes.channels;
}

DISPATCHED(void, specgan_max_pool,
           (const float *restrict x, specgan_pooling sizes, float *restrict y), (x, sizes, y)) {
  long rows = sizes.height / sizes.down, columns = sizes.width / sizes.across;
  for (long row = 0; row < rows; row++)
    for (long column = 0; column < columns; column++, y += sizes.channels) {
      const float *first = window(x, sizes, row, column);
      for (long c = 0; c < sizes.channels; c++) y[c] = first[c];
      for (long down = 0; down < sizes.down; down++)
        for (long across = 0; across < sizes.across; across++) {
          const float *from = first + (down * sizes.width + across) * sizes.channels;
          // A NaN counts as the largest, so that it is not hidden.
          for (long c = 0; c < sizes.channels; c++)
            y[c] = from[c] > y[c] || from[c] != from[c] ? from[c] : y[c];
        }
    }
}

DISPATCHED(void, specgan_max_pool_pick,
           (const float *restrict x, const float *restrict y, specgan_pooling sizes,
            const float *restrict values, float *restrict picked), (x, y, sizes, values, picked)) {
  long rows = sizes.height / sizes.down, columns = sizes.width / sizes.across;
  for (long row = 0; row < rows; row++)
    for (long column = 0; column < columns; column++, y += sizes.channels, picked += sizes.channels)
      // From the last to the first, so that the first of equal values remains.
      for (long down = sizes.down - 1; down >= 0; down--)
        for (long across = sizes.across - 1; across >= 0; across--) {
          long offset = window(x, sizes, row, column) - x +
                        (down * sizes.width + across) * sizes.channels;
          for (long c = 0; c < sizes.channels; c++)
            picked[c] = x[offset + c] == y[c] ? values[offset + c] : picked[c];
        }
}

DISPATCHED(void, specgan_max_pool_spread,
           (const float *restrict x, const float *restrict y, specgan_pooling sizes,
            const float *restrict cotangents, float *restrict spread),
           (x, y, sizes, cotangents, spread)) {
  long rows = sizes.height / sizes.down, columns = sizes.width / sizes.across;
  for (long row = 0; row < rows; row++)
    for (long column = 0; column < columns;
         column++, y += sizes.channels, cotangents += sizes.channels) {
      long first = window(x, sizes, row, column) - x;
      for (long c = 0; c < sizes.channels; c++) {
        float left = cotangents[c];  // zero once the first of equals has it
        for (long down = 0; down < sizes.down; down++)
          for (long across = 0; across < sizes.across; across++) {
            long offset = first + (down * sizes.width + across) * sizes.channels + c;
            spread[offset] = x[offset] == y[c] ? left : 0;
            left = x[offset] == y[c] ? 0 : left;
          }
      }
    }
}
