package import SpecGANErrors

/// An encoder of clips of one or two channels into the pictures that a network is trained on, and a
/// decoder: a ``SpectrogramCodec`` for each channel, with that channel's own moments.
///
/// A picture is `[frames, bands − 1, channels]`, interleaved. Each channel equals the picture of
/// its own codec, bit for bit. Decoding reconstructs the phases of both channels
/// together; see ``Inverter/invert(channels:length:clip:)``.
package struct PictureCodec: Sendable {
  /// The largest number of channels.
  package static let largestChannelCount = 2

  /// The codec of each channel.
  package let channels: [SpectrogramCodec]
  /// The settings of the spectrograms.
  package var configuration: SpectrogramConfiguration { channels[0].configuration }
  /// The number of bins of a normalized frame: all but the Nyquist bin.
  package var normalizedBinCount: Int { channels[0].normalizedBinCount }

  /// Creates a codec of as many channels as there are `moments`, one or two.
  ///
  /// - Parameters:
  ///   - configuration: the settings of the spectrograms.
  ///   - moments: the moments of each channel.
  ///   - inversion: the settings of phase reconstruction.
  ///   - seed: the seed of the random phases; see ``Inverter``.
  /// - Throws: ``SpecGANError`` if a setting is out of range, or the moments have another number of
  ///   bins.
  package init(
    configuration: SpectrogramConfiguration, moments: [Moments],
    inversion: InversionConfiguration = .init(), seed: UInt64 = 0
  ) throws(SpecGANError) {
    require(
      1...Self.largestChannelCount ~= moments.count, "moments of \(moments.count) channels")
    channels = try moments.map { (moments) throws(SpecGANError) in
      try SpectrogramCodec(
        configuration: configuration, moments: moments, inversion: inversion, seed: seed)
    }
  }
}

// MARK: - To a picture

extension PictureCodec {
  /// Returns the picture of `clip`, `[length, channels]`.
  ///
  /// - Throws: ``SpecGANError`` if the transform cannot be planned.
  package func encode(_ clip: Span<Float>) throws(SpecGANError) -> [Float] {
    var pictures: [[Float]] = []
    for (index, codec) in channels.enumerated() {
      let channel = clip.channel(index, of: channels.count)
      pictures.append(try codec.encode(channel.span))
    }
    return pictures.interleaved
  }

  /// Normalizes the log-magnitudes of `clips` clips, `[clips, channels, frames, bins]`, or without
  /// the Nyquist bin `[clips, channels, frames, bins − 1]`, into the pictures `normalized`.
  ///
  /// - Precondition: both have the same number of frames.
  package func normalize(
    logMagnitudes: Span<Float>, clips: Int = 1, withoutNyquist: Bool = false,
    into normalized: inout MutableSpan<Float>
  ) {
    let count = channels.count
    if count == 1 {
      return normalize(0, logMagnitudes, withoutNyquist: withoutNyquist, into: &normalized)
    }
    let (size, pictureSize) = (logMagnitudes.count / clips / count, normalized.count / clips)
    var picture = [Float](repeating: 0, count: pictureSize / count)
    for clip in 0..<clips {
      for index in 0..<count {
        let first = (clip * count + index) * size
        var elements = picture.mutableSpan
        normalize(
          index, logMagnitudes.extracting(first..<first + size), withoutNyquist: withoutNyquist,
          into: &elements)
        for place in picture.indices {
          normalized[clip * pictureSize + place * count + index] = picture[place]
        }
      }
    }
  }

  /// Normalizes the log-magnitudes of channel `index`.
  private func normalize(
    _ index: Int, _ logMagnitudes: Span<Float>, withoutNyquist: Bool,
    into normalized: inout MutableSpan<Float>
  ) {
    if withoutNyquist {
      channels[index].normalize(withoutNyquist: logMagnitudes, into: &normalized)
    } else {
      channels[index].normalize(logMagnitudes: logMagnitudes, into: &normalized)
    }
  }
}

// MARK: - From a picture

extension PictureCodec {
  /// Decodes `picture` into the magnitudes of each channel, and a clip with these magnitudes,
  /// `[length, channels]`.
  ///
  /// - Parameters:
  ///   - picture: the elements, `[frames, bins − 1, channels]`.
  ///   - clip: the index of the clip, which determines random phases.
  /// - Returns: the magnitudes and the samples.
  /// - Throws: ``SpecGANError`` if an element is not finite or its magnitude overflows.
  package func decode(
    _ picture: Span<Float>, clip: UInt32 = 0
  ) throws(SpecGANError) -> (magnitudes: [MagnitudeSpectrogram], samples: [Float]) {
    let magnitudes = magnitudes(of: picture)
    let samples = try channels[0].inverter.invert(channels: magnitudes, clip: clip)
    return (magnitudes, samples.interleaved)
  }

  /// Returns the linear magnitudes of each channel of `picture`; see
  /// ``SpectrogramCodec/magnitudes(of:)``.
  package func magnitudes(of picture: Span<Float>) -> [MagnitudeSpectrogram] {
    if channels.count == 1 { return [channels[0].magnitudes(of: picture)] }
    return channels.enumerated().map { index, codec in
      let channel = picture.channel(index, of: channels.count)
      return codec.magnitudes(of: channel.span)
    }
  }
}

// MARK: - Channels

extension Span<Float> {
  /// Returns channel `index` of `count` whose elements alternate.
  package func channel(_ index: Int, of count: Int) -> [Float] {
    require(
      index < count && self.count.isMultiple(of: count),
      "\(self.count) elements have no channel \(index) of \(count)")
    return (0..<self.count / count).map { self[$0 * count + index] }
  }
}

extension [[Float]] {
  /// The elements of the channels, all of the same length, in turn.
  package var interleaved: [Float] {
    if count == 1 { return self[0] }
    var elements: [Float] = []
    let length = first?.count ?? 0
    elements.reserveCapacity(count * length)
    for place in 0..<length {
      for channel in self { elements.append(channel[place]) }
    }
    return elements
  }
}

extension [MagnitudeSpectrogram] {
  /// The root mean square of the magnitudes over the channels; it does not depend on the phase
  /// between them.
  ///
  /// - Precondition: there is at least one, and all have as many frames and bins.
  package var rootMeanSquare: MagnitudeSpectrogram {
    if count == 1 { return self[0] }
    let values = self[0].values.indices.map { place in
      let sum = reduce(0.0) { $0 + Double($1.values[place]) * Double($1.values[place]) }
      return Float((sum / Double(count)).squareRoot())
    }
    return MagnitudeSpectrogram(
      frameCount: self[0].frameCount, binCount: self[0].binCount, values: values,
      framing: self[0].framing)
  }
}
