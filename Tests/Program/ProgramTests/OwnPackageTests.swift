import Foundation
import SpecGANTestSupport
import Testing

/// A package of somebody else's, outside the tree, that leans on one library alone.
@Suite(.slow) struct OwnPackageTests {
  @Test(.timeLimit(.minutes(30))) func spectraIsOfUseWithoutTheRest() throws {
    try withTemporaryFolder { folder in
      let sources = folder.path("Sources/peak")
      try FileManager.default.createDirectory(atPath: sources, withIntermediateDirectories: true)
      try folder.write(Array(Self.manifest.utf8), as: "Package.swift")
      try folder.write(Array(Self.program.utf8), as: "Sources/peak/main.swift")
      let build = ["build", "-c", "release", "--package-path", ".", "--scratch-path", "build"]
      let built = try RunningProgram("/usr/bin/env", ["swift"] + build, in: folder).wait()
      #expect(built.status == 0, "\(built.output)\(built.messages)")
      let result = try RunningProgram(folder.path("build/release/peak"), [], in: folder).wait()
      #expect(result.output == "128 frames of 129 bins, peak in bin 32\n", "\(result.messages)")
    }
  }

  /// A dependency by path is known by its folder's name.
  private static let manifest = """
    // swift-tools-version: 6.2
    import PackageDescription

    let package = Package(
      name: "peak",
      dependencies: [.package(path: "\(Fixtures.repository)")],
      targets: [
        .executableTarget(
          name: "peak",
          dependencies: [
            .product(
              name: "Spectra",
              package: "\(URL(filePath: Fixtures.repository).lastPathComponent)")
          ])
      ])

    """

  /// A sine of 2 kHz at 16 kHz: an eighth of the way round, so a quarter of the way to Nyquist's bin 128.
  private static let program = """
    import Foundation
    import Spectra

    let sine = (0..<16_384).map { Float(sin(2 * Double.pi * 2000 * Double($0) / 16_000)) }
    var stft = try STFT()
    let spectrogram = stft.magnitudes(of: sine.span)
    let frame = spectrogram.values[50 * spectrogram.binCount..<51 * spectrogram.binCount]
    let peak = frame.indices.max { frame[$0] < frame[$1] }! - frame.startIndex
    print(
      "\\(spectrogram.frameCount) frames of \\(spectrogram.binCount) bins, peak in bin \\(peak)")

    """
}
