// CRC-32 by carry-less multiplication.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Returns whether this processor supports carry-less multiplication, which `specgan_fold_crc32`
/// requires.
bool specgan_can_fold_crc32(void);
/// Reduces `blocks` blocks of 64 bytes, at least one, to 16 bytes. `before` is the checksum so far.
/// The CRC-32 of the blocks after `before` equals that of the 16 bytes after 2³² − 1, which stands
/// for a register of zeros.
///
/// Source: Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
/// Instruction", Intel, 2009.
void specgan_fold_crc32(uint32_t before, const uint8_t *bytes, long blocks, uint8_t remainder[16]);
