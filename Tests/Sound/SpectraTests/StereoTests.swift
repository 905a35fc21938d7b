import Foundation
import SpecGANTestSupport
import SpecGANWorkers
import Spectra
import Testing

/// Pictures of two channels, and the image that their inversion keeps.
@Suite struct StereoTests {
  private func moments(_ channels: [[Float]]) throws -> [Moments] {
    try channels.map { samples in
      var stft = try STFT()
      var accumulator = MomentsAccumulator(binCount: 129)
      accumulator.add(logMagnitudes: stft.logMagnitudes(of: samples).span)
      return try accumulator.moments
    }
  }

  /// A source in a room: each channel has its own level, and its own seeded reflections within
  /// 3 ms.
  private static func inRoom(
    _ source: [Float], level: Float, reflections: Float = 0.15, seed: UInt64
  ) -> [[Float]] {
    [1, level].enumerated().map { channel, direct in
      let chances = randomNumbers(48, seed: seed + UInt64(channel))
      let response = (0..<48).map { tap in
        tap == 0
          ? direct : tap < 8 ? 0 : reflections * direct * chances[tap] * exp(-Float(tap) / 16)
      }
      return source.indices.map { place in
        response.indices.reduce(Float(0)) { sum, tap in
          place < tap ? sum : sum + response[tap] * source[place - tap]
        }
      }
    }
  }

  /// A burst of noise, whose phases nothing but their common start can make equal.
  private static func burst(seed: UInt64) -> [Float] {
    randomNumbers(16_384, seed: seed).enumerated().map {
      0.3 * $0.element * exp(-Float($0.offset) / 4_000)
    }
  }

  private func correlation(_ channels: [[Float]]) -> Double {
    func product(_ first: [Float], _ second: [Float]) -> Double {
      zip(first, second).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let (left, right) = (channels[0], channels[1])
    return product(left, right) / (product(left, left) * product(right, right)).squareRoot()
  }

  private func level(_ channels: [[Float]]) -> Double {
    let energies = channels.map { $0.reduce(0.0) { $0 + Double($1) * Double($1) } }
    return 10 * log10(energies[0] / energies[1])
  }

  /// The picture of a stereo clip has those of its channels, and so have the magnitudes.
  @Test func equalChannelsStayEqual() throws {
    var stft = try STFT()
    let magnitude = stft.magnitudes(of: randomNumbers(4_096, seed: 21))
    let inverter = try Inverter()
    let channels = try inverter.invert(channels: [magnitude, magnitude])
    #expect(channels[0] == channels[1])
    #expect(try channels[0] == inverter.invert(magnitude))
  }

  /// The norms of a clip's convergence are those of both channels: silence adds nothing to them.
  @Test func aSilentChannelDoesNotCount() throws {
    var stft = try STFT()
    let clip = randomNumbers(4_096, seed: 22)
    let magnitude = stft.magnitudes(of: clip)
    let silence = stft.magnitudes(of: [Float](repeating: 0, count: 4_096))
    let noise = randomNumbers(4_096, seed: 23)
    let both = try spectralConvergence(
      of: [noise, [Float](repeating: 0, count: 4_096)], to: [magnitude, silence],
      configuration: .init())
    #expect(try both == spectralConvergence(of: noise, to: magnitude))
  }

  @Test func channelsAreEncodedAsMono() throws {
    let channels = try [slice(4), slice(0)]
    let moments = try moments([channels[1], channels[0]])
    let both = try PictureCodec(configuration: .init(), moments: moments)
    let ones = try moments.map { try SpectrogramCodec(configuration: .init(), moments: $0) }
    let clip = channels.interleaved
    let picture = try both.encode(clip.span)
    let pictures = try zip(ones, channels).map { try $0.encode($1.span) }
    #expect(picture == pictures.interleaved && picture.count == 128 * 128 * 2)
    let magnitudes = both.magnitudes(of: picture.span)
    #expect(magnitudes == zip(ones, pictures).map { $0.magnitudes(of: $1.span) })
    // Without the Nyquist bin, and several clips at once.
    var stft = try STFT()
    let rows = channels.flatMap { samples in
      stft.logMagnitudes(of: samples).enumerated().filter { $0.offset % 129 != 128 }.map(\.element)
    }
    var twice = [Float](repeating: .nan, count: 2 * picture.count)
    var elements = twice.mutableSpan
    both.normalize(
      logMagnitudes: (rows + rows).span, clips: 2, withoutNyquist: true, into: &elements)
    #expect(twice == picture + picture)
  }

  @Test func oneChannelIsThatOfTheMonoCodec() throws {
    let samples = try slice(3)
    let moments = try moments([samples])
    let one = try SpectrogramCodec(configuration: .init(), moments: moments[0], seed: 4)
    let codec = try PictureCodec(configuration: .init(), moments: moments, seed: 4)
    let picture = try codec.encode(samples.span)
    #expect(try picture == one.encode(samples.span))
    let (magnitudes, decoded) = try codec.decode(picture.span, clip: 2)
    let expected = try one.decode(picture.span, clip: 2)
    #expect(magnitudes == [expected.magnitudes] && decoded == expected.samples)
  }

  @Test func aRootMeanSquareIsOfEachBin() throws {
    func spectrogram(_ values: [Float]) -> MagnitudeSpectrogram {
      MagnitudeSpectrogram(frameCount: 1, binCount: 2, values: values, framing: .published)
    }
    let (first, second) = (spectrogram([3, 1e30]), spectrogram([4, 1e30]))
    let root = Float(12.5).squareRoot()
    #expect([first, second].rootMeanSquare == spectrogram([root, 1e30]))
    #expect([first].rootMeanSquare == first)
  }

  /// Both channels have their magnitudes; that of the louder one, on either side, has the bits of
  /// its inversion alone.
  @Test(arguments: InversionMethod.allCases) func theLouderChannelIsInvertedAlone(
    _ method: InversionMethod
  ) throws {
    let channels = Self.inRoom(try slice(5), level: 0.4, seed: 1)
    let targets = try channels.map { try magnitudes($0, .published) }
    let inverter = try inverter(method, 32, seed: 3)
    let alone = try inverter.invert(targets[0], clip: 7)
    let found = try inverter.invert(channels: targets, clip: 7)
    let swapped = try inverter.invert(channels: targets.reversed(), clip: 7)
    #expect(found[0] == alone && swapped == found.reversed())
    let least = [.reference, .pghi].contains(method) ? -5.0 : -12
    #expect(try spectralConvergence(of: found[1], to: targets[1]) < least, "\(method)")
    let one = try inverter.invert(channels: [targets[0]], clip: 7)
    #expect(one == [alone])
  }

  /// A correlation of signals is that of their coefficients, `Σ S S′ cos(φ − φ′)` over the norms,
  /// except for the share of the error by which both miss the magnitudes. It is largest if all
  /// phases are equal. So an inversion with common phases misses the true correlation by at most
  /// the difference of this bound from it, and by twice both errors.
  @Test(arguments: [(0.8, 0.15), (0.5, 0.15), (0.5, 0.3)] as [(level: Float, reflections: Float)])
  func theImageIsKept(_ room: (level: Float, reflections: Float)) throws {
    let channels = Self.inRoom(
      Self.burst(seed: 2), level: room.level, reflections: room.reflections, seed: 4)
    let targets = try channels.map { try magnitudes($0, .centered) }
    let products = zip(targets[0].values, targets[1].values).reduce(0.0) {
      $0 + Double($1.0) * Double($1.1)
    }
    let energies = targets.map { $0.values.reduce(0.0) { $0 + Double($1) * Double($1) } }
    let bound = products / (energies[0] * energies[1]).squareRoot()
    let original = correlation(channels)
    let inverter = try inverter(.best, 200)
    let found = try inverter.invert(channels: targets, length: 16_384)
    let errors = try zip(found, targets).map {
      try pow(10, spectralConvergence(of: $0, to: $1) / 20)
    }
    let tolerance = bound - original + 2 * (errors[0] + errors[1])
    #expect(tolerance < 0.2, "the bound says something")
    #expect(abs(correlation(found) - original) <= tolerance)
    #expect(abs(level(found) - level(channels)) < 0.5)
    let alone = try targets.map { try inverter.invert($0, length: 16_384) }
    #expect(abs(correlation(alone) - original) > tolerance, "each alone has its own phases")
  }

  /// A sound on one side only, or different sounds on both, has no phase to share.
  @Test func channelsWithNothingInCommonAreInvertedToo() throws {
    let silence = [Float](repeating: 0, count: 16_384)
    let inverter = try inverter(.best, 60)
    for channels in [[try slice(4), silence], [silence, try slice(4)], [silence, silence]] {
      let targets = try channels.map { try magnitudes($0, .published) }
      let found = try inverter.invert(channels: targets)
      for (index, target) in targets.enumerated() {
        #expect(try found[index] == inverter.invert(target), "channel \(index)")
      }
    }
    // A high and a low sound, one after the other.
    let half = silence.prefix(8_192)
    let first = try slice(4).prefix(8_192) + half
    let second = try half + slice(6).prefix(8_192)
    let targets = try [first, second].map { try magnitudes(Array($0), .published) }
    let found = try inverter.invert(channels: targets)
    for (samples, target) in zip(found, targets) {
      #expect(try spectralConvergence(of: samples, to: target) < -15)
    }
  }

  /// Law 1, with the plans and the memory of another clip in between.
  @Test func bitsDoNotDependOnThreads() throws {
    let targets = try (0..<6).map { index in
      try Self.inRoom(slice(index), level: 0.5, seed: 8).map { try magnitudes($0, .published) }
    }
    let inverter = try inverter(.fast, 16)
    let results = [1, 2].map { threads in
      Workers(count: threads).map(targets.count) { index, _ in
        try? inverter.invert(channels: targets[index], clip: UInt32(index))
      }
    }
    #expect(results[0] == results[1] && results[0].allSatisfy { $0 != nil })
  }
}
