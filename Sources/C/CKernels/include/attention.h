// Self-attention within one example, and its derivatives.
//
// Zhang, Goodfellow, Metaxas and Odena, "Self-Attention Generative Adversarial Networks", ICML
// 2019, equations 1 to 3, with max-pooled keys and values:
// `y = x + γ R W_o` with `R = softmax(Q Kᵀ) V`.
#pragma once

#include <stdbool.h>

#include "pooling.h"

/// The sizes of self-attention. `pooling` has the height and width of the picture, its number of
/// channels, and the window of pooling. A query and a key have `queries` channels, a value has
/// `values`. The projections of a position are its query, its key and its value, in this order.
typedef struct {
  specgan_pooling pooling;
  long queries;
  long values;
} specgan_attention;

/// The kernels: `query` and `key`, `[channels, queries]`, `value`, `[channels, values]`, and
/// `output`, `[values, channels]`, with its factor.
typedef struct {
  const float *query;
  const float *key;
  const float *value;
  const float *output;
  float gamma;
} specgan_attention_kernels;

/// The memory of one example that passes keep for later ones, in floats.
typedef struct {
  /// The results of `specgan_attend`: queries, keys, values, each position's largest product and
  /// the inverse of its softmax sum, and results.
  long values;
  /// The results of `specgan_attend_tangent`: the tangents of these.
  long tangents;
  /// The results of `specgan_attend_backward` and `specgan_attend_curvature`: the cotangents of the
  /// projections, `[positions, 2 queries + values]`.
  long cotangents;
} specgan_attention_memory;

/// Returns the sizes of the memory that passes keep.
specgan_attention_memory specgan_attention_memory_of(specgan_attention sizes);
/// Returns the number of floats of scratch memory that each function below needs.
long specgan_attention_scratch(specgan_attention sizes);
/// Returns the number of floats of packed kernels.
long specgan_attention_panels(specgan_attention sizes);
/// Packs the kernels: for `specgan_attend` and `specgan_attend_tangent`, or transposed for the
/// other two passes. Uses scratch memory.
void specgan_attention_pack(specgan_attention sizes, specgan_attention_kernels kernels,
                            bool is_transposed, float *scratch, float *panels);

// Below, `x`, `y` and their derivatives are `[positions, channels]`.

/// Computes `y` and the memory `values`.
void specgan_attend(specgan_attention sizes, const float *panels, const float *x, float *values,
                    float *scratch, float *y);
/// Computes the tangent of `y` and the memory `tangents`.
void specgan_attend_tangent(specgan_attention sizes, const float *panels, const float *x_tangent,
                            const float *values, float *tangents, float *scratch,
                            float *y_tangent);
/// Computes the memory `cotangents`, and the cotangent of `x` unless it is null.
void specgan_attend_backward(specgan_attention sizes, const float *panels,
                             const float *y_cotangent, const float *values, float *cotangents,
                             float *scratch, float *x_cotangent);
/// Computes the gradient of the inner product of `y_cotangent` and the tangent of `y` with respect
/// to the values of the projections, `cotangents`, and to those of `x`, `x_cotangent`.
void specgan_attend_curvature(specgan_attention sizes, const float *panels,
                              const float *y_cotangent, const float *values,
                              const float *tangents, float *cotangents, float *scratch,
                              float *x_cotangent);

/// Adds the gradient of the merged and transposed kernels of the projections, `[2 queries + values,
/// channels]`: the sum over positions of the outer product of `cotangents` and `x`.
void specgan_add_projection_gradient(specgan_attention sizes, const float *x,
                                     const float *cotangents, float *scratch, float *sums);
/// Adds the gradient of `γ W_o`, `[values, channels]`: the sum over positions of the outer product
/// of the result in the memory `values`, or of its tangent in `tangents`, and `y_cotangent`.
void specgan_add_output_gradient(specgan_attention sizes, const float *memory, bool is_tangent,
                                 const float *y_cotangent, float *scratch, float *sums);
