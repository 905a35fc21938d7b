// The optimizers' updates.
#pragma once

/// The constants of one Adam update; `rate` includes the bias corrections of both means.
typedef struct {
  float rate, beta1, beta2, epsilon;
} specgan_adam;

/// Updates both means from `gradients`, then `parameters`, and sets `gradients` to zero.
void specgan_adam_update(specgan_adam constants, long count, float *parameters, float *gradients,
                         float *means, float *squares);

/// The constants of one RMSProp update.
typedef struct {
  float rate, decay, epsilon;
} specgan_rmsprop;

/// Updates the mean squares from `gradients`, then `parameters`, and sets `gradients` to zero.
void specgan_rmsprop_update(specgan_rmsprop constants, long count, float *parameters,
                            float *gradients, float *squares);
