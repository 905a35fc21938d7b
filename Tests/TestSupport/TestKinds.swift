internal import Foundation
public import Testing

/// Kinds of tests: what a test needs, or why it takes seconds.
///
/// A test of any kind is skipped if `SPECGAN_FAST_TESTS` is set, as `tools/test --fast` does. A
/// test that needs a program that is not installed is skipped too, unless
/// ``OutsideTools/mustAllRun``.
extension Trait where Self == ConditionTrait {
  /// A test that trains a network.
  public static var training: Self {
    .enabled(if: !isFast, "it trains a network, which is left out of the fast tests")
  }

  /// A test that takes seconds without training a network.
  public static var slow: Self {
    .enabled(if: !isFast, "it takes seconds, which is left out of the fast tests")
  }

  /// A test that opens a page in Chromium.
  public static var browser: Self {
    .enabled(
      if: !isFast && OutsideTools.isWanted("chromium"),
      "it needs Chromium (apt-get install chromium) and is left out of the fast tests")
  }

  /// A test that starts ranks with `mpirun`.
  public static var ranks: Self {
    .enabled(
      if: !isFast && (OutsideTools.mustAllRun || Program.hasMPI),
      "it needs a build with the trait MPI, and is left out of the fast tests")
  }

  /// A test that counts instructions with Valgrind.
  public static var valgrind: Self {
    .enabled(
      if: !isFast && OutsideTools.isWanted("valgrind"),
      "it needs Valgrind (apt-get install valgrind) and is left out of the fast tests")
  }

  /// A test that compares with a program in `python`.
  public static func python(_ python: @autoclosure @escaping @Sendable () -> ReferencePython)
    -> Self
  {
    .enabled(
      if: !isFast && (OutsideTools.mustAllRun || python().path != nil),
      """
      it needs a Python environment, which SPECGAN_ALL_TESTS=1 installs, and is left out of the fast \
      tests
      """)
  }

  /// Whether only fast tests run.
  private static var isFast: Bool {
    ProcessInfo.processInfo.environment["SPECGAN_FAST_TESTS"] != nil
  }
}
