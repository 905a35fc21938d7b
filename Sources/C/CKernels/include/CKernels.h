// The loops that need the processor's own vectors. Swift compiles for plain x86-64 alone and cannot
// ask for more. Every function picks its code for the processor at run time, except for those that
// take a `specgan_processor`.
//
// Nothing here knows about layers or networks. Counts, offsets and strides are in elements, not
// bytes.
#pragma once

#include "activations.h"
#include "checksums.h"
#include "columns.h"
#include "elementwise.h"
#include "matrices.h"
#include "optimizers.h"
#include "pairwise.h"
#include "peak.h"
#include "pooling.h"
#include "processors.h"
#include "products.h"
#include "spectra.h"
#include "winograd.h"
