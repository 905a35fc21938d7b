// Makes system calls of the program fail, for tools/faults/run: `LD_PRELOAD` of this library, and
//
//   SPECGAN_FAULT="KIND ERROR NUMBER MODE"   the calls that fail
//   SPECGAN_FAULT_COUNTS=FILE                counts the calls of each kind in FILE
//
// KIND is a name in `kind_names`. ERROR is that of an error in `errors`, or an effect:
//   half, one   transfers half of the bytes, or one byte
//   kill        ends the program with SIGKILL before the call
//   tear        transfers half of the bytes, and then ends it
// NUMBER counts the calls of this kind from 1. MODE is `once`, or `onward` for this call and all
// later ones.
//
// FILE has one 64-bit number for each kind, and then the number of calls that failed. It is a
// mapping, so that it survives any end of the program.
//
// Only calls through the dynamic linker can fail, not those within the C library. Exempt are
// transfers to and from pipes, terminals and event descriptors, and small pieces of memory.

#define _GNU_SOURCE
// So that open and open64 are two functions.
#undef _FILE_OFFSET_BITS

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

// MARK: - Kinds of calls

typedef enum {
  kind_open,
  kind_create,
  kind_read,
  kind_write,
  kind_pwrite,
  kind_sync,
  kind_rename,
  kind_unlink,
  kind_mkdir,
  kind_resize,
  kind_map,
  kind_list,
  kind_stat,
  kind_thread,
  kind_memory,
  kind_count,
} kind;

static const char *const kind_names[kind_count] = {
    "open",  "create", "read",   "write", "pwrite", "sync", "rename", "unlink",
    "mkdir", "resize", "map",    "list",  "stat",   "thread", "memory",
};

static const struct {
  const char *name;
  int number;
} errors[] = {
    {"ENOSPC", ENOSPC}, {"EIO", EIO},       {"EMFILE", EMFILE}, {"ENFILE", ENFILE},
    {"ENOMEM", ENOMEM}, {"EINTR", EINTR},   {"EDQUOT", EDQUOT}, {"EAGAIN", EAGAIN},
};

/// The smallest piece of memory that may be refused; smaller ones are requested all the time, and
/// no program survives without them.
static const size_t smallest_memory = 64 << 10;

// MARK: - The fault

typedef enum { effect_none, effect_error, effect_half, effect_one, effect_kill, effect_tear } effect;

static struct {
  kind kind;
  effect effect;
  int error;
  uint64_t number;
  bool is_lasting;
} fault;

typedef struct {
  _Atomic uint64_t calls[kind_count];
  _Atomic uint64_t failed;
} counts;

static counts own_counts;
static counts *shared = &own_counts;

__attribute__((constructor)) static void prepare(void) {
  const char *const path = getenv("SPECGAN_FAULT_COUNTS");
  if (path != NULL) {
    const int file = (int)syscall(SYS_open, path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file >= 0 && syscall(SYS_ftruncate, file, sizeof(counts)) == 0) {
      void *const address = (void *)syscall(
          SYS_mmap, NULL, sizeof(counts), (long)(PROT_READ | PROT_WRITE), (long)MAP_SHARED,
          (long)file, 0L);
      if (address != MAP_FAILED) shared = address;
    }
    if (file >= 0) syscall(SYS_close, file);
  }
  const char *const words = getenv("SPECGAN_FAULT");
  char of[16], what[16], mode[16];
  unsigned long long number;
  if (words == NULL || sscanf(words, "%15s %15s %llu %15s", of, what, &number, mode) != 4) return;
  for (int i = 0; i < kind_count; i++)
    if (strcmp(of, kind_names[i]) == 0) fault.kind = i;
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
    if (strcmp(what, errors[i].name) == 0) fault.error = errors[i].number;
  fault.number = number;
  fault.is_lasting = strcmp(mode, "onward") == 0;
  fault.effect = strcmp(what, "half") == 0   ? effect_half
                 : strcmp(what, "one") == 0  ? effect_one
                 : strcmp(what, "kill") == 0 ? effect_kill
                 : strcmp(what, "tear") == 0 ? effect_tear
                                             : effect_error;
}

/// Counts a call, and returns what happens to it.
static effect next(kind kind) {
  const uint64_t number = atomic_fetch_add(&shared->calls[kind], 1) + 1;
  if (fault.effect == effect_none || kind != fault.kind) return effect_none;
  if (number != fault.number && !(fault.is_lasting && number > fault.number)) return effect_none;
  atomic_fetch_add(&shared->failed, 1);
  if (fault.effect == effect_kill) kill(getpid(), SIGKILL);
  return fault.effect;
}

/// Counts a call, and returns whether it fails, with the reason in `errno`.
static bool fails(kind kind) {
  if (next(kind) != effect_error) return false;
  errno = fault.error;
  return true;
}

static bool is_regular(int file) {
  struct stat status;
  return file > STDERR_FILENO && syscall(SYS_fstat, file, &status) == 0 && S_ISREG(status.st_mode);
}

// MARK: - The functions of the C library

#define REAL(NAME)                                            \
  static __typeof__(&NAME) real;                              \
  if (real == NULL) real = (__typeof__(real))dlsym(RTLD_NEXT, #NAME)

/// A function that returns `FAILURE` if a call of `KIND` fails.
#define FAILING(KIND, RESULT, FAILURE, NAME, PARAMETERS, ARGUMENTS) \
  RESULT NAME PARAMETERS {                                          \
    REAL(NAME);                                                     \
    if (fails(KIND)) return FAILURE;                                \
    return real ARGUMENTS;                                          \
  }

#define MODE(FLAGS)                                            \
  mode_t mode = 0;                                             \
  if ((FLAGS) & (O_CREAT | __O_TMPFILE)) {                     \
    va_list rest;                                              \
    va_start(rest, flags);                                     \
    mode = va_arg(rest, mode_t);                               \
    va_end(rest);                                              \
  }

static bool fails_to_open(int flags) { return fails(flags & O_CREAT ? kind_create : kind_open); }

#define OPEN(NAME)                            \
  int NAME(const char *path, int flags, ...) { \
    REAL(NAME);                               \
    MODE(flags)                               \
    if (fails_to_open(flags)) return -1;      \
    return real(path, flags, mode);           \
  }
#define OPEN_AT(NAME)                                     \
  int NAME(int folder, const char *path, int flags, ...) { \
    REAL(NAME);                                           \
    MODE(flags)                                           \
    if (fails_to_open(flags)) return -1;                  \
    return real(folder, path, flags, mode);               \
  }
OPEN(open)
OPEN(open64)
OPEN_AT(openat)
OPEN_AT(openat64)
#define OPEN_STREAM(NAME)                                                         \
  FILE *NAME(const char *restrict path, const char *restrict mode) {              \
    REAL(NAME);                                                                   \
    if (fails_to_open(mode[0] == 'r' ? O_RDONLY : O_WRONLY | O_CREAT)) return NULL; \
    return real(path, mode);                                                      \
  }
OPEN_STREAM(fopen)
OPEN_STREAM(fopen64)
FAILING(kind_create, int, -1, creat, (const char *path, mode_t mode), (path, mode))
FAILING(kind_create, int, -1, mkstemp, (char *path), (path))

/// A transfer of `count` bytes, of which fewer may be transferred.
#define TRANSFER(KIND, NAME, PARAMETERS, ARGUMENTS)                                     \
  ssize_t NAME PARAMETERS {                                                             \
    REAL(NAME);                                                                         \
    const effect effect = is_regular(file) ? next(KIND) : effect_none;                  \
    if (effect == effect_error) {                                                       \
      errno = fault.error;                                                              \
      return -1;                                                                        \
    }                                                                                   \
    if (effect == effect_one && count > 1) count = 1;                                   \
    if ((effect == effect_half || effect == effect_tear) && count > 1) count /= 2;      \
    const ssize_t done = real ARGUMENTS;                                                \
    if (effect == effect_tear) kill(getpid(), SIGKILL);                                 \
    return done;                                                                        \
  }
TRANSFER(kind_read, read, (int file, void *bytes, size_t count), (file, bytes, count))
TRANSFER(
    kind_read, pread, (int file, void *bytes, size_t count, off_t offset),
    (file, bytes, count, offset))
TRANSFER(
    kind_read, pread64, (int file, void *bytes, size_t count, off64_t offset),
    (file, bytes, count, offset))
TRANSFER(kind_write, write, (int file, const void *bytes, size_t count), (file, bytes, count))
TRANSFER(
    kind_pwrite, pwrite, (int file, const void *bytes, size_t count, off_t offset),
    (file, bytes, count, offset))
TRANSFER(
    kind_pwrite, pwrite64, (int file, const void *bytes, size_t count, off64_t offset),
    (file, bytes, count, offset))

/// A transfer of the first part alone is a short one.
#define TRANSFER_PARTS(KIND, NAME)                                            \
  ssize_t NAME(int file, const struct iovec *parts, int count) {              \
    REAL(NAME);                                                               \
    const effect effect = is_regular(file) ? next(KIND) : effect_none;        \
    if (effect == effect_error) {                                             \
      errno = fault.error;                                                    \
      return -1;                                                              \
    }                                                                         \
    return real(file, parts, effect == effect_none || count < 2 ? count : 1); \
  }
TRANSFER_PARTS(kind_read, readv)
TRANSFER_PARTS(kind_pwrite, writev)

FAILING(kind_sync, int, -1, fsync, (int file), (file))
FAILING(kind_sync, int, -1, fdatasync, (int file), (file))

FAILING(kind_rename, int, -1, rename, (const char *old, const char *new), (old, new))
FAILING(
    kind_rename, int, -1, renameat, (int old_folder, const char *old, int folder, const char *new),
    (old_folder, old, folder, new))
FAILING(
    kind_rename, int, -1, renameat2,
    (int old_folder, const char *old, int folder, const char *new, unsigned flags),
    (old_folder, old, folder, new, flags))
FAILING(kind_rename, int, -1, link, (const char *old, const char *new), (old, new))

FAILING(kind_unlink, int, -1, unlink, (const char *path), (path))
FAILING(
    kind_unlink, int, -1, unlinkat, (int folder, const char *path, int flags),
    (folder, path, flags))
FAILING(kind_unlink, int, -1, rmdir, (const char *path), (path))

FAILING(kind_mkdir, int, -1, mkdir, (const char *path, mode_t mode), (path, mode))
FAILING(kind_mkdir, char *, NULL, mkdtemp, (char *path), (path))

FAILING(kind_resize, int, -1, ftruncate, (int file, off_t size), (file, size))
FAILING(kind_resize, int, -1, ftruncate64, (int file, off64_t size), (file, size))
FAILING(kind_resize, int, -1, truncate, (const char *path, off_t size), (path, size))
FAILING(
    kind_resize, int, -1, fallocate, (int file, int mode, off_t offset, off_t size),
    (file, mode, offset, size))
FAILING(
    kind_resize, int, fault.error, posix_fallocate, (int file, off_t offset, off_t size),
    (file, offset, size))

static bool fails_to_map(size_t size, int flags) {
  return ((flags & MAP_ANONYMOUS) == 0 || size >= smallest_memory) && fails(kind_map);
}
#define MAP(NAME, OFFSET)                                                              \
  void *NAME(void *address, size_t size, int protection, int flags, int file, OFFSET offset) { \
    REAL(NAME);                                                                        \
    if (fails_to_map(size, flags)) return MAP_FAILED;                                  \
    return real(address, size, protection, flags, file, offset);                       \
  }
MAP(mmap, off_t)
MAP(mmap64, off64_t)

FAILING(kind_list, DIR *, NULL, opendir, (const char *path), (path))
FAILING(kind_list, DIR *, NULL, fdopendir, (int file), (file))
FAILING(kind_list, struct dirent *, NULL, readdir, (DIR *folder), (folder))
FAILING(kind_list, struct dirent64 *, NULL, readdir64, (DIR *folder), (folder))

FAILING(
    kind_stat, int, -1, stat, (const char *restrict path, struct stat *restrict status),
    (path, status))
FAILING(
    kind_stat, int, -1, lstat, (const char *restrict path, struct stat *restrict status),
    (path, status))
FAILING(kind_stat, int, -1, fstat, (int file, struct stat *status), (file, status))
FAILING(
    kind_stat, int, -1, fstatat,
    (int folder, const char *restrict path, struct stat *restrict status, int flags),
    (folder, path, status, flags))

FAILING(
    kind_thread, int, fault.error, pthread_create,
    (pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
     void *(*start)(void *), void *restrict argument),
    (thread, attributes, start, argument))

// The program's own functions of these names call the next ones, which are these.
static bool fails_to_allocate(size_t size) { return size >= smallest_memory && fails(kind_memory); }
#define ALLOCATE(NAME, SIZE, PARAMETERS, ARGUMENTS) \
  void *NAME PARAMETERS {                           \
    REAL(NAME);                                     \
    if (fails_to_allocate(SIZE)) return NULL;       \
    return real ARGUMENTS;                          \
  }
ALLOCATE(malloc, size, (size_t size), (size))
ALLOCATE(calloc, count * size, (size_t count, size_t size), (count, size))
ALLOCATE(realloc, size, (void *block, size_t size), (block, size))
ALLOCATE(memalign, size, (size_t alignment, size_t size), (alignment, size))
ALLOCATE(aligned_alloc, size, (size_t alignment, size_t size), (alignment, size))

int posix_memalign(void **block, size_t alignment, size_t size) {
  REAL(posix_memalign);
  if (fails_to_allocate(size)) return ENOMEM;
  return real(block, alignment, size);
}
