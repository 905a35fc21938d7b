import SpecGANTestSupport
import Testing

/// The program's allocation functions, which report a refusal and then use those of the C library.
@Suite(.enabled(if: OutsideTools.isWanted("clang"), "it needs clang")) struct AllocationTests {
  /// dlerror(3) allocates memory for its text; a search for a function at that moment would free
  /// what it formats. Libraries such as UCX call it before and after the program does.
  @Test func theTextOfALinkerErrorIsWhole() throws {
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

    __attribute__((constructor, destructor)) static void look(void) {
      dlsym((void *)0, "a_name_that_does_not_exist");
      fprintf(stderr, "%s\\n", dlerror());
    }

    """
}
