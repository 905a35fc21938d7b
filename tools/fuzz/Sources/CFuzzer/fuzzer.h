#pragma once
#include <stddef.h>
#include <stdint.h>

// libFuzzer's functions for its targets, for which LLVM installs no header.
// Source: https://llvm.org/docs/LibFuzzer.html
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

// Of glibc, whose header declares it only under _GNU_SOURCE.
int memfd_create(const char *name, unsigned int flags);

// Runs libFuzzer as its own main function does.
int LLVMFuzzerRunDriver(int *argument_count, char ***arguments,
                        int (*test)(const uint8_t *data, size_t size));
