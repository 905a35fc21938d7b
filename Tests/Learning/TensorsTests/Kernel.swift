import CSpecGANKernels
import SpecGANTensors
import SpecGANTestSupport

/// One function in C that has code for each kind of CPU, on random numbers.
struct Kernel: Sendable {
  let name: String
  /// Whether it multiplies and adds in one expression, which AVX2 rounds once.
  let isFused: Bool
  /// Calls the function for `count` values in a row.
  let call: @Sendable (_ memory: inout Memory, _ count: Int) -> Void

  /// Counts around the lengths of vectors, and of their unrolled loops.
  static let counts = [1, 3, 7, 8, 15, 16, 17, 33, 64, 130]

  private init(
    _ name: String, isFused: Bool = false,
    _ call: @escaping @Sendable (_ memory: inout Memory, _ count: Int) -> Void
  ) {
    (self.name, self.isFused, self.call) = (name, isFused, call)
  }

  /// Returns the memory after a call on `processor`, which is then the kind of CPU in use.
  func memory(after count: Int, on processor: specgan_processor) -> Memory {
    specgan_use_processor(processor)
    var memory = Memory()
    call(&memory, count)
    return memory
  }

  /// The arrays that functions read and write.
  struct Memory {
    private static let size = 8192
    var a = randomNumbers(size, seed: 1)
    var b = randomNumbers(size, seed: 2)
    var c = randomNumbers(size, seed: 3)
    var d = randomNumbers(size, seed: 4)
    var sums = randomNumbers(size, seed: 5).map { Double($0) }
    var moreSums = randomNumbers(size, seed: 6).map { Double($0) }
    var first = randomNumbers(size, seed: 7).map { specgan_complex(real: $0, imaginary: 1 - $0) }
    var second = randomNumbers(size, seed: 8).map { specgan_complex(real: 1 - $0, imaginary: $0) }
    let places = (0..<size).map { $0 * 7 % 11 }

    private var numbers: [[Double]] {
      let complex = [first, second].map { $0.flatMap { [Double($0.real), Double($0.imaginary)] } }
      return [a, b, c, d].map { $0.map { Double($0) } } + complex + [sums, moreSums]
    }

    /// The bits of all numbers.
    var bits: [[UInt64]] { numbers.map { $0.map(\.bitPattern) } }

    /// Whether all numbers differ by at most `tolerance` of the largest in their array.
    func isClose(to other: Memory, _ tolerance: Double) -> Bool {
      zip(numbers, other.numbers).allSatisfy { mine, others in
        let largest = mine.map { abs($0) }.max() ?? 0
        return zip(mine, others).allSatisfy { abs($0 - $1) <= tolerance * largest }
      }
    }
  }
}

extension Kernel {
  static let all =
    activations + attention + columns + elementwise + matrices + pairs + spectra + convolutions

  private static let activations = [
    Kernel("add_bias") { m, n in unsafe specgan_add_bias(&m.a, 9, m.b, n) },
    Kernel("relu") { m, n in unsafe specgan_relu(&m.a, 9, m.b, n) },
    Kernel("leaky_relu") { m, n in unsafe specgan_leaky_relu(&m.a, 9, m.b, n, 0.2) },
    Kernel("tanh", isFused: true) { m, n in
      unsafe specgan_tanh(&m.a, 9, m.b, n)
      unsafe specgan_tanh(&m.c, 9 * n, m.b, 1)
    },
    Kernel("leaky_relu_slopes") { m, n in
      unsafe specgan_multiply_by_leaky_relu_slopes(&m.a, m.b, 9 * n, 0.2)
    },
    Kernel("tanh_slopes", isFused: true) { m, n in
      unsafe specgan_multiply_by_tanh_slopes(&m.a, m.b, 9 * n)
    },
    Kernel("max_pool") { m, n in
      let sizes = specgan_pooling(height: 4, width: 6, channels: n, down: 2, across: 3)
      unsafe specgan_max_pool(m.a, sizes, &m.b)
      unsafe specgan_max_pool_pick(m.a, m.b, sizes, m.a, &m.c)
      unsafe specgan_max_pool_spread(m.a, m.b, sizes, m.c, &m.d)
    },
  ]

  private static let attention = [
    Kernel("scores", isFused: true) { m, n in
      withTensors(&m) { a, b, c, d in
        let stride = (n + 15) / 16 * 16
        let size = 9 * stride
        for kind in [specgan_plain, specgan_weight, specgan_weighted, specgan_curved] {
          let scores = unsafe specgan_scores(
            rows: a.start, count: 9, rows_stride: 7, terms: 5, keys: b.start,
            target: c.start + size * Int(kind.rawValue), stride: stride, starts: a.start + 100,
            weights: b.start + size, tangents: d.start, cotangents: d.start + size)
          unsafe specgan_find_scores(kind, scores)
        }
        unsafe specgan_soften(a.start, 9, stride, d.start + 2 * size, d.start + 3 * size)
        let sums = unsafe specgan_key_sums(
          weights: b.start, count: 9, stride: stride, keys: b.start + size, columns: 5,
          target: d.start + 4 * size, target_stride: 7)
        unsafe specgan_sum_over_keys(sums, !n.isMultiple(of: 2))
      }
    },
    Kernel("rows", isFused: true) { m, n in
      unsafe specgan_scale_rows(&m.a, 9, n, m.b)
      unsafe specgan_add_scaled_rows(m.a, 9, n, m.b, &m.c)
      unsafe specgan_subtract_row_products(m.a, m.b, 9, n, &m.d)
    },
    Kernel("attention", isFused: true) { m, n in
      withTensors(&m) { a, b, c, d in attend(a, b, c, d, channels: min(n, 64)) }
    },
  ]

  /// Calls `body` with copies of the arrays, which replace them afterwards.
  private static func withTensors(
    _ m: inout Memory, _ body: (_ a: Tensor, _ b: Tensor, _ c: Tensor, _ d: Tensor) -> Void
  ) {
    let tensors = [m.a, m.b, m.c, m.d].map { Tensor(shape: [$0.count], $0) }
    body(tensors[0], tensors[1], tensors[2], tensors[3])
    let values = tensors.map(\.view.values)
    (m.a, m.b, m.c, m.d) = (values[0], values[1], values[2], values[3])
  }

  /// All passes of attention over 8 positions, with kernels in `b`; the results are in `c` and `d`.
  private static func attend(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, _ d: Tensor, channels: Int
  ) {
    let (queries, values) = (max(channels / 8, 1), max(channels / 2, 1))
    let sizes = specgan_attention(
      pooling: specgan_pooling(height: 4, width: 2, channels: channels, down: 2, across: 2),
      queries: queries, values: values)
    let kernels = unsafe specgan_attention_kernels(
      query: b.start, key: b.start + 600, value: b.start + 1200, output: b.start + 3300, gamma: 0.7)
    let size = specgan_attention_memory_of(sizes)
    let count = 8 * channels
    func memory(_ count: Int) -> Tensor { Tensor(shape: [count]) }
    let (kept, tangents) = (memory(size.values), memory(size.tangents))
    let (cotangents, curvatures) = (memory(size.cotangents), memory(size.cotangents))
    let scratch = memory(specgan_attention_scratch(sizes))
    let panels = memory(specgan_attention_panels(sizes))
    unsafe specgan_attention_pack(sizes, kernels, false, scratch.start, panels.start)
    unsafe specgan_attend(sizes, panels.start, a.start, kept.start, scratch.start, c.start)
    unsafe specgan_attend_tangent(
      sizes, panels.start, a.start + 1000, kept.start, tangents.start, scratch.start,
      c.start + count)
    unsafe specgan_attention_pack(sizes, kernels, true, scratch.start, panels.start)
    unsafe specgan_attend_backward(
      sizes, panels.start, a.start + 2000, kept.start, cotangents.start, scratch.start,
      c.start + 2 * count)
    unsafe specgan_attend_curvature(
      sizes, panels.start, a.start + 2000, kept.start, tangents.start, curvatures.start,
      scratch.start, c.start + 3 * count)
    unsafe specgan_add_projection_gradient(
      sizes, a.start, curvatures.start, scratch.start, d.start)
    unsafe specgan_add_output_gradient(
      sizes, tangents.start, true, a.start + 2000, scratch.start, d.start + 4000)
  }

  private static let columns =
    [
      Kernel("add_column_products") { m, n in
        unsafe specgan_add_column_products(m.a, m.b, 9, n, &m.sums, &m.moreSums)
      },
      Kernel("normalized_products") { m, n in
        let (centers, factors) = (m.c, m.d)
        unsafe specgan_normalized_products(m.a, m.b, 9, centers, factors, n, &m.c, &m.d)
      },
      Kernel("standardize") { m, n in unsafe specgan_standardize(m.a, 9, m.b, m.c, n, &m.d) },
      Kernel("combine_columns", isFused: true) { m, n in
        let coefficients = m.c
        unsafe coefficients.withUnsafeBufferPointer { c in
          let start = c.baseAddress
          let terms = unsafe specgan_combination(
            factors: start, slopes: start?.advanced(by: n), centers: start?.advanced(by: 2 * n),
            offsets: start?.advanced(by: 3 * n))
          unsafe specgan_combine_columns(m.a, m.b, 9, terms, n, &m.d)
        }
      },
      Kernel("add_columns") { m, n in unsafe specgan_add_columns(m.a, 9, n, n, &m.sums) },
      Kernel("column_sums") { m, n in
        unsafe specgan_column_sums(m.a, m.sums, 9, n, true, &m.moreSums)
      },
      Kernel("raise_to_columns") { m, n in unsafe specgan_raise_to_columns(m.a, 9, n, &m.b) },
    ]
    + [1, 2, 3, 4, 8].map { taps in
      Kernel("blend of \(taps)", isFused: true) { m, n in
        unsafe specgan_blend(m.a, m.places, m.b, taps, 9, n, n, &m.d)
        unsafe specgan_blend(m.a, m.places, m.b, taps, 1, n, 9 * n, &m.c)
      }
    }

  private static let elementwise = [
    Kernel("add") { m, n in unsafe specgan_add(m.a, 9 * n, &m.b) },
    Kernel("add_scaled", isFused: true) { m, n in
      unsafe specgan_add_scaled(m.a, 0.3, 9 * n, &m.b)
    },
    Kernel("scale") { m, n in unsafe specgan_scale(m.a, 0.3, 9 * n, &m.b) },
    Kernel("scale_in_place") { m, n in unsafe specgan_scale_in_place(&m.a, 0.3, 9 * n) },
    Kernel("interpolate", isFused: true) { m, n in
      unsafe specgan_interpolate(&m.a, m.b, 0.3, 9 * n)
    },
    Kernel("decay_towards", isFused: true) { m, n in
      unsafe specgan_decay_towards(&m.a, m.b, 0.9, 9 * n)
    },
    Kernel("clip") { m, n in unsafe specgan_clip(&m.a, 0.3, 9 * n) },
    Kernel("multiply") { m, n in unsafe specgan_multiply(m.a, m.b, 9 * n, &m.c) },
    Kernel("add_products", isFused: true) { m, n in
      unsafe specgan_add_products(m.a, m.b, 9 * n, &m.c)
    },
    Kernel("adam_update", isFused: true) { m, n in
      unsafe specgan_multiply(m.c, m.c, m.c.count, &m.d)
      let constants = specgan_adam(rate: 1e-3, beta1: 0.5, beta2: 0.9, epsilon: 1e-8)
      unsafe specgan_adam_update(constants, 9 * n, &m.a, &m.b, &m.c, &m.d)
    },
    Kernel("rmsprop_update", isFused: true) { m, n in
      unsafe specgan_multiply(m.c, m.c, m.c.count, &m.d)
      let constants = specgan_rmsprop(rate: 1e-3, decay: 0.9, epsilon: 1e-8)
      unsafe specgan_rmsprop_update(constants, 9 * n, &m.a, &m.b, &m.d)
    },
  ]

  private static let matrices = [
    Kernel("transpose") { m, n in unsafe specgan_transpose(m.a, 20, n, 13, &m.b, 150) },
    // The product of two floats is exact in double precision.
    Kernel("inner_product") { m, n in
      m.sums[0] = unsafe specgan_inner_product(m.a, m.b, 9 * n)
      m.sums[1] = unsafe specgan_sum_of_squares(m.a, n)
      unsafe specgan_matrix_vector(m.a, 9, n, m.b, &m.c)
    },
    Kernel("add_transposed_matrix_vector", isFused: true) { m, n in
      unsafe specgan_add_transposed_matrix_vector(m.a, 9, n, m.b, &m.c)
    },
    Kernel("add_outer_product", isFused: true) { m, n in
      unsafe specgan_add_outer_product(&m.a, m.b, 9, m.c, n, 0.7, 0.3)
    },
  ]

  private static let pairs = [
    Kernel("squared_distances", isFused: true) { m, n in
      unsafe specgan_squared_distances(m.a, 9, m.b, 7, n, &m.c)
    },
    Kernel("row_products", isFused: true) { m, n in
      unsafe specgan_row_products(m.a, 9, m.b, 7, n, &m.c)
    },
    Kernel("add_transposed_products", isFused: true) { m, n in
      let left = m.sums.map { $0 / 3 }
      let length = min(n, 64)
      unsafe specgan_add_transposed_products(left, m.sums, 7, length, 0, length, &m.moreSums)
    },
  ]

  private static let spectra = [
    Kernel("spectra_of_pairs", isFused: true) { m, n in
      let pairs = m.first
      unsafe specgan_spectra_of_pairs(pairs, m.second, n, 9, &m.first)
    },
    Kernel("pairs_of_spectra", isFused: true) { m, n in
      let spectra = m.first
      unsafe specgan_pairs_of_spectra(spectra, m.second, n, 9, &m.first)
    },
    Kernel("magnitudes") { m, n in unsafe specgan_magnitudes(m.first, 9 * n, &m.a) },
    Kernel("largest_bits") { m, n in
      m.sums[0] = Double(unsafe specgan_largest_bits(m.a, ~Float(-0.0).bitPattern, 9 * n))
    },
    Kernel("impose", isFused: true) { m, n in
      unsafe specgan_impose(&m.first, m.a, 9 * n, !n.isMultiple(of: 2))
    },
    Kernel("griffin_lim", isFused: true) { m, n in
      let consistent = m.second.map { specgan_complex(real: $0.imaginary, imaginary: 2) }
      unsafe specgan_griffin_lim(consistent, m.a, 0.9, 9 * n, false, &m.first, &m.second)
    },
    Kernel("alternating_directions", isFused: true) { m, n in
      unsafe specgan_alternating_directions(m.second, m.a, 0.2, 9 * n, false, &m.first)
    },
    Kernel("polar", isFused: true) { m, n in unsafe specgan_polar(m.a, m.b, 9 * n, &m.first) },
    Kernel("logarithms", isFused: true) { m, n in
      unsafe specgan_logarithms_above(m.a, 1e-3, 9 * n, &m.b)
      unsafe specgan_multiply(m.a, m.a, m.a.count, &m.c)
      unsafe specgan_logarithms(&m.c, 1e-6, 9 * n)
    },
    Kernel("normalize") { m, n in
      let ranges = m.b.map { abs($0) + 0.1 }
      unsafe specgan_normalize(m.a, m.c, ranges, 9 * n, &m.d)
    },
    Kernel("denormalize", isFused: true) { m, n in
      unsafe specgan_denormalize(m.a, m.b, m.c, 9 * n, &m.d)
    },
    Kernel("largest_row_level", isFused: true) { m, n in
      m.sums[0] = Double(unsafe specgan_largest_row_level(m.a, 9, n))
    },
  ]

  private static let convolutions =
    [
      Kernel("products", isFused: true) { m, n in
        let terms = specgan_terms(
          outer: .init(count: 2, stride: 400), middle: .init(count: 3, stride: 70),
          inner: .init(count: 5, stride: 7))
        for rows in [1, 5, 6, 12, 25] {
          let places = (0..<rows).map { $0 * 70 }
          unsafe specgan_products(
            specgan_used_processor(), m.a, places, &m.c, places, rows, terms, m.b, min(n, 64),
            !rows.isMultiple(of: 2))
        }
      }
    ] + filters.flatMap { down, across in transforms.map { transform($0, down, across) } }

  private static let filters = [
    (specgan_three_taps_at_two, specgan_three_taps_at_two),
    (specgan_three_taps_at_two, specgan_two_taps_at_two),
    (specgan_two_taps_at_two, specgan_three_taps_at_two),
    (specgan_two_taps_at_two, specgan_two_taps_at_two),
    (specgan_one_tap, specgan_four_taps_at_four), (specgan_one_tap, specgan_three_taps_at_four),
  ]

  private static let transforms = [
    specgan_input_transform, specgan_input_transform_transposed, specgan_kernel_transform,
    specgan_kernel_transform_transposed, specgan_output_transform,
    specgan_output_transform_transposed,
  ]

  /// A Winograd transform of two tiles of up to 7 × 7 positions.
  private static func transform(
    _ kind: specgan_transform, _ down: specgan_filter, _ across: specgan_filter
  ) -> Kernel {
    let name = "transform_tiles \(kind.rawValue) \(down.rawValue) \(across.rawValue)"
    return Kernel(name, isFused: true) { m, count in
      let n = min(count, 64)
      let strides = specgan_tile_strides(line: 8 * n, step: n, tile: 56 * n)
      let source = m.a
      unsafe source.withUnsafeBufferPointer { source in
        unsafe m.c.withUnsafeMutableBufferPointer { target in
          unsafe specgan_transform_tiles(
            kind, down: down, across: across,
            from: specgan_source_tiles(start: source.baseAddress, strides: strides),
            to: specgan_target_tiles(start: target.baseAddress, strides: strides), tiles: 2,
            channels: n)
        }
      }
    }
  }
}
