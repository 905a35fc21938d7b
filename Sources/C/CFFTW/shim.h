#pragma once
#include <fftw3.h>

// A C array, which Swift does not import as a pointer.
static inline const char *specgan_fftwf_version(void) { return fftwf_version; }
