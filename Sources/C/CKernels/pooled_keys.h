// The pooling of attention's keys and values, with the index of each largest value in its window.
#pragma once

#include "include/pooling.h"

// `p` has the picture and the window. `projections` has a row of `columns` elements for each
// position, `stride` apart; `pooled`, `picked` and `choices` are `[keys, columns]`.

/// Computes the largest of each window, and the index of the first of them.
void specgan_pool_keys(specgan_pooling p, const float *projections, long stride, long columns,
                       float *pooled, float *choices);
/// Copies the chosen element of each window.
void specgan_pick_keys(specgan_pooling p, const float *projections, long stride, long columns,
                       const float *choices, float *picked);
/// Copies to the chosen element of each window, and sets the others to zero.
void specgan_spread_keys(specgan_pooling p, const float *pooled, long stride, long columns,
                         const float *choices, float *projections);
