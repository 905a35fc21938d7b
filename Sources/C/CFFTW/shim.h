#pragma once
#include <fftw3.h>

// An array in C, of which Swift imports no pointer.
static inline const char *specgan_fftwf_version(void) { return fftwf_version; }
