package import SpecGANTensors

/// A linear map of pictures, channel by channel: a filter down the lines and one across them.
package struct SeparableFilter: Sendable {
  /// The filter down the lines.
  let down: AxisFilter
  /// The filter across a line.
  let across: AxisFilter
  /// The number of channels of a position.
  let channels: Int

  /// `[height, width, channels]` of the output.
  var outputShape: [Int] { [down.outputLength, across.outputLength, channels] }
  /// The filter with the transposed matrix.
  var transposed: SeparableFilter {
    .init(down: down.transposed, across: across.transposed, channels: channels)
  }
  /// The number of multiply-adds for one example; copies are not counted.
  var multiplyAdds: Int {
    let width = isAcrossFirst ? across.outputLength : across.inputLength
    let height = isAcrossFirst ? down.inputLength : down.outputLength
    return down.multiplyAdds(channels: width * channels)
      + across.multiplyAdds(channels: height * channels)
  }

  private var inputLine: Int { across.inputLength * channels }
  private var outputLine: Int { across.outputLength * channels }
  /// Whether lines are filtered before they are added: if there are more lines in the output. Sums
  /// of complete lines are faster than filters along a line.
  private var isAcrossFirst: Bool { down.outputLength > down.inputLength }

  /// The number of elements of scratch memory.
  var scratchCount: Int {
    down.isIdentity ? 0 : isAcrossFirst ? down.taps * outputLine : inputLine
  }

  /// Computes the `examples` of `y` from those of `x`.
  ///
  /// - Precondition: each thread has ``scratchCount`` elements of scratch memory.
  func apply(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    pass.engine.requireScratch(each: scratchCount)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let source = unsafe UnsafePointer(x.examples(example).start)
      let target = unsafe y.examples(example).start
      if isAcrossFirst {
        unsafe applyAcrossFirst(source, into: target, scratch.start)
      } else {
        unsafe applyDownFirst(source, into: target, scratch.start)
      }
    }
  }

  private func applyDownFirst(
    _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    for line in 0..<down.outputLength {
      var sums = unsafe source + line * inputLine
      if !down.isIdentity {
        unsafe down.blend(source, output: line, length: inputLine, into: scratch)
        unsafe sums = UnsafePointer(scratch)
      }
      unsafe across.apply(sums, channels: channels, into: target + line * outputLine)
    }
  }

  /// Keeps as many of the last filtered lines as the filter has taps.
  private func applyAcrossFirst(
    _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    var filtered = 0
    for line in 0..<down.outputLength {
      let places = down.places[line * down.taps..<(line + 1) * down.taps]
      while filtered <= places.last ?? 0 {
        unsafe across.apply(
          source + filtered * inputLine, channels: channels,
          into: scratch + filtered % down.taps * outputLine)
        filtered += 1
      }
      unsafe down.blend(
        scratch, output: line, length: outputLine, fromBuffers: true,
        into: target + line * outputLine)
    }
  }
}

/// A layer that is a separable filter, and so linear and without parameters.
package protocol FilterLayer: PiecewiseLinear, ParameterlessLayer {
  /// The filter.
  var filter: SeparableFilter { get }
  /// The filter with the transposed matrix.
  var transposed: SeparableFilter { get }
}

extension FilterLayer {
  /// `[height, width, channels]` of one example's output.
  package var outputShape: [Int] { filter.outputShape }
  /// The number of multiply-adds for one example; copies are not counted.
  package var multiplyAdds: Int { filter.multiplyAdds }

  /// Reserves scratch memory for some lines of the picture.
  package func reserveScratch(on engine: Engine) {
    engine.reserveScratch(each: max(filter.scratchCount, transposed.scratchCount))
  }

  /// Computes `y = F x`, with `F` the filter.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    filter.apply(x, into: y, pass)
  }

  /// Computes `x̄ = Fᵀ ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    guard let xCotangent else { return }
    transposed.apply(yCotangent, into: xCotangent, pass)
  }

  /// Computes `ẏ = F ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    filter.apply(xTangent, into: yTangent, pass)
  }
}
