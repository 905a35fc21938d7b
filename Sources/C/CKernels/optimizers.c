// The updates of Adam and RMSProp in TensorFlow's form, written for the compiler to vectorize.

#include "CKernels.h"
#include "dispatch.h"

DISPATCHED(void, specgan_adam_update,
           (specgan_adam constants, long count, float *restrict parameters,
            float *restrict gradients, float *restrict means, float *restrict squares),
           (constants, count, parameters, gradients, means, squares)) {
  const float beta1 = constants.beta1, beta2 = constants.beta2;
  for (long i = 0; i < count; i++) {
    float gradient = gradients[i];
    gradients[i] = 0;
    means[i] = beta1 * means[i] + (1 - beta1) * gradient;
    squares[i] = beta2 * squares[i] + (1 - beta2) * (gradient * gradient);
    parameters[i] -=
        constants.rate * means[i] / (__builtin_elementwise_sqrt(squares[i]) + constants.epsilon);
  }
}

DISPATCHED(void, specgan_rmsprop_update,
           (specgan_rmsprop constants, long count, float *restrict parameters,
            float *restrict gradients, float *restrict squares),
           (constants, count, parameters, gradients, squares)) {
  const float decay = constants.decay;
  for (long i = 0; i < count; i++) {
    float gradient = gradients[i];
    gradients[i] = 0;
    squares[i] = decay * squares[i] + (1 - decay) * (gradient * gradient);
    parameters[i] -=
        constants.rate * gradient / __builtin_elementwise_sqrt(squares[i] + constants.epsilon);
  }
}
