// The largest number under each window of a picture, channels last; windows lie side by side.

#include "CKernels.h"
#include "clones.h"

// Where a window's first number lies, and how many numbers a line has.
INLINE const float *window(const float *picture, specgan_pooling sizes, long line, long place) {
  return picture + ((line * sizes.down) * sizes.width + place * sizes.across) * sizes.channels;
}

CLONES void specgan_max_pool(const float *restrict x, specgan_pooling sizes, float *restrict y) {
  long lines = sizes.height / sizes.down, places = sizes.width / sizes.across;
  for (long line = 0; line < lines; line++)
    for (long place = 0; place < places; place++, y += sizes.channels) {
      const float *first = window(x, sizes, line, place);
      for (long c = 0; c < sizes.channels; c++) y[c] = first[c];
      for (long down = 0; down < sizes.down; down++)
        for (long across = 0; across < sizes.across; across++) {
          const float *from = first + (down * sizes.width + across) * sizes.channels;
          // What is no number wins, so that it is noticed.
          for (long c = 0; c < sizes.channels; c++)
            y[c] = from[c] > y[c] || from[c] != from[c] ? from[c] : y[c];
        }
    }
}

CLONES void specgan_max_pool_pick(const float *restrict x, const float *restrict y,
                                  specgan_pooling sizes, const float *restrict values,
                                  float *restrict picked) {
  long lines = sizes.height / sizes.down, places = sizes.width / sizes.across;
  for (long line = 0; line < lines; line++)
    for (long place = 0; place < places; place++, y += sizes.channels, picked += sizes.channels)
      // From the last to the first, so that the first of equals stays.
      for (long down = sizes.down - 1; down >= 0; down--)
        for (long across = sizes.across - 1; across >= 0; across--) {
          long offset = window(x, sizes, line, place) - x +
                        (down * sizes.width + across) * sizes.channels;
          for (long c = 0; c < sizes.channels; c++)
            picked[c] = x[offset + c] == y[c] ? values[offset + c] : picked[c];
        }
}

CLONES void specgan_max_pool_spread(const float *restrict x, const float *restrict y,
                                    specgan_pooling sizes, const float *restrict cotangents,
                                    float *restrict spread) {
  long lines = sizes.height / sizes.down, places = sizes.width / sizes.across;
  for (long line = 0; line < lines; line++)
    for (long place = 0; place < places;
         place++, y += sizes.channels, cotangents += sizes.channels) {
      long first = window(x, sizes, line, place) - x;
      for (long c = 0; c < sizes.channels; c++) {
        float left = cotangents[c];  // nothing once the first of equals has it
        for (long down = 0; down < sizes.down; down++)
          for (long across = 0; across < sizes.across; across++) {
            long offset = first + (down * sizes.width + across) * sizes.channels + c;
            spread[offset] = x[offset] == y[c] ? left : 0;
            left = x[offset] == y[c] ? 0 : left;
          }
      }
    }
}
