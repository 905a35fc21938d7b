// swift-tools-version: 6.2
import PackageDescription

// MARK: - Walls: one target per C library, a module map and a header, nothing else

let walls: [Target] = [
  wall("CFFTW", package: "libfftw3-dev"),
  wall("CSndfile", package: "libsndfile1-dev"),
  wall("CSoxr", package: "libsoxr-dev"),
  wall("CPNG", package: "libpng-dev"),
  wall("CZlib", package: "zlib1g-dev"),
  wall("CLinux", package: "libc6-dev"),
]

// MARK: - Loops in C, for the processor's own vectors

let kernels = Target.target(name: "CKernels")

// MARK: - Libraries, in the order the data flows

let libraries: [Target] = [
  .target(name: "Files", dependencies: ["CZlib", "CLinux", "CKernels"]),
  .target(name: "Workers"),
  .target(name: "Randomness"),
  .target(
    name: "Waveforms", dependencies: ["Files", "CSndfile", "CSoxr", "CLinux", "CKernels"]),
  .target(
    name: "Spectra",
    dependencies: [
      "Randomness", "Workers", "CFFTW", "CKernels", complexNumbers, realNumbers,
    ]),
  .target(name: "Pictures", dependencies: ["Files", "CPNG"]),
  .target(name: "ProtocolBuffers"),
  .target(name: "TensorBoard", dependencies: ["Files", "ProtocolBuffers"]),
  .target(name: "Pages"),
  .target(name: "Tensors", dependencies: ["Files", "Workers", "CKernels"]),
  .target(name: "Networks", dependencies: ["Tensors", "Workers", "Randomness", "CKernels"]),
  .target(name: "Models", dependencies: ["Networks", "Tensors", "Workers", "Randomness"]),
  .target(
    name: "Datasets",
    dependencies: [
      "Files", "Workers", "Randomness", "Waveforms", "Spectra", "Tensors", "CLinux",
    ]),
  .target(
    name: "Training",
    dependencies: [
      "Files", "Workers", "Randomness", "Waveforms", "Spectra", "Tensors", "Networks", "Models",
      "Datasets", "Pictures", "Pages", "TensorBoard", "CKernels", realNumbers, yaml,
    ]),
  .target(
    name: "Evaluation",
    dependencies: [
      "Files", "Workers", "Randomness", "Waveforms", "Spectra", "Pictures", "Pages", "Tensors",
      "Networks", "Models", "Datasets", "Training", "CKernels", realNumbers,
    ]),
  .target(
    name: "ONNX",
    dependencies: [
      "Files", "ProtocolBuffers", "Tensors", "Networks", "Models", "Spectra", "Waveforms",
      "Training",
    ]),
]

// MARK: - The program

let program = Target.executableTarget(
  name: "specgan",
  dependencies: libraries.map { .target(name: $0.name) } + ["CLinux", commandLine, realNumbers])

// MARK: - Tests

let testSupport = Target.target(
  name: "TestSupport", dependencies: ["Randomness", "Tensors", "Waveforms"],
  path: "Tests/TestSupport")

let tests: [Target] =
  libraries.map { library in
    .testTarget(
      name: library.name + "Tests",
      dependencies: library.dependencies
        + [.target(name: library.name), "TestSupport", "specgan"])
  } + [
    .testTarget(
      name: "ProgramTests",
      dependencies: libraries.map { .target(name: $0.name) } + ["specgan", "TestSupport"])
  ]

let package = Package(
  name: "specgan",
  products: [.executable(name: "specgan", targets: ["specgan"])]
    + libraries.map { .library(name: $0.name, targets: [$0.name]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: walls + [kernels] + libraries + [program, testSupport] + tests,
  swiftLanguageModes: [.v6]
)

// MARK: - Settings shared by every Swift target

/// Warnings are errors only where `SPECGAN_STRICT` is set: the next compiler's deprecations must not
/// break a user's first build.
let isStrict = Context.environment["SPECGAN_STRICT"] != nil

for target in package.targets where target.type != .system && target.name != kernels.name {
  target.swiftSettings = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
  if isStrict { target.swiftSettings?.append(.treatAllWarnings(as: .error)) }
}
if isStrict { kernels.cSettings = [.treatAllWarnings(as: .error)] }

// MARK: - Vocabulary

var complexNumbers: Target.Dependency { .product(name: "ComplexModule", package: "swift-numerics") }
var realNumbers: Target.Dependency { .product(name: "RealModule", package: "swift-numerics") }
var commandLine: Target.Dependency {
  .product(name: "ArgumentParser", package: "swift-argument-parser")
}
var yaml: Target.Dependency { .product(name: "Yams", package: "Yams") }

/// A system library that Debian's `package` provides; its module map does the linking.
func wall(_ name: String, package: String) -> Target {
  .systemLibrary(name: name, providers: [.apt([package])])
}
