// The instruction sets that code is compiled for.
#pragma once

/// The instruction sets that a product is compiled for, from the narrowest vectors to the widest.
typedef enum { specgan_any_processor, specgan_avx2, specgan_avx512 } specgan_processor;

/// Returns the instruction set with the widest vectors that this processor supports.
specgan_processor specgan_this_processor(void);
