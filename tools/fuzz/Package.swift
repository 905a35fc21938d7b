// swift-tools-version: 6.2
import PackageDescription

// Fuzzers, built by tools/fuzz/decoding and tools/fuzz/safetensors: they need a sanitizer's flags,
// which a package cannot set, and the name of specgan's package, because the laws they check are
// about declarations with package access. Hence they have no package name of their own.
let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "specgan", path: "../..")],
  targets: [
    .systemLibrary(name: "CFuzzer"),
    .target(name: "Fuzzing", dependencies: ["CFuzzer"]),
    .executableTarget(
      name: "FuzzDecoding",
      dependencies: ["CFuzzer", "Fuzzing", .product(name: "Waveforms", package: "specgan")],
      packageAccess: false),
    .executableTarget(
      name: "FuzzSafetensors",
      dependencies: ["CFuzzer", "Fuzzing", .product(name: "Safetensors", package: "specgan")],
      packageAccess: false),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [.enableUpcomingFeature("InternalImportsByDefault")]
}
