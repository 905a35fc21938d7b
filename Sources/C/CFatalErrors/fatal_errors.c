#define _GNU_SOURCE

#include "FatalErrors.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

// Nothing here allocates memory: it runs where memory is exhausted, or in a signal handler, which
// takes no lock either.

enum { status_refused = 71, status_io_error = 74 };

static bool is_installed;
static bool is_json;

void specgan_report_fatal_errors_as_json(bool wanted) { is_json = wanted; }

// MARK: - Text

/// A line that is put together on the stack.
typedef struct {
  char bytes[1024];
  size_t count;
} text;

static void append(text *line, const char *words) {
  for (; *words != 0 && line->count + 8 < sizeof line->bytes; words++) {
    const char byte = *words;
    if ((unsigned char)byte < ' ') continue;
    if (is_json && (byte == '"' || byte == '\\')) line->bytes[line->count++] = '\\';
    line->bytes[line->count++] = byte;
  }
}

static void append_number(text *line, uint64_t number) {
  char digits[21];
  char *first = digits + sizeof digits - 1;
  *first = 0;
  do *--first = (char)('0' + number % 10);
  while (number /= 10);
  append(line, first);
}

/// Writes the bytes themselves, not a text.
static void append_mark(text *line, const char *mark) {
  for (; *mark != 0; mark++) line->bytes[line->count++] = *mark;
}

static void begin(text *line) {
  line->count = 0;
  append_mark(line, is_json ? "{\"error\":\"" : "Error: ");
}

_Noreturn static void end(text *line, int status) {
  append_mark(line, is_json ? "\"}\n" : "\n");
  ssize_t written = write(STDERR_FILENO, line->bytes, line->count);
  (void)written;
  _exit(status);
}

// MARK: - Memory

_Noreturn static void end_without_memory(size_t size) {
  text line;
  begin(&line);
  append(&line, "The system refuses ");
  if (size > 0) append_number(&line, size >= 1 << 20 ? size >> 20 : (size + 1023) >> 10);
  append(
      &line,
      size == 0 ? "a thread" : size >= 1 << 20 ? " MiB of memory" : " KiB of memory");
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    append(&line, " (the limit of ulimit -v is ");
    append_number(&line, limit.rlim_cur >> 20);
    append(&line, " MiB)");
  }
  append(&line, "; lower training.batch_size or network.dimension, use fewer --threads, or raise ");
  append(&line, "the limit.");
  end(&line, status_refused);
}

/// The largest block that a library of audio formats needs for an intact file. A larger one may be
/// what a damaged header asks for.
enum { largest_for_format = 16 << 20 };

/// Whether the code at `address` belongs to the program, into which Swift may be linked, or to a
/// library that cannot continue without `size` bytes: it would print a backtrace, end the program,
/// write to address 0, or call an intact file damaged. The others return an error.
static bool needs_memory(const void *address, size_t size) {
  static const struct {
    const char *name;
    size_t largest;
  } libraries[] = {
      {"libswift", SIZE_MAX}, {"libFoundation", SIZE_MAX}, {"lib_Foundation", SIZE_MAX},
      {"libdispatch", SIZE_MAX}, {"libBlocksRuntime", SIZE_MAX}, {"libstdc++", SIZE_MAX},
      {"libfftw3f", SIZE_MAX}, {"libsoxr", SIZE_MAX}, {"libsndfile", largest_for_format},
      {"libFLAC", largest_for_format}, {"libogg", largest_for_format},
      {"libvorbis", largest_for_format}, {"libopus", largest_for_format},
      {"libmpg123", largest_for_format},
  };
  Dl_info place, own;
  if (!is_installed || dladdr(address, &place) == 0 || place.dli_fname == NULL) return false;
  if (dladdr(&is_installed, &own) != 0 && own.dli_fbase == place.dli_fbase) return true;
  const char *const slash = strrchr(place.dli_fname, '/');
  const char *const name = slash == NULL ? place.dli_fname : slash + 1;
  for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
    if (strncmp(name, libraries[i].name, strlen(libraries[i].name)) == 0)
      return size <= libraries[i].largest;
  return false;
}

static void *checked(void *block, size_t size, const void *caller) {
  if (block == NULL && size > 0 && needs_memory(caller, size)) end_without_memory(size);
  return block;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SPECGAN_KEEPS_ALLOCATION 1
#endif
#endif

#if defined(__GLIBC__) && !defined(SPECGAN_KEEPS_ALLOCATION)
// Each function calls the next definition of the same name, so that an allocator which is preloaded
// serves both the allocation and `free`. Weak: another replacement in the same program, such as a
// counter, wins. Source: the GNU C Library manual, "Replacing malloc".
#define CALLER __builtin_return_address(0)

// Those of the GNU C library, for allocations while the next definition is searched for.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static int own_posix_memalign(void **block, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
  void *const found = __libc_memalign(alignment, size);
  if (found == NULL) return ENOMEM;
  *block = found;
  return 0;
}

enum replaced {
  at_malloc,
  at_calloc,
  at_realloc,
  at_aligned_alloc,
  at_memalign,
  at_posix_memalign,
  at_pthread_create,
  replaced_count,
};

/// Returns the next definition of `function`. While this thread searches, which may allocate
/// memory, an allocation gets that of the C library. Threads that search at the same time find the
/// same.
static void *next_definition(enum replaced function) {
  static void *_Atomic definitions[replaced_count];
  void *found = atomic_load_explicit(&definitions[function], memory_order_relaxed);
  if (found != NULL) return found;
  static const char *const names[replaced_count] = {
      "malloc", "calloc", "realloc", "aligned_alloc", "memalign", "posix_memalign",
      "pthread_create"};
  // Searching starts no thread.
  static void *const own[replaced_count] = {
      (void *)__libc_malloc,   (void *)__libc_calloc,   (void *)__libc_realloc,
      (void *)__libc_memalign, (void *)__libc_memalign, (void *)own_posix_memalign, NULL};
  static _Thread_local bool is_searching;
  if (is_searching) return own[function];
  is_searching = true;
  found = dlsym(RTLD_NEXT, names[function]);
  is_searching = false;
  if (found == NULL) found = own[function];
  atomic_store_explicit(&definitions[function], found, memory_order_relaxed);
  return found;
}

#define NEXT(name) ((__typeof__(&name))next_definition(at_##name))

static void find_definitions(void) {
  for (int function = 0; function < replaced_count; function++) next_definition(function);
}

// A search clears the pending error of dlerror(3) and frees its text. So it takes place before the
// constructors of libraries, which may read such an error. Source: System V Application Binary
// Interface, "Initialization and Termination Functions".
__attribute__((section(".preinit_array"), used)) static void (*const preparation)(void) =
    find_definitions;

__attribute__((weak)) void *malloc(size_t size) {
  return checked(NEXT(malloc)(size), size, CALLER);
}

__attribute__((weak)) void *calloc(size_t count, size_t size) {
  size_t whole;
  if (__builtin_mul_overflow(count, size, &whole)) whole = SIZE_MAX;
  return checked(NEXT(calloc)(count, size), whole, CALLER);
}

__attribute__((weak)) void *realloc(void *block, size_t size) {
  return checked(NEXT(realloc)(block, size), size, CALLER);
}

__attribute__((weak)) void *aligned_alloc(size_t alignment, size_t size) {
  return checked(NEXT(aligned_alloc)(alignment, size), size, CALLER);
}

__attribute__((weak)) void *memalign(size_t alignment, size_t size) {
  return checked(NEXT(memalign)(alignment, size), size, CALLER);
}

__attribute__((weak)) int posix_memalign(void **block, size_t alignment, size_t size) {
  const int code = NEXT(posix_memalign)(block, alignment, size);
  if (code == ENOMEM) checked(NULL, size, CALLER);
  return code;
}

// Without a thread, libdispatch hangs.
__attribute__((weak)) int pthread_create(
    pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
    void *(*start)(void *), void *restrict argument) {
  const int code = NEXT(pthread_create)(thread, attributes, start, argument);
  if (code == EAGAIN && needs_memory(CALLER, 0)) end_without_memory(0);
  return code;
}
#endif

// MARK: - Mapped files

/// Writes the path of the file that is mapped at `address` to `path`; an empty text if there is
/// none. Source: Linux man-pages, proc(5), `/proc/[pid]/maps`.
static void find_file(uintptr_t address, char *path, size_t size) {
  path[0] = 0;
  const int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  char block[4096], line[1024];
  size_t length = 0;
  ssize_t count;
  while (path[0] == 0 && (count = read(file, block, sizeof block)) > 0) {
    for (ssize_t i = 0; i < count && path[0] == 0; i++) {
      if (block[i] != '\n') {
        if (length < sizeof line - 1) line[length++] = block[i];
        continue;
      }
      line[length] = 0;
      length = 0;
      uintptr_t bounds[2] = {0, 0};
      const char *next = line;
      for (int bound = 0; bound < 2; bound++, next++)
        for (; *next != '-' && *next != ' ' && *next != 0; next++)
          bounds[bound] = bounds[bound] << 4 | (uintptr_t)(*next <= '9' ? *next - '0' : *next - 'a' + 10);
      if (address < bounds[0] || address >= bounds[1]) continue;
      const char *const found = strchr(line, '/');
      if (found != NULL) strncat(path, found, size - 1);
    }
  }
  close(file);
}

static void file_failed(int number, siginfo_t *info, void *context) {
  (void)context;
  // Another bus error is a fault of the program.
  if (info->si_code != BUS_ADRERR) {
    signal(number, SIG_DFL);
    raise(number);
    return;
  }
  char path[700];
  find_file((uintptr_t)info->si_addr, path, sizeof path);
  text line;
  begin(&line);
  append(&line, path[0] == 0 ? "A file" : path);
  append(&line, " became shorter, or its disk failed, while it was being read; check the disk, and ");
  append(&line, "write the file again.");
  end(&line, status_io_error);
}

void specgan_install_fatal_errors(void) {
  is_installed = true;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = file_failed;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, NULL);
}
