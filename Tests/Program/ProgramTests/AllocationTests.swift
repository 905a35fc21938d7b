import SpecGANTestSupport
import Testing

/// The program's allocation functions, which call those of the C library and report a refusal.
@Suite(.enabled(if: OutsideTools.isWanted("clang"), "it needs clang")) struct AllocationTests {
  /// A search for the C library's functions clears the pending error of dlerror(3), and would do so
  /// if it took place when they are first called. Libraries such as UCX, which MPICH loads, read
  /// that error in constructors.
  @Test func theTextOfDlerrorIsComplete() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array(Self.library.utf8), as: "library.c")
    let built = try RunningProgram(
      "/usr/bin/env", ["clang", "-shared", "-fPIC", "-o", "library.so", "library.c"], in: folder
    ).wait()
    #expect(built.status == 0, "\(built.messages)")
    let result = try RunningProgram(
      Program.path, ["--version"], in: folder, after: "LD_PRELOAD=./library.so"
    ).wait()
    #expect(result.status == 0)
    let line = "./library.so: undefined symbol: a_name_that_does_not_exist\n"
    #expect(result.messages == line + line)
  }

  private static let library = """
    #include <dlfcn.h>
    #include <stdio.h>
    #include <stdlib.h>

    __attribute__((constructor, destructor)) static void look(void) {
      void *volatile block = NULL;
      dlsym((void *)0, "a_name_that_does_not_exist");
      if (posix_memalign((void **)&block, 64, 64) == 0) free(block);
      block = aligned_alloc(64, 64);
      free(block);
      block = calloc(1, 1);
      block = realloc(block, 2);
      free(block);
      fprintf(stderr, "%s\\n", dlerror());
    }

    """
}
