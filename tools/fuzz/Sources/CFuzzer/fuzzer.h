#pragma once
#include <stddef.h>
#include <stdint.h>

// What libFuzzer offers its targets, which has no header there. Source: https://llvm.org/docs/LibFuzzer.html
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

// Glibc's, which its header keeps from programs that do not ask for what is GNU's own.
int memfd_create(const char *name, unsigned int flags);

// Runs libFuzzer as its own main function would.
int LLVMFuzzerRunDriver(int *argument_count, char ***arguments, int (*test)(const uint8_t *data, size_t size));
