import Foundation
import Scores
import SpecGANClassification
import SpecGANErrors
import SpecGANEvaluation
import SpecGANTestSupport
import SpecGANWorkers
import Spectra
import Testing
import Waveforms

/// Log-mel features and consistency of spectrograms, compared with NumPy, and their laws.
@Suite struct SpectralScoresTests {
  // MARK: - Log-spectral distance

  /// A magnitude is accurate to 4·10⁻⁷ of its frame's largest one, so quiet bins have an error of
  /// some thousandths of a dB.
  @Test func theLogSpectralDistanceIsTheReferences() throws {
    let golden = try Golden("scores")
    let asked = try golden.floats("log_spectral/asked")
    let samples = try golden.floats("log_spectral/samples")
    var stft = try STFT()
    let wanted = stft.magnitudes(of: asked.span)
    let distance = try logSpectralDistance(of: samples, to: wanted)
    #expect(try abs(distance - Double(golden.floats("log_spectral/distance")[0])) < 1e-3)
    #expect(try logSpectralDistance(of: asked, to: wanted) == 0)
    // Twice the amplitude is 6.02 dB in every bin of noise, which is above the floor.
    let noise = randomNumbers(5_120, seed: 1)
    let louder = try logSpectralDistance(
      of: noise.map { 2 * $0 }, to: stft.magnitudes(of: noise.span))
    #expect(abs(louder - 20 * log10(2)) < 1e-3)
    #expect(throws: SpecGANError.self) {
      _ = try logSpectralDistance(of: Array(samples.prefix(100)), to: wanted)
    }
  }

  /// Silence at the end of both changes nothing; a frame that is not silent in both counts.
  @Test func soundingDistanceIgnoresSilence() {
    let floor: Float = 0.01
    func spectrogram(_ frames: [[Float]]) -> MagnitudeSpectrogram {
      .init(
        frameCount: frames.count, binCount: 2, values: frames.flatMap { $0 },
        framing: .published)
    }
    let (loud, quiet, silent): ([Float], [Float], [Float]) = ([1, 1], [0.1, 0.1], [0.009, 0])
    func distance(_ first: [[Float]], _ second: [[Float]]) -> Double {
      spectrogram(first).soundingDistance(from: spectrogram(second), floor: floor)
    }
    let decibels = 20 * log10(1.01 / 0.11)
    #expect(abs(distance([loud], [quiet]) - decibels) < 1e-4)
    #expect(abs(distance([loud, silent, silent], [quiet, silent, silent]) - decibels) < 1e-4)
    #expect(abs(distance([loud, loud], [quiet, loud]) - decibels / 2) < 1e-4)
    // The root mean square over two bins.
    let onset = 20 * log10(1.01 / 0.01)
    #expect(abs(distance([[1, 0], silent], [[0, 0], silent]) - onset / 2.0.squareRoot()) < 1e-4)
    #expect(distance([silent], [silent]) == 0)
  }

  // MARK: - Log-mel features

  @Test(arguments: [1_024, 2_048]) func melsAreTheReferences(_ length: Int) throws {
    var mels = try MelSpectrogram(frameLength: length)
    #expect(mels.frameCount(of: 16_384) == 128)
    let speech = try Self.speech()
    let found = mels.logarithms(of: speech.span)
    try expect(found, "mel/\(length)")
  }

  /// The two definitions of the distances to nearest neighbors, and the features without a
  /// classifier.
  @Test func whatIsKeptOfSoundsIsTheReferences() throws {
    let workspace = try MelWorkspace.workspaces(count: 1, AudioConfiguration(), .published)[0]
    let mels = try workspace.logarithms(of: Self.speech(), 0)
    try expect(mels, "mel/1024")
    try expect(workspace.logarithms(of: Self.speech(), 1), "mel/code")
    let summary = try Golden("scores").floats("mel/summary")
    let found = workspace.summary(of: mels)
    #expect(found.count == 8 * 16 && summary.count == found.count)
    // Means of 128 logarithms of at most 14, each with an error of at most 10⁻³, near the floor.
    for (value, expected) in zip(found, summary) { #expect(abs(value - expected) < 1e-3) }
  }

  @Test func audibleMelsAreNumPys() throws {
    let workspace = try MelWorkspace.workspaces(count: 1, AudioConfiguration(), .audible)[0]
    try expect(workspace.logarithms(of: Self.speech(), 0), "mel/audible")
  }

  /// At any sample rate frames have about 64 ms, and noise counts as much as it is above the floor:
  /// 20 dB below it hardly, 20 dB above it by ln 10.
  @Test(arguments: [8_000, 16_000, 22_050, 44_100, 48_000])
  func theAudibleFloorMasksNoise(_ rate: Int) throws {
    let definition = MelDefinition.audible(sampleRate: rate)
    let frame = definition.frameLength
    #expect((0.045...0.091).contains(Double(frame) / Double(rate)))
    #expect(definition.highestFrequency == Double(rate) / 2)
    var mel = try MelSpectrogram(definition, sampleRate: rate)
    let length = 16 * frame
    let silence = mel.logarithms(of: [Float](repeating: 0, count: length))
    // The narrowest bands have the weights of one to two bins.
    let lowest = (silence.min() ?? 0) - logf(definition.floor)
    #expect((-1e-5..<logf(2)).contains(lowest), "\(lowest)")
    // Uniform noise has the variance 1/3; the squares of a Hann window sum to 3/8 of its length.
    let atFloor = definition.floor / sqrtf(Float(frame) * 3 / 8) * sqrtf(3)
    let noise = randomNumbers(length, seed: 5).map { $0 * atFloor }
    func rise(_ factor: Float) -> Float {
      let found = mel.logarithms(of: noise.map { $0 * factor })
      return zip(found, silence).reduce(0) { $0 + $1.0 - $1.1 } / Float(found.count)
    }
    // ½ ln(1 + 0.01 · m²) with the mean square m² of a sum of magnitudes, at most 1.
    #expect((0...0.005).contains(rise(0.1)), "\(rise(0.1))")
    // The mean of ln m of narrow bands is up to 0.3 below that of their mean square.
    #expect((logf(10) - 0.4...logf(10)).contains(rise(10)), "\(rise(10))")
  }

  /// A bin is accurate to 4·10⁻⁷ of its frame's largest one, of which the loudest band has at least
  /// half; a band has up to ten bins. The logarithm of a quieter band is less accurate by its ratio
  /// to that one, and has its own rounding.
  private func expect(_ found: [Float], _ name: String) throws {
    #expect(found.count == 128 * 128)
    let golden = try Golden("scores").floats(name)
    for (row, frame) in stride(from: 0, to: 128, by: 8).enumerated() {
      let expected = golden[row * 128..<(row + 1) * 128].map(Double.init)
      let bound = 8e-6 * exp(expected.max() ?? 0)
      for (band, value) in expected.enumerated() {
        let error = abs(Double(found[frame * 128 + band]) - value)
        #expect(error <= bound / exp(value) + 4e-6, "\(name), frame \(frame), band \(band)")
      }
    }
  }

  private static func speech() throws -> [Float] { try clip("three/flite_slt", 16_384) }

  /// Silence is the floor in every band, and a tone is in the band of its frequency.
  @Test func silenceAndTonesAreWhereTheyShould() throws {
    var mels = try MelSpectrogram()
    let silence = mels.logarithms(of: [Float](repeating: 0, count: 1_000).span)
    #expect(silence.count == 8 * 128)
    #expect(silence.allSatisfy { abs($0 + 13.8155) < 1e-4 })
    #expect(mels.logarithms(of: [Float]().span).isEmpty)
    var places: [Int] = []
    for frequency: Float in [100, 500, 2_000, 6_000] {
      let tone = (0..<4_096).map { sin(2 * .pi * frequency * Float($0) / 16_000) }
      let frame = mels.logarithms(of: tone.span)[8 * 128..<9 * 128]
      let largest = frame.max()
      places.append((frame.firstIndex { $0 == largest } ?? 0) - frame.startIndex)
    }
    #expect(places == places.sorted() && Set(places).count == 4)
  }

  @Test(arguments: [0, 7, 1_023, 100_000]) func framesThatCannotBeAreNamed(_ length: Int) {
    #expect(throws: SpecGANError.frameLength(found: length)) {
      _ = try MelSpectrogram(frameLength: length).frameCount(of: 1)
    }
  }

  /// Digits are closer to another voice's digits than noise of equal loudness is, and closer than
  /// to silence.
  @Test func soundsAreNearTheirKind() throws {
    let digits = [
      "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ]
    let workers = Workers(count: 2)
    let voice = try Self.mels(digits.map { try Self.clip("\($0)/flite_slt", 16_384) })
    let other = try Self.mels(digits.map { try Self.clip("\($0)/flite_kal16", 16_384) })
    let noise = try Self.mels(
      digits.indices.map { index in
        randomNumbers(16_384, seed: UInt64(index)).map { 0.2 * $0 }
      })
    let silence = try Self.mels([[Float](repeating: 0, count: 16_384)])
    let near = try voice.meanNearestDistance(to: other, workers: workers)
    #expect(near > 0)
    for far in [noise, silence] {
      #expect(try far.meanNearestDistance(to: other, workers: workers) > 1.3 * near)
    }
    #expect(try voice.meanNearestDistance(to: voice, workers: workers) == 0)
    #expect(try voice.meanNearestDistanceToOthers(workers: workers) > 0.5 * near)
  }

  private static func mels(_ sounds: [[Float]]) throws -> Features {
    var mels = try MelSpectrogram(frameLength: 2_048)
    var values: [Float] = []
    for sound in sounds { values += mels.logarithms(of: sound.span) }
    return try Features(values, dimension: 128 * 128)
  }

  // MARK: - Consistency

  /// Double precision, except for the values stored in float32.
  @Test func consistencyIsTheReferences() throws {
    let golden = try Golden("scores")
    let spectrogram = try golden.floats("consistency/spectrogram")
    let found = try SpectralConsistency().correlation(logMagnitudes: spectrogram)
    #expect(try abs(found - Double(golden.floats("consistency/hann")[0])) < 1e-6)
  }

  /// With a Gaussian window and small steps, the log-magnitudes of real clips are nearly
  /// consistent; random magnitudes are less so, and so are frames in another order.
  @Test func soundsAreConsistentAndOtherNumbersAreNot() throws {
    var configuration = SpectrogramConfiguration()
    (configuration.frameLength, configuration.frameStep) = (512, 32)
    configuration.window = .gaussian
    let consistency = SpectralConsistency(configuration)
    for clip in ["one/flite_slt", "seven/flite_kal16"] {
      let real = try Self.spectrogram(clip, configuration)
      let found = try consistency.correlation(logMagnitudes: real)
      #expect(found > 0.5 && found <= 1)
      let noise = zip(real, randomNumbers(real.count, seed: 1)).map { $0.0 + $0.1 }
      let mixed = Self.reordered(real, bins: configuration.binCount)
      for other in [noise, mixed] {
        let rough = try consistency.correlation(logMagnitudes: other)
        #expect(rough < 0.75 * found, "\(rough), \(found)")
      }
    }
  }

  /// The same holds for the frames of networks. A generator that has learned only the mean and
  /// deviation of each bin has a consistency, which is lower.
  @Test func noiseIsLessConsistentInPublishedFrames() throws {
    let (consistency, configuration) = (SpectralConsistency(), SpectrogramConfiguration())
    for clip in ["one/flite_slt", "seven/flite_kal16"] {
      let real = try Self.spectrogram(clip, configuration)
      let bins = configuration.binCount
      let levels = (0..<bins).map { bin in
        MeanAndDeviation(of: stride(from: bin, to: real.count, by: bins).map { Double(real[$0]) })
      }
      let noise = randomNumbers(real.count, seed: 7).enumerated().map { place, number in
        Float(levels[place % bins].mean) + 2 * number * Float(levels[place % bins].deviation)
      }
      let found = try consistency.correlation(logMagnitudes: real)
      let rough = try consistency.correlation(logMagnitudes: noise)
      #expect(rough < 0.75 * found, "\(rough), \(found)")
    }
  }

  private static func spectrogram(
    _ name: String, _ configuration: SpectrogramConfiguration
  ) throws -> [Float] {
    let samples = try clip(name, 8_192)
    var stft = try STFT(configuration)
    return stft.logMagnitudes(of: samples.span)
  }

  /// Returns the frames in another order.
  private static func reordered(_ spectrogram: [Float], bins: Int) -> [Float] {
    let count = spectrogram.count / bins
    return (0..<count).flatMap { frame in
      let other = frame * 37 % count
      return spectrogram[other * bins..<(other + 1) * bins]
    }
  }

  /// A louder clip has the same consistency, and the Nyquist bin may be missing.
  @Test func loudnessDoesNotMatter() throws {
    let consistency = SpectralConsistency()
    let spectrogram = try Golden("scores").floats("consistency/spectrogram")
    let found = try consistency.correlation(logMagnitudes: spectrogram)
    let louder = try consistency.correlation(logMagnitudes: spectrogram.map { $0 + 2 })
    #expect(abs(louder - found) < 1e-4)
    let cut = spectrogram.enumerated().filter { $0.offset % 129 < 128 }.map(\.element)
    #expect(try abs(consistency.correlation(logMagnitudes: cut, binCount: 128) - found) < 0.05)
  }

  @Test func whatHasNoCurvatureIsNamed() throws {
    let consistency = SpectralConsistency()
    func error(_ values: [Float]) -> SpecGANError? {
      do throws(SpecGANError) {
        _ = try consistency.correlation(logMagnitudes: values)
        return nil
      } catch { return error }
    }
    let flat = [Float](repeating: -3, count: 129 * 10)
    #expect(error(flat) == .constant(what: "curvatures of the spectrogram"))
    #expect(error([]) == .tooFew(what: "bins with neighbors", found: 0, needed: 3))
    #expect(error(Array(flat.prefix(258)))?.description.contains("with neighbors") == true)
    #expect(error([.nan] + flat.dropFirst()) == .notFinite(what: "log-magnitudes", row: 0))
  }

  // MARK: - Sounds

  private static func clip(_ name: String, _ length: Int) throws -> [Float] {
    try PCM16.clip("digits/\(name).wav", length: length)
  }
}
