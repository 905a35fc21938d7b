import Files
import Pictures
import RealModule
import Spectra
import Waveforms

/// Writes sounds to a folder, with pictures beside them if asked to.
struct SoundWriter {
  let folder: String
  let format: SampleFormat
  let withPictures: Bool
  /// The sounds written, in order.
  private(set) var files: [String] = []
  private(set) var clippedSamples = 0
  private var overview: [Picture] = []

  /// The name of the sheet that shows the first sounds together.
  static let overviewStem = "overview"
  private static let overviewCount = 16
  private static let overviewColumns = 4

  init(folder: String, format: SampleFormat, withPictures: Bool) throws {
    self.folder = folder
    self.format = format
    self.withPictures = withPictures
    try Folder.create(folder)
  }

  /// Writes `waveform` as `stem.wav` and, with pictures, what was wanted of it and what it has, side by
  /// side, as `stem.png`; without `wanted`, what it has alone.
  mutating func write(
    _ waveform: Waveform, wanted: MagnitudeSpectrogram?, _ spectrogram: SpectrogramConfiguration,
    stem: String
  ) throws {
    clippedSamples += try AudioFile.write(
      waveform, to: "\(folder)/\(stem).wav", format: format)
    files.append("\(folder)/\(stem).wav")
    guard withPictures else { return }
    var stft = try STFT(spectrogram)
    let samples = try waveform.mixed(to: 1).samples
    let reached = stft.magnitudes(of: samples.span, framing: wanted?.framing ?? .published)
    let spectrograms = [wanted, reached].compactMap(\.self)
    try Picture.sideBySide([spectrograms.map { Picture(decibels: $0, mostColumns: 1024) }])
      .write(to: "\(folder)/\(stem).png")
    if overview.count < Self.overviewCount {
      let small = spectrograms.map { Picture(decibels: $0, mostColumns: 128) }
      overview.append(Picture.sideBySide([small], gap: 2))
    }
  }

  /// Writes the sheet of the first pictures, where there are several.
  func finish() throws {
    guard overview.count > 1 else { return }
    let rows = stride(from: 0, to: overview.count, by: Self.overviewColumns).map {
      Array(overview[$0..<min($0 + Self.overviewColumns, overview.count)])
    }
    try Picture.sideBySide(rows, gap: 12).write(to: "\(folder)/\(Self.overviewStem).png")
  }

  /// How many sounds were written.
  var soundCount: Int { files.count }

  /// What was written, for people.
  var summary: String {
    let clipped = clippedSamples == 0 ? "" : ", \(clippedSamples) samples clipped"
    return "\(folder): \(soundCount) sounds\(withPictures ? " with pictures" : "")\(clipped)."
  }
}

extension Picture {
  /// What 80 dB below the spectrum of a full-scale sine under a Hann window of 256, and that, become.
  private static let decibels: ClosedRange<Float> = -44...36

  /// A spectrogram in decibels, on one scale for all.
  ///
  /// Where it has more frames than `mostColumns`, a column shows the loudest of several.
  init(decibels magnitude: MagnitudeSpectrogram, mostColumns: Int) {
    let bins = magnitude.binCount
    let framesPerColumn = (magnitude.frameCount - 1) / mostColumns + 1
    let columns = (magnitude.frameCount - 1) / framesPerColumn + 1
    var loudest = [Float](repeating: 0, count: columns * bins)
    for frame in 0..<magnitude.frameCount {
      let column = frame / framesPerColumn
      for bin in 0..<bins {
        loudest[column * bins + bin] = max(
          loudest[column * bins + bin], magnitude.values[frame * bins + bin])
      }
    }
    self.init(
      spectrogram: loudest.map { 20 * .log10(max($0, 1e-12)) }, frames: columns, bins: bins,
      range: Self.decibels)
  }
}
