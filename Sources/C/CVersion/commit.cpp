// The last line of Git's log of HEAD is "OLD NEW author ...": NEW is the commit that was built. The
// compiler lists the log among this file's dependencies, so a build after a commit compiles only
// this file again. Only the 40 digits are in the program. The log may be missing or empty.

#include "specgan_version.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

#if defined(__has_embed)
#if __has_embed("../../../.git/logs/HEAD") == __STDC_EMBED_FOUND__
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
  constexpr int digitCount = 40, length = sizeof(log);
  Commit commit = {};
  int start = length - 1;
  while (start > 0 && log[start - 1] != '\n') start--;
  start += digitCount + 1;
  if (start + digitCount > length) return commit;
  for (int i = 0; i < digitCount; i++) commit.digits[i] = log[start + i];
  return commit;
}

constexpr Commit commit = lastCommit();
}  // namespace

const char *specgan_commit(void) { return commit.digits; }
#else
const char *specgan_commit(void) { return ""; }
#endif
