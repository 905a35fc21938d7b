internal import SpecGANConvolutions
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
  init(of size: Int, _ pass: Pass) {
    self.size = size
    self.pass = pass
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

  /// Returns the sum of element `index` over all pieces.
  func sum(at index: Int) -> Float {
    pass.engine.sharedScratch.withSpan { sums in
      var sum: Float = 0
      for piece in 0..<Self.count { sum += sums[piece * size + index] }
      return sum
    }
  }
}
