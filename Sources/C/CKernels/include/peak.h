// The processor's peak performance: multiply-adds that depend neither on memory nor on each other.
#pragma once

#include "processors.h"

/// The number of values that `specgan_multiply_add` works on, in one or more groups that fit into
/// the registers.
enum { specgan_peak_values = 192 };

/// Computes `values = factor · values + summand`, `rounds` times, for `specgan_peak_values` values.
///
/// That is 2 · `specgan_peak_values` · `rounds` floating-point operations, at the highest rate that
/// the processor can do. A multiply-add is one instruction with AVX2 or AVX-512, and two on a plain
/// processor. `processor` is at most `specgan_this_processor()`.
void specgan_multiply_add(specgan_processor processor, float *values, float factor, float summand,
                          long rounds);
