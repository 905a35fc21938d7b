// Includes TEMPLATE once for every kind of processor, with NAME(name) for the names that it
// defines, the functions' attribute TARGET, and vectors of LANES floats.
//
// CALL(processor, name, ...) then calls the function of that processor.

#if defined(__x86_64__)

#define NAME(name) name##_avx512
#define TARGET __attribute__((target("avx512f,avx512vl,fma")))
#define LANES 16
#include TEMPLATE
#undef NAME
#undef TARGET
#undef LANES

#define NAME(name) name##_avx2
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#include TEMPLATE
#undef NAME
#undef TARGET
#undef LANES

#define CALL(processor, name, ...)                            \
  switch (processor) {                                        \
    case specgan_avx512: name##_avx512(__VA_ARGS__); break;   \
    case specgan_avx2: name##_avx2(__VA_ARGS__); break;       \
    default: name##_default(__VA_ARGS__);                     \
  }

#else
#define CALL(processor, name, ...) name##_default(__VA_ARGS__)
#endif

#define NAME(name) name##_default
#define TARGET
#define LANES 4
#include TEMPLATE
#undef NAME
#undef TARGET
#undef LANES
