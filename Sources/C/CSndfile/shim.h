#pragma once
#include <sndfile.h>

#ifndef SNDFILE_1
#error "libsndfile 1 is needed (Debian: libsndfile1-dev)"
#endif
