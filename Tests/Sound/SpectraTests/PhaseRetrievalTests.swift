import RealModule
import SpecGANTestSupport
import Spectra
import Testing

/// Against an independent program in double precision, element by element.
@Suite struct GoldenPhaseRetrievalTests {
  private let golden: Golden

  init() throws { golden = try Golden("phase_retrieval") }

  private func spectrogram(
    _ name: String, _ configuration: SpectrogramConfiguration = .init()
  ) throws -> MagnitudeSpectrogram {
    let values = try golden.floats("magnitude/\(name)")
    let bins = configuration.binCount
    return MagnitudeSpectrogram(
      frameCount: values.count / bins, binCount: bins, values: values, framing: .centered)
  }

  /// The frames under which the oracle tried other windows: the step divides nothing.
  private func odd(_ window: SpectrogramConfiguration.Window) -> SpectrogramConfiguration {
    var configuration = SpectrogramConfiguration()
    (configuration.frameLength, configuration.frameStep) = (90, 17)
    configuration.window = window
    return configuration
  }

  /// The largest distance, in turns, of the phases of `integration` from the oracle's; what both
  /// leave alone is 0.
  private func error(
    of integration: inout PhaseGradientIntegration, _ name: String,
    _ configuration: SpectrogramConfiguration = .init()
  ) throws -> Float {
    let magnitude = try spectrogram(name, configuration)
    let expected = try golden.floats("turns/\(name)")
    var found = [Float](repeating: 0, count: expected.count)
    integration.integrate(
      magnitude.values, peak: magnitude.values.max() ?? 0, replacing: &found)
    #expect(found.contains { $0 != 0 })
    let errors = zip(found, expected).map { abs(($0 - $1) - ($0 - $1).rounded()) }
    return errors.max() ?? 1
  }

  /// A phase is a sum of up to some hundred steps, each rounded at 2⁻²⁴ of at most a few turns,
  /// from logarithms exact to 2⁻²²: below 2·10⁻⁴ turns. A wrong order, window or sign is off by
  /// tenths.
  ///
  /// One memory serves both clips in turn, and again.
  @Test func integratedPhasesAreTheOracles() throws {
    var integration = PhaseGradientIntegration(frameCount: 33, .init())
    for clip in ["1", "5", "1", "1"] {
      #expect(try error(of: &integration, clip) <= 2e-4)
    }
  }

  @Test(arguments: [SpectrogramConfiguration.Window.hamming, .gaussian])
  func otherWindowsHaveTheirOwnGradients(window: SpectrogramConfiguration.Window) throws {
    var integration = PhaseGradientIntegration(frameCount: 60, odd(window))
    #expect(try error(of: &integration, window.rawValue, odd(window)) <= 2e-4)
  }

  /// As for Griffin and Lim against librosa.
  @Test(arguments: [(.admm, 1), (.admm, 4), (.best, 8)] as [(method: InversionMethod, count: Int)])
  func soundsAreTheOracles(run: (method: InversionMethod, count: Int)) throws {
    let expected = try golden.floats("audio/1/\(run.method.rawValue)/\(run.count)")
    let found = try inverter(run.method, run.count, .zero).invert(spectrogram("1"), length: 4_000)
    #expect(relativeError(found, expected) <= 4e-5)
    expectWithin(4e-5, found, expected)
  }

  /// The default chain, from integrated phases. Those are exact to 2·10⁻⁴ turns, 10⁻³ of a number,
  /// where a bin is quiet, and to a tenth of that where it is loud.
  @Test func soundsOfTheWholeChainAreTheOracles() throws {
    let expected = try golden.floats("audio/1/chain/8")
    let found = try inverter(.best, 8).invert(spectrogram("1"), length: 4_000)
    #expect(relativeError(found, expected) <= 1e-4, "\(relativeError(found, expected))")
  }

  @Test(arguments: [SpectrogramConfiguration.Window.hamming, .gaussian])
  func soundsUnderOtherWindowsAreTheOracles(window: SpectrogramConfiguration.Window) throws {
    let expected = try golden.floats("audio/\(window.rawValue)/chain/8")
    let found = try inverter(.best, 8, nil, odd(window))
      .invert(spectrogram(window.rawValue, odd(window)), length: 1_000)
    #expect(relativeError(found, expected) <= 1e-4, "\(relativeError(found, expected))")
  }

  /// After 16 steps, rounding errors are still small.
  @Test func theWholeChainConvergesAsTheOracle() throws {
    let expected = try golden.floats("sc/best/gradients/16")
    try expectWithin(0.1, convergences(inverter(.best, 16), .centered), expected)
  }

  /// In 200 steps rounding errors grow: with 10⁻⁵ of a turn added to its initial phases, the oracle
  /// changes by up to 1 dB, a deviation of 0.4, and so by 0.2 in a mean of seven. The kick is left
  /// out: it converges to -28 or to -40 dB.
  @Test func theDefaultConvergesAboutAsTheOracle() throws {
    let kick = 4
    var expected = try golden.floats("sc/best/gradients/200")
    var found = try convergences(inverter(.best, 200), .centered)
    expected.remove(at: kick)
    found.remove(at: kick)
    expectWithin(2, found, expected)
    #expect(abs(mean(found) - mean(expected)) <= 0.6, "\(mean(found)), not \(mean(expected))")
  }

  /// Of an error 10 to 35 dB below the sound, 0.02 dB is two thousandths.
  @Test(arguments: [8, 48]) func convergesAsTheOracle(count: Int) throws {
    let expected = try golden.floats("sc/best/zero/\(count)")
    try expectWithin(0.02, convergences(inverter(.best, count, .zero), .centered), expected)
  }
}

@Suite struct InversionQualityTests {
  /// Inconsistent magnitudes, as a network may generate them from those of a clip.
  enum Perturbation: CaseIterable {
    case none, clipping, jitter, blur

    func applied(to target: MagnitudeSpectrogram, clip: Int) throws -> MagnitudeSpectrogram {
      let bins = target.binCount
      let logs = target.values.map { Float.log($0 + 1e-6) }
      func log(_ frame: Int, _ bin: Int) -> Float {
        logs[min(max(frame, 0), target.frameCount - 1) * bins + min(max(bin, 0), bins - 1)]
      }
      let changed: [Float] =
        switch self {
        case .none: logs
        case .clipping: try clipped(logs, bins)
        case .jitter:  // uniform, of deviation 0.1
          zip(logs, noise(logs.count, row: UInt32(clip))).map {
            $0 + 0.1 * Float(3).squareRoot() * $1
          }
        case .blur:
          logs.indices.map { index in
            let (frame, bin) = (index / bins, index % bins)
            let neighbours = [(-1, 0), (1, 0), (0, -1), (0, 1)]
            return neighbours.reduce(0.5 * logs[index]) { sum, step in
              sum + 0.125 * log(frame + step.0, bin + step.1)
            }
          }
        }
      return MagnitudeSpectrogram(
        frameCount: target.frameCount, binCount: bins, values: changed.map { .exp($0) },
        framing: target.framing)
    }

    /// Clipped to one deviation of each bin over the clip's frames: a third of the elements change.
    private func clipped(_ logs: [Float], _ bins: Int) throws -> [Float] {
      var accumulator = MomentsAccumulator(binCount: bins)
      accumulator.add(logMagnitudes: logs.span)
      let moments = try accumulator.moments
      return logs.enumerated().map { index, log in
        let (mean, deviation) = (moments.mean[index % bins], moments.deviation[index % bins])
        return min(max(log, mean - deviation), mean + deviation)
      }
    }
  }

  private func meanConvergence(
    _ method: InversionMethod, _ iterations: Int, _ perturbation: Perturbation, _ framing: Framing
  ) throws -> Float {
    let inverter = try inverter(method, iterations)
    return try mean(
      clips.indices.map { index in
        let target = try perturbation.applied(to: magnitudes(slice(index), framing), clip: index)
        let sound = try inverter.invert(target, clip: UInt32(index))
        return Float(try spectralConvergence(of: sound, to: target))
      })
  }

  /// At least 4 dB better on consistent magnitudes, and 0.3 dB better on inconsistent ones.
  @Test(arguments: Perturbation.allCases, Framing.allCases)
  func fastAndBestAreBetterThanFastGriffinLim(
    perturbation: Perturbation, framing: Framing
  ) throws {
    let margin: Float = perturbation == .none ? 4 : 0.3
    for (method, count) in [(InversionMethod.fast, 16), (.best, 200)] {
      let yardstick = try meanConvergence(.fastGriffinLim, count, perturbation, framing)
      let found = try meanConvergence(method, count, perturbation, framing)
      #expect(found <= yardstick - margin, "\(method) \(found) dB, fast Griffin-Lim \(yardstick)")
    }
  }

  /// More overlap of frames gives more accurate gradients.
  @Test func integratedPhasesAreBetterWhereFramesOverlapMore() throws {
    let errors = try [128, 64, 32].map { step in
      var configuration = SpectrogramConfiguration()
      configuration.frameStep = step
      let inverter = try inverter(.pghi, 0, nil, configuration)
      return try mean(
        clips.indices.map { index in
          let target = try magnitudes(slice(index), .centered, configuration)
          let sound = try inverter.invert(target, length: 16_384)
          return Float(
            try spectralConvergence(of: sound, to: target, configuration: configuration))
        })
    }
    #expect(
      errors[0] <= -11 && errors[1] <= errors[0] - 2 && errors[2] <= errors[1] - 1, "\(errors)")
  }
}

@Suite struct InversionEdgeTests {
  @Test func withoutProjectionsBestIsItsFirstPhase() throws {
    let target = try magnitudes(slice(1), .published)
    let phase = try inverter(.pghi, 0).invert(target)
    for method in [InversionMethod.fast, .best] {
      #expect(try inverter(method, 0).invert(target) == phase)
    }
    #expect(phase.contains { $0 != 0 })
  }

  @Test(arguments: InversionMethod.allCases) func everyMethodHasItsOwnCount(
    method: InversionMethod
  ) throws {
    var inversion = InversionConfiguration()
    inversion.method = method
    #expect(inversion.projections == method.defaultIterations)
    let own = try Inverter(spectrogram: .init(), inversion: inversion, seed: 1)
    inversion.iterations = method.defaultIterations
    let asked = try Inverter(spectrogram: .init(), inversion: inversion, seed: 1)
    let target = try magnitudes(Array(slice(0).prefix(2_000)), .published)
    #expect(try own.invert(target) == asked.invert(target))
  }

  /// One loud bin, the first, the last, a whole row or column of equal ones, and one frame alone.
  @Test(arguments: InversionMethod.allCases, Framing.allCases)
  func lonelyBinsStayFiniteAndAreHeard(method: InversionMethod, framing: Framing) throws {
    let inverter = try inverter(method, 12)
    for (frames, places) in [
      (5, [2 * 129 + 40]), (5, [2 * 129]), (5, [2 * 129 + 128]), (5, Array(129..<2 * 129)),
      (5, (0..<5).map { $0 * 129 + 10 }), (1, [3]), (2, [3, 129 + 3]),
    ] {
      for level in [Float.leastNormalMagnitude, 1e-30, 1, 1e30] {
        var values = [Float](repeating: 0, count: frames * 129)
        for place in places { values[place] = level }
        let target = MagnitudeSpectrogram(
          frameCount: frames, binCount: 129, values: values, framing: framing)
        let sound = try inverter.invert(target, length: frames == 1 ? 100 : nil)
        #expect(sound.allSatisfy { $0.isFinite && abs($0) <= 2 * level })
        // The reference inversion has an absolute floor, and is silent below it.
        if level >= 1e-30 && method != .reference {
          #expect(sound.contains { abs($0) > 1e-6 * level })
        }
      }
    }
  }

  /// Earlier inversions of a workspace must not change a result: loud, silent, quiet, with random
  /// phases and without.
  @Test(arguments: InversionMethod.allCases) func soundsDoNotDependOnWhatWasInvertedBefore(
    method: InversionMethod
  ) throws {
    let loud = try magnitudes(slice(4), .published)
    func changed(_ change: (Int, Float) -> Float) -> MagnitudeSpectrogram {
      MagnitudeSpectrogram(
        frameCount: loud.frameCount, binCount: loud.binCount,
        values: loud.values.enumerated().map { change($0.offset, $0.element) }, framing: .published)
    }
    let targets = try [
      loud, changed { _, _ in 0 }, changed { 1e-4 * $1 * Float($0 % 3) },
      magnitudes(slice(1), .published),
      changed { index, value in index < loud.values.count / 2 ? value : 1e-9 },
    ]
    let used = try inverter(method, 6)
    for target in targets + targets.reversed() {
      #expect(try used.invert(target) == inverter(method, 6).invert(target))
    }
    #expect(used.workspacesMade == (method == .reference ? 0 : 1))
  }

  /// Only one workspace is kept, so each change of shape creates another; no result changes.
  @Test(arguments: InversionMethod.allCases) func soundsDoNotDependOnTheShapesBefore(
    method: InversionMethod
  ) throws {
    let targets = try [
      magnitudes(slice(4), .published), magnitudes(Array(slice(1).prefix(5_000)), .published),
      magnitudes(slice(2), .centered),
    ]
    let used = try inverter(method, 6)
    for target in targets + targets {
      #expect(try used.invert(target) == inverter(method, 6).invert(target))
    }
    #expect(used.workspacesMade == (method == .reference ? 0 : 6))
  }

  @Test func schedulesUseEveryProjection() {
    for count in 0...300 {
      for method in InversionMethod.allCases {
        let schedule = InversionSchedule(method, count: count)
        #expect(schedule.count == count && schedule.finish >= 0)
        #expect(schedule.penalties.allSatisfy { $0 > 0 && $0 <= 0.1 })
        #expect(schedule.penalties == schedule.penalties.sorted())
      }
      let best = InversionSchedule(.best, count: count)
      #expect(best.finish * 5 >= count && best.momentum == 0.99)
      #expect(best.penalties.isEmpty || best.penalties.last == 0.1)
    }
  }

  @Test(arguments: [1, 63, 64, 65, 4_096, 4_097, 300_000]) func theQueueGivesTheSmallest(
    bound: Int
  ) {
    var queue = RankQueue(bound: bound)
    #expect(queue.removeFirst() == nil)
    var present: Set<Int> = []
    for (step, number) in noise(400).enumerated() {
      let place = min(Int((number + 1) / 2 * Float(bound)), bound - 1)
      queue.insert(place)
      present.insert(place)
      guard step % 3 == 2 else { continue }
      #expect(queue.removeFirst() == present.min())
      if let first = present.min() { present.remove(first) }
    }
    for expected in present.sorted() { #expect(queue.removeFirst() == expected) }
    #expect(queue.removeFirst() == nil)
  }
}
