// Self-attention within one example, and its derivatives.
//
// Zhang, Goodfellow, Metaxas and Odena, "Self-Attention Generative Adversarial Networks", ICML
// 2019, equations 1 and 2, with max-pooled keys and values.
#pragma once

#include "pooling.h"

/// The sizes of self-attention. Each of the picture's `pooling.height · pooling.width` positions
/// has a query and a key of `queries` channels and a value of `values` channels, in this order,
/// together `pooling.channels`.
typedef struct {
  specgan_pooling pooling;
  long queries;
  long values;
} specgan_attention;

// Below, `x`, `x_tangent` and `x_cotangent` are `[positions, pooling.channels]`; `result`,
// `result_tangent` and `cotangent` are `[positions, values]`.

/// Returns the number of floats of scratch memory that the functions below need.
long specgan_attention_scratch(specgan_attention sizes);

/// Computes `R = softmax(Q Kᵀ) V`, `[positions, values]`, from the picture `x` of queries, keys and
/// values; `K` and `V` are pooled.
void specgan_attend(specgan_attention sizes, const float *x, float *scratch, float *result);
/// Computes the tangent of the result from that of `x`.
void specgan_attend_tangent(specgan_attention sizes, const float *x, const float *x_tangent,
                            float *scratch, float *result_tangent);
/// Computes the cotangent of `x` from that of the result.
void specgan_attend_backward(specgan_attention sizes, const float *x, const float *cotangent,
                             float *scratch, float *x_cotangent);
/// Computes the gradient of the inner product of `cotangent` and the result's tangent with respect
/// to `x`.
void specgan_attend_curvature(specgan_attention sizes, const float *x, const float *x_tangent,
                              const float *cotangent, float *scratch, float *x_cotangent);

/// Replaces every row of `values`, `[rows, columns]`, by its softmax.
void specgan_softmax(float *values, long rows, long columns);
/// Replaces every row `d` of `directions` by its product with the Jacobian of softmax at the result
/// `w`, `w (d − Σ w d)`. The Jacobian is symmetric, so this serves tangents and cotangents.
void specgan_multiply_by_softmax_jacobian(float *directions, const float *weights, long rows,
                                          long columns);
/// Differentiates the inner product of cotangents `c` and the tangents of softmax, `ẇ = J ṡ`, row
/// by row, at the results `weights`.
///
/// `weight_cotangents` has at first the derivative with respect to the weights other than that
/// through `ẇ`; afterwards it has the gradient with respect to the arguments `s`. `tangents` and
/// `cotangents` have at first `ṡ` and `c`; afterwards `ẇ` and the gradient with respect to `ṡ`.
void specgan_softmax_curvature(const float *weights, float *tangents, float *cotangents,
                               float *weight_cotangents, long rows, long columns);
