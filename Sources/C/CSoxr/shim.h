#pragma once
#include <soxr.h>

_Static_assert(SOXR_THIS_VERSION >> 16 == 0, "libsoxr 0.1 is needed (Debian: libsoxr-dev)");
