// swift-tools-version: 6.2
import PackageDescription

// Fuzzers, built by tools/fuzz-decoding: they need a sanitizer's flags, which a package cannot carry itself.
let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "specgan", path: "../..")],
  targets: [
    .systemLibrary(name: "CFuzzer"),
    .executableTarget(
      name: "FuzzDecoding",
      dependencies: ["CFuzzer", .product(name: "Waveforms", package: "specgan")],
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]),
  ],
  swiftLanguageModes: [.v6]
)
