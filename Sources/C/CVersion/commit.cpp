// The last line of Git's log of HEAD is "OLD NEW author ...": NEW is the commit that was built. The
// compiler lists the log among this file's dependencies, so a build after a commit compiles only
// this file again. Only the 40 digits are in the program.

#include "specgan_version.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

#if defined(__has_embed)
#if __has_embed("../../../.git/logs/HEAD")
#define HAS_LOG
#endif
#endif

#ifdef HAS_LOG
namespace {
constexpr char log[] = {
#embed "../../../.git/logs/HEAD"
};

struct Commit {
  char digits[41];
};

constexpr Commit lastCommit() {
  Commit commit = {};
  int start = sizeof(log) - 1;
  while (start > 0 && log[start - 1] != '\n') start--;
  for (int i = 0; i < 40; i++) commit.digits[i] = log[start + 41 + i];
  return commit;
}

constexpr Commit commit = lastCommit();
}  // namespace

const char *specgan_commit(void) { return commit.digits; }
#else
const char *specgan_commit(void) { return ""; }
#endif
