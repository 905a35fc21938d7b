import SpecGANErrors
import SpecGANTestSupport
import SpecGANWorkers
import Spectra
import Testing

@Suite struct InverterTests {
  /// Generated magnitudes have an edge that is under no window; it must not appear in the samples.
  @Test(arguments: [InversionMethod.griffinLim, .fastGriffinLim, .best])
  func publishedFramingInvertsAsWellAsCenteredFraming(method: InversionMethod) throws {
    let inverter = try inverter(method, 32, .zero)
    let published = try mean(convergences(inverter, .published))
    let centered = try mean(convergences(inverter, .centered))
    #expect(published <= centered + 0.5)
  }

  /// Inversion overshoots by up to 2.3 times the peak in centered frames too. At the edge, a
  /// least-squares inverse without added frames reaches thousands, a first frame without a bound 6
  /// to 8.
  @Test(arguments: [InversionMethod.griffinLim, .fastGriffinLim, .best], FirstPhase.allCases)
  func firstSamplesDoNotBlowUp(method: InversionMethod, phase: FirstPhase) throws {
    for index in clips.indices {
      let original = try slice(index)
      let peak = original.map { abs($0) }.max() ?? 0
      let sound = try inverter(method, 60, phase).invert(magnitudes(original, .published))
      #expect(sound.count == 16_384)
      #expect(sound.prefix(128).allSatisfy { abs($0) <= 2 * peak }, "clip \(index)")
    }
  }

  @Test func eachIterationBringsTheMagnitudesNearer() throws {
    for framing in Framing.allCases {  // for exact magnitudes Griffin and Lim's error never grows
      let target = try magnitudes(slice(3), framing)
      let errors = try [0, 1, 2, 4, 8, 16].map { iterations in
        try spectralConvergence(
          of: inverter(.griffinLim, iterations).invert(target), to: target)
      }
      #expect(errors == errors.sorted(by: >))
    }
  }

  @Test(
    arguments: [(512, 128), (90, 17), (64, 32)] as [(length: Int, step: Int)],
    [InversionMethod.fastGriffinLim, .best])
  func otherFramesInvertToo(frame: (length: Int, step: Int), method: InversionMethod) throws {
    var configuration = SpectrogramConfiguration()
    (configuration.frameLength, configuration.frameStep) = frame
    for framing in Framing.allCases {
      let samples = Array(try slice(0).prefix(4001))
      let target = try magnitudes(samples, framing, configuration)
      let inverter = try inverter(method, 32, nil, configuration)
      let sound = try inverter.invert(target, length: 4001)
      #expect(sound.count == 4001)
      let error = try spectralConvergence(of: sound, to: target, configuration: configuration)
      #expect(error <= -15)
      #expect(sound.allSatisfy { abs($0) <= 2 })
    }
  }

  @Test(arguments: InversionMethod.allCases, Framing.allCases)
  func silenceAndSteadyToneStayFinite(method: InversionMethod, framing: Framing) throws {
    let inverter = try inverter(method, 4)
    for level in [Float(0), 1e-30, 1] {
      let target = MagnitudeSpectrogram(
        frameCount: 5, binCount: 129, values: [Float](repeating: level, count: 5 * 129),
        framing: framing)
      let sound = try inverter.invert(target)
      #expect(sound.count == (framing == .published ? 5 : 4) * 128)
      #expect(sound.allSatisfy { level == 0 ? $0 == 0 : $0.isFinite })
    }
  }

  /// A power of two changes no bits, as long as nothing is too small or too large for its square.
  @Test(arguments: InversionMethod.allCases.filter { $0 != .reference }, [-60, 70, 100])
  func aLouderTargetGivesTheSameSoundLouder(method: InversionMethod, exponent: Int) throws {
    let (target, louder) = try targets(exponent)
    let inverter = try inverter(method, 3)
    let scale = Float(sign: .plus, exponent: exponent, significand: 1)
    #expect(try inverter.invert(louder) == inverter.invert(target).map { $0 * scale })
  }

  /// The squares of such magnitudes are not in single precision's range.
  @Test func theReferenceMethodDoesNotSilenceLoudSounds() throws {
    let (target, louder) = try targets(70)
    let inverter = try inverter(.reference, 3)
    let expected = try inverter.invert(target)
    #expect(try relativeError(inverter.invert(louder).map { $0 * 0x1p-70 }, expected) <= 1e-4)
  }

  /// A clip's magnitudes, and those times 2^`exponent`.
  private func targets(_ exponent: Int) throws -> (MagnitudeSpectrogram, MagnitudeSpectrogram) {
    let target = try magnitudes(slice(0), .published)
    let scale = Float(sign: .plus, exponent: exponent, significand: 1)
    let louder = MagnitudeSpectrogram(
      frameCount: target.frameCount, binCount: 129, values: target.values.map { $0 * scale },
      framing: .published)
    return (target, louder)
  }

  @Test func convergenceIsTheErrorsShareOfTheNormInDecibels() throws {
    let samples = try slice(1)
    let target = try magnitudes(samples, .published)
    #expect(try spectralConvergence(of: samples, to: target) == -.infinity)
    let half = samples.map { $0 / 2 }
    #expect(abs(try spectralConvergence(of: half, to: target) + 6.0206) <= 1e-4)  // 20 log₁₀ ½
  }
}

@Suite struct InverterSeedTests {
  @Test func aSoundDependsOnItsSeedAndNumberAlone() throws {
    let targets = try (0..<4).map { try magnitudes(slice($0), .published) }
    let inverter = try inverter(.fastGriffinLim, 3, seed: 5)
    let workers = Workers(count: 2)
    let many = try inverter.invert(targets, firstClip: 10, on: workers).map { try $0.get() }
    for (index, target) in targets.enumerated() {
      #expect(try inverter.invert(target, clip: 10 + UInt32(index)) == many[index])
    }
    #expect(try inverter.invert(targets[0], clip: 11) != many[0])
    let otherSeed = try SpectraTests.inverter(.fastGriffinLim, 3, seed: 6)
    #expect(try otherSeed.invert(targets[0], clip: 10) != many[0])
  }

  @Test(arguments: InversionMethod.allCases) func sameBitsForAnyNumberOfWorkers(
    method: InversionMethod
  ) throws {
    let targets = try clips.indices.map { try magnitudes(slice($0), .published) }
    let inverter = try inverter(method, 3)
    let expected = inverter.invert(targets, on: Workers(count: 1))
    for count in [2, 3, 5] {
      #expect(inverter.invert(targets, on: Workers(count: count)) == expected)
    }
  }

  @Test func referenceMethodHasNoChance() throws {
    let target = try magnitudes(slice(2), .published)
    let sound = try inverter(.reference, 2, seed: 1).invert(target, clip: 1)
    #expect(try inverter(.reference, 2, seed: 2).invert(target, clip: 2) == sound)
  }

  @Test func aBadSpectrogramDoesNotSpoilItsNeighbours() throws {
    let good = try magnitudes(slice(0), .published)
    var values = good.values
    values[129 * 7 + 3] = .nan
    let bad = MagnitudeSpectrogram(
      frameCount: good.frameCount, binCount: 129, values: values, framing: .published)
    let sounds = try inverter(.griffinLim, 1).invert([good, bad, good], on: Workers(count: 2))
    #expect(try sounds[0].get().count == 16_384)
    #expect(try sounds[2].get().count == 16_384)
    let error = #expect(throws: SpecGANError.self) { try sounds[1].get() }
    #expect(error?.description.contains("frame 7, bin 3 is nan") == true)
  }
}

@Suite struct InverterRefusalTests {
  private func spectrogram(
    _ frames: Int, bins: Int = 129, _ framing: Framing = .published, value: Float = 1
  ) -> MagnitudeSpectrogram {
    MagnitudeSpectrogram(
      frameCount: frames, binCount: bins, values: .init(repeating: value, count: frames * bins),
      framing: framing)
  }

  private func expect(
    _ error: SpecGANError, _ spectrogram: MagnitudeSpectrogram, length: Int? = nil
  ) throws {
    let inverter = try inverter(.fastGriffinLim, 1)
    #expect(throws: error) { try inverter.invert(spectrogram, length: length) }
  }

  @Test func wrongSpectrogramsAreRefused() throws {
    try expect(.binCount(found: 128, expected: 129), spectrogram(3, bins: 128))
    try expect(.noFrames, spectrogram(0))
    try expect(.magnitude(found: -1, frame: 0, bin: 0), spectrogram(3, value: -1))
    try expect(.magnitude(found: .infinity, frame: 0, bin: 0), spectrogram(3, value: .infinity))
  }

  @Test func lengthsThatDoNotFitAreRefused() throws {
    for length in [0, 256, 385] {
      try expect(
        .length(found: length, frameCount: 3, possible: 257...384), spectrogram(3), length: length)
    }
    for length in [0, 128, 384] {
      try expect(
        .length(found: length, frameCount: 3, possible: 129...383), spectrogram(3, .centered),
        length: length)
    }
    try expect(.length(found: 0, frameCount: 1, possible: 1...127), spectrogram(1, .centered))
    #expect(
      try inverter(.griffinLim, 1).invert(spectrogram(1, .centered), length: 100).count == 100)
  }

  @Test func iterationsOutOfRangeAreRefused() {
    for count in [-1, 100_001] {
      #expect(throws: SpecGANError.iterations(found: count)) { try inverter(.griffinLim, count) }
    }
    var inversion = InversionConfiguration()
    (inversion.method, inversion.iterations) = (.pghi, 5)
    #expect(throws: SpecGANError.noIterations(found: 5)) {
      try Inverter(spectrogram: .init(), inversion: inversion, seed: 0)
    }
  }

  @Test func everyErrorIsASentence() {
    let errors: [SpecGANError] = [
      .frameLength(found: 3), .frameStep(found: 3, frameLength: 4), .logFloor(found: 0),
      .clipDeviations(found: 0), .iterations(found: -1), .noIterations(found: 5),
      .outOfMemory(byteCount: 7),
      .unplannable(length: 4, batch: 2), .binCount(found: 2, expected: 3), .noFrames,
      .length(found: 5, frameCount: 1, possible: 1...4), .magnitude(found: -1, frame: 0, bin: 0),
      .momentCounts(means: 1, deviations: 2), .moment(mean: .nan, deviation: 1, bin: 0),
    ]
    for error in errors {
      #expect(error.description.contains("; ") && error.description.hasSuffix("."))
    }
  }
}
