// Code for each kind of processor, selected at run time by the processor in use.
#pragma once

#include "include/processors.h"

#define INLINE static inline __attribute__((always_inline))

/// The kind of processor that code is selected for. It changes only before any computation.
extern specgan_processor specgan_processor_in_use __attribute__((visibility("hidden")));

// CALL(processor, name, (arguments)) returns the result of the function of that processor.
//
// DISPATCHED(result, name, (parameters), (arguments)) { … } defines the function `name`, whose body
// is compiled for each kind of processor; a call runs the code for the processor in use. The
// arguments are the names of the parameters. Functions that the body calls have to be INLINE or
// DISPATCHED themselves; others are compiled for plain processors only.
#if defined(__x86_64__)
// The features of the levels v3 and v4 of x86-64. A target of `arch=x86-64-v4` would also tune the
// code for processors that are slower with the widest vectors.
#define AVX2_FEATURES "avx2,bmi,bmi2,crc32,cx16,f16c,fma,lzcnt,movbe,popcnt,sahf,xsave"
#define AVX512_FEATURES AVX2_FEATURES ",avx512bw,avx512cd,avx512dq,avx512f,avx512vl"
#define AVX2 __attribute__((target(AVX2_FEATURES)))
#define AVX512 __attribute__((target(AVX512_FEATURES)))

#define CALL(processor, name, arguments)                     \
  switch (processor) {                                       \
    case specgan_avx512: return name##_avx512 arguments;     \
    case specgan_avx2: return name##_avx2 arguments;         \
    default: return name##_default arguments;                \
  }

#define DISPATCHED(result, name, parameters, arguments)                           \
  INLINE result name##_body parameters;                                           \
  AVX512 static result name##_avx512 parameters { return name##_body arguments; } \
  AVX2 static result name##_avx2 parameters { return name##_body arguments; }     \
  static result name##_default parameters { return name##_body arguments; }       \
  result name parameters { CALL(specgan_processor_in_use, name, arguments) }      \
  INLINE result name##_body parameters
#else
#define CALL(processor, name, arguments) return name##_default arguments;
#define DISPATCHED(result, name, parameters, arguments) result name parameters
#endif
