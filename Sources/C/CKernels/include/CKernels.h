// Loops that need the processor's vector instructions. Swift compiles for plain x86-64 only. Every
// function selects its code at run time by `specgan_used_processor()`, except for those that take a
// `specgan_processor`.
//
// No function depends on layers or networks. Counts, offsets and strides are in elements, not
// bytes.
#pragma once

#include "activations.h"
#include "attention.h"
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
#include "scores.h"
#include "spectra.h"
#include "winograd.h"
