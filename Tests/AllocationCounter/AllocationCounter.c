#include "AllocationCounter.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

static _Thread_local bool is_counting;
static _Thread_local specgan_allocations counted;

void specgan_count_allocations(void) {
  counted = (specgan_allocations){0, 0};
  is_counting = true;
}

specgan_allocations specgan_counted_allocations(void) {
  is_counting = false;
  return counted;
}

static void count(size_t size) {
  if (!is_counting) return;
  counted.count++;
  if ((long)size > counted.largest) counted.largest = (long)size;
}

// The GNU C library's own, under the names that it keeps for whoever replaces the public ones.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
  count(size);
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count(number * size);
  return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
  count(size);
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  count(size);
  void *const found = __libc_memalign(alignment, size);
  if (found == NULL) return ENOMEM;
  *block = found;
  return 0;
}
