internal import Files
internal import Pictures
public import Spectra
public import Waveforms

/// Writes sounds to a folder, with pictures beside them if asked to.
public struct SoundWriter: Sendable {
  /// The folder, which is made where it is missing.
  public let folder: String
  /// How samples are stored.
  public let format: SampleFormat
  /// Whether each sound has a picture of its spectrogram beside it.
  public let withPictures: Bool
  /// The sounds written, in order.
  public private(set) var files: [String] = []
  /// Samples beyond ±1, which 16 bits cannot hold.
  public private(set) var clippedSamples = 0
  private var overview: [Picture] = []

  /// The name of the sheet that shows the first sounds together.
  public static let overviewStem = "overview"
  private static let overviewCount = 16
  private static let overviewColumns = 4

  /// A writer to `folder`.
  ///
  /// - Throws: ``TrainingError/file(_:)`` where the folder cannot be made.
  public init(
    folder: String, format: SampleFormat, withPictures: Bool
  ) throws(TrainingError) {
    self.folder = folder
    self.format = format
    self.withPictures = withPictures
    do { try Folder.create(folder) } catch { throw .file(error) }
  }

  /// Writes `waveform` as `stem.wav` and, with pictures, what was wanted of it and what it has, side by
  /// side, as `stem.png`; without `wanted`, what it has alone.
  ///
  /// - Throws: ``TrainingError`` where one of them cannot be written.
  public mutating func write(
    _ waveform: Waveform, wanted: MagnitudeSpectrogram?, _ spectrogram: SpectrogramConfiguration,
    stem: String
  ) throws(TrainingError) {
    do {
      clippedSamples += try AudioFile.write(
        waveform, to: "\(folder)/\(stem).wav", format: format)
    } catch {
      throw .audio(error)
    }
    files.append("\(folder)/\(stem).wav")
    guard withPictures else { return }
    let reached = try Self.magnitudes(of: waveform, spectrogram, framing: wanted?.framing)
    let spectrograms = [wanted, reached].compactMap(\.self)
    let pictures = spectrograms.map { Picture(decibels: $0, mostColumns: 1024) }
    try write(Picture.sideBySide([pictures]), stem: stem)
    if overview.count < Self.overviewCount {
      let small = spectrograms.map { Picture(decibels: $0, mostColumns: 128) }
      overview.append(Picture.sideBySide([small], gap: 2))
    }
  }

  /// Writes the sheet of the first pictures, where there are several.
  ///
  /// - Throws: ``TrainingError`` where it cannot be written.
  public func finish() throws(TrainingError) {
    guard overview.count > 1 else { return }
    let rows = stride(from: 0, to: overview.count, by: Self.overviewColumns).map {
      Array(overview[$0..<min($0 + Self.overviewColumns, overview.count)])
    }
    try write(Picture.sideBySide(rows, gap: 12), stem: Self.overviewStem)
  }

  /// How many sounds were written.
  public var soundCount: Int { files.count }

  /// What was written, for people.
  public var summary: String {
    let clipped = clippedSamples == 0 ? "" : ", \(clippedSamples) samples clipped"
    return "\(folder): \(soundCount) sounds\(withPictures ? " with pictures" : "")\(clipped)."
  }

  private func write(_ picture: Picture, stem: String) throws(TrainingError) {
    do { try picture.write(to: "\(folder)/\(stem).png") } catch { throw .picture(error) }
  }

  /// The magnitudes that `waveform`, mixed down, has in the frames of `spectrogram`.
  static func magnitudes(
    of waveform: Waveform, _ spectrogram: SpectrogramConfiguration, framing: Framing?
  ) throws(TrainingError) -> MagnitudeSpectrogram {
    do {
      var stft = try STFT(spectrogram)
      let samples = try waveform.mixed(to: 1).samples
      return stft.magnitudes(of: samples.span, framing: framing ?? .published)
    } catch let error as SpectraError {
      throw .spectra(error)
    } catch {
      preconditionFailure("any waveform mixes down to one channel: \(error)")
    }
  }
}
