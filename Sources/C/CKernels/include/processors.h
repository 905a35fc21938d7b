// The instruction sets that code is compiled for.
#pragma once

/// The instruction sets that code is compiled for, from the narrowest vectors to the widest: plain
/// x86-64, and its levels v3 and v4.
typedef enum { specgan_any_processor, specgan_avx2, specgan_avx512 } specgan_processor;

/// Returns the instruction set with the widest vectors that this processor supports.
specgan_processor specgan_this_processor(void);

/// Returns the instruction set in use, at first that of `specgan_this_processor()`.
specgan_processor specgan_used_processor(void);

/// Lets all functions use the instruction set `processor`, at most `specgan_this_processor()`.
///
/// `specgan_avx2` and `specgan_avx512` give the same bits. `specgan_any_processor` has no fused
/// multiply-add, and gives other bits. Call this before any computation, while there is one thread.
void specgan_use_processor(specgan_processor processor);
