// Includes TEMPLATE once for every kind of processor, with NAME(name) for the names that it
// defines, the functions' attribute TARGET, and vectors of LANES floats.
// CALL of dispatch.h then calls the function of a processor.

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

#endif

#define NAME(name) name##_default
#define TARGET
#define LANES 4
#include TEMPLATE
#undef NAME
#undef TARGET
#undef LANES
