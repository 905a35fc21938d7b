internal import CSpecGANKernels
internal import SpecGANConvolutions
internal import SpecGANErrors
internal import SpecGANTensors

/// A layer's gradient, summed in pieces of the examples whose sums are then added in order, so that
/// its bits do not depend on the number of threads.
struct GradientPieces {
  /// The number of pieces.
  static let count = 16

  private let size: Int
  private let pass: Pass

  /// Creates the sums of `size` elements over the examples of `pass`, in the scratch memory that
  /// tasks share.
  ///
  /// - Precondition: the memory is reserved.
  init(of size: Int, _ pass: Pass) {
    self.size = size
    self.pass = pass
    require(
      Self.count * size <= pass.engine.sharedScratch.count,
      "\(size) sums do not fit into scratch memory of \(pass.engine.sharedScratch.count) elements")
  }

  /// Calls `body` with every example, with scratch memory and with the sums of its piece, to which
  /// it adds.
  func forEachExample(
    _ body:
      @Sendable (
        _ example: Range<Int>, _ scratch: Tensor, _ sums: UnsafeMutablePointer<Float>
      ) -> Void
  ) {
    pass.engine.run(tasks: Self.count) { piece, scratch in
      let sums = unsafe pass.engine.sharedScratch.start + piece * size
      unsafe sums.update(repeating: 0, count: size)
      for example in pass.summed.piece(piece, of: Self.count) {
        unsafe body(example..<example + 1, scratch, sums)
      }
    }
  }

  /// Calls `body` with the sums over all pieces.
  func withSum(_ body: (Span<Float>) -> Void) {
    let sums = unsafe pass.engine.sharedScratch.start
    for piece in 1..<Self.count { unsafe specgan_add(sums + piece * size, size, sums) }
    pass.engine.sharedScratch.part(offset: 0, count: size).withSpan(body)
  }
}
