#pragma once

// Not in Swift's Glibc module. See mallopt(3).
#include <malloc.h>

// glibc declares these only with _GNU_SOURCE, which Swift's Glibc module does not define. See
// rename(2).
enum { specgan_rename_exchange = 1 << 1 };
extern int renameat2(
    int old_folder, const char *old_path, int new_folder, const char *new_path, unsigned int flags);

// See sync_file_range(2).
enum { specgan_sync_file_range_write = 2 };
extern int sync_file_range(int file, long long offset, long long count, unsigned int flags);

// See fallocate(2).
extern int specgan_fallocate(int file, int mode, long long offset, long long count)
    __asm__("fallocate");

// See dladdr(3).
struct specgan_symbol_place {
  const char *file;
  void *file_start;
  const char *symbol;
  void *symbol_start;
};
extern int specgan_dladdr(const void *address, struct specgan_symbol_place *place)
    __asm__("dladdr");

// See sched_setaffinity(2).
extern int specgan_getaffinity(int process, unsigned long byte_count, void *mask)
    __asm__("sched_getaffinity");
