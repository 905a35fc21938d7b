// swift-tools-version: 6.2
import PackageDescription

/// A folder below `Sources` and `Tests`; imports point to the same floor or to a lower one.
enum Floor: String {
  case base = "Base"
  case sound = "Sound"
  case learning = "Learning"
  case program = "Program"
}

// MARK: - C: a wall for each C library (a module map and a header, nothing else), and our own loops

let walls: [Target] = [
  wall("CFFTW", package: "libfftw3-dev"),
  wall("CSndfile", package: "libsndfile1-dev"),
  wall("CSoxr", package: "libsoxr-dev"),
  wall("CPNG", package: "libpng-dev"),
  wall("CZlib", package: "zlib1g-dev"),
  wall("CLinux", package: "libc6-dev"),
]
/// Only for the trait MPI.
let mpi = wall("CMPI", package: "libopenmpi-dev", configuration: "mpi")
let kernels = Target.target(name: targetName("CKernels"), path: "Sources/C/CKernels")
/// Error messages of a program that cannot continue; only the program links them.
let fatalErrors = Target.target(name: targetName("CFatalErrors"), path: "Sources/C/CFatalErrors")
/// The commit that was built.
let version = Target.target(name: targetName("CVersion"), path: "Sources/C/CVersion")

// MARK: - Rooms: Swift targets on four floors, in the order of their imports

let base: [Target] = [
  room("Errors", on: .base),
  room("Checksums", on: .base, uses: ["CZlib", "CKernels"]),
  room("Files", on: .base, uses: ["Errors", "Checksums", "CLinux"]),
  room("Workers", on: .base, uses: ["Errors", "CLinux"]),
  room("Randomness", on: .base, uses: ["Errors"], packages: [realNumbers]),
  room("WireFormat", on: .base),
]

let sound: [Target] = [
  room(
    "Waveforms", on: .sound,
    uses: [
      "Errors", "Checksums", "Files", "Randomness", "CSndfile", "CSoxr", "CLinux", "CKernels",
    ]),
  room(
    "Spectra", on: .sound, uses: ["Errors", "Randomness", "Workers", "CFFTW", "CKernels"],
    packages: [complexNumbers, realNumbers]),
  room("Pictures", on: .sound, uses: ["Errors", "Files", "CPNG"]),
  room("Pages", on: .sound, uses: ["Errors"]),
  room("TensorBoard", on: .sound, uses: ["Errors", "Files", "Checksums", "WireFormat"]),
]

let learning: [Target] = [
  room("Tensors", on: .learning, uses: ["Errors", "Workers"]),
  room("Safetensors", on: .learning, uses: ["Errors", "Files", "Checksums", "Tensors"]),
  room("Convolutions", on: .learning, uses: ["Errors", "Tensors", "CKernels"]),
  room(
    "Networks", on: .learning,
    uses: ["Errors", "Tensors", "Convolutions", "Workers", "Randomness", "CKernels"]),
  room(
    "Models", on: .learning,
    uses: ["Errors", "Networks", "Convolutions", "Tensors", "Randomness", "CKernels"]),
  room(
    "Datasets", on: .learning,
    uses: [
      "Errors", "Files", "Checksums", "Workers", "Randomness", "Waveforms", "Spectra", "Tensors",
      "Safetensors", "CLinux",
    ]),
  room(
    "Training", on: .learning,
    uses: [
      "Errors", "Checksums", "Workers", "Randomness", "Spectra", "Tensors", "Networks", "Models",
      "Datasets", "CKernels",
    ]),
]

let program: [Target] = [
  room(
    "Settings", on: .program,
    uses: [
      "Errors", "Files", "Waveforms", "Spectra", "Networks", "Models", "Datasets", "Training",
    ], packages: [yaml]),
  room(
    "Runs", on: .program,
    uses: [
      "Errors", "Files", "Checksums", "Waveforms", "Spectra", "Pictures", "Tensors",
      "Safetensors", "Networks", "Models", "Datasets", "Training", "Settings", "CVersion",
    ]),
  room(
    "Synthesis", on: .program,
    uses: [
      "Errors", "Checksums", "Files", "Workers", "Randomness", "Waveforms", "Spectra", "Pictures",
      "Tensors",
      "Safetensors", "Networks", "Models", "Datasets", "Training", "Settings", "Runs",
    ], packages: [realNumbers]),
  room(
    "Reports", on: .program,
    uses: [
      "Errors", "Checksums", "Files", "Waveforms", "Spectra", "Pictures", "Pages", "Networks",
      "Models", "Datasets", "Training", "Settings", "Runs", "Synthesis",
    ], packages: [realNumbers]),
  room(
    "Sessions", on: .program,
    uses: [
      "Errors", "Files", "Workers", "Randomness", "Waveforms", "Spectra", "Pictures",
      "TensorBoard", "Tensors", "Safetensors", "Networks", "Models", "Datasets", "Training",
      "Settings", "Runs", "Synthesis", "Reports",
    ], packages: [realNumbers]),
  room(
    "Scores", on: .program,
    uses: ["Errors", "Workers", "Randomness", "CKernels"], packages: [realNumbers]),
  room(
    "Exploration", on: .program,
    uses: [
      "Errors", "Files", "Workers", "Randomness", "Waveforms", "Spectra", "Tensors", "Safetensors",
      "Networks", "Models", "Datasets", "Settings", "Runs", "Synthesis", "Scores",
    ], packages: [complexNumbers, realNumbers]),
  room(
    "Kits", on: .program,
    uses: [
      "Errors", "Checksums", "Files", "Waveforms", "Spectra", "Tensors", "Safetensors", "Models",
      "Runs", "Synthesis", "Exploration",
    ], packages: [realNumbers]),
  room(
    "Studio", on: .program,
    uses: [
      "Errors", "Files", "Workers", "Waveforms", "Spectra", "Tensors", "Models", "Settings", "Runs",
      "Synthesis", "Scores", "Exploration", "Kits",
    ], packages: [realNumbers]),
  room(
    "Classification", on: .program,
    uses: [
      "Errors", "Workers", "Randomness", "Waveforms", "Spectra", "Tensors", "Safetensors",
      "Networks", "Models", "Datasets", "Scores",
    ], packages: [realNumbers]),
  room(
    "Evaluation", on: .program,
    uses: [
      "Errors", "Files", "Workers", "Randomness", "Waveforms", "Spectra", "Pictures", "Pages",
      "Tensors", "Safetensors", "Models", "Datasets", "Training", "Settings", "Runs",
      "Synthesis", "Reports", "Scores", "Classification",
    ], packages: [realNumbers]),
  room(
    "ONNX", on: .program,
    uses: [
      "Errors", "Files", "WireFormat", "Tensors", "Convolutions", "Networks", "Models", "Spectra",
      "Waveforms",
      "Settings", "Runs",
    ]),
  room(
    "Benchmarks", on: .program,
    uses: [
      "Errors", "Workers", "Randomness", "Spectra", "Tensors", "Networks", "Models", "Datasets",
      "Training",
      "Settings", "CKernels",
    ]),
  room(
    "Ranks", on: .program,
    uses: [
      "Errors", "Workers", "CKernels", "Tensors", "Networks", "Datasets", "Training", "Settings",
      "Runs",
    ],
    packages: [.target(name: mpi.name, condition: .when(traits: ["MPI"]))]),
  room(
    "SpecGAN", on: .program,
    uses: [
      "Errors", "Workers", "Waveforms", "Spectra", "Pictures", "Tensors", "Models", "Datasets",
      "Settings", "Runs", "Synthesis", "Sessions",
    ]),
]

let rooms = base + sound + learning + program

let specgan = Target.executableTarget(
  name: "SpecGANProgram",
  dependencies: rooms.map { .target(name: $0.name) }
    + [
      .target(name: targetName("CLinux")), .target(name: fatalErrors.name), commandLine,
      realNumbers,
    ],
  path: "Sources/Program/specgan")

// MARK: - Tests: on the same floors; each may use the rooms of its own floor and of those below

/// Counts heap blocks; in place of the C library's allocation, so for tests alone.
let allocationCounter = Target.target(
  name: "CSpecGANAllocationCounter", path: "Tests/AllocationCounter")

let testSupport: [Target] = [
  .target(
    name: "SpecGANTestSupport",
    dependencies: ["SpecGANRandomness", "SpecGANTensors", "Networks", "Safetensors", "Waveforms"],
    path: "Tests/TestSupport"),
  .target(
    name: "SpecGANRunSupport",
    dependencies: rooms.map { .target(name: $0.name) } + ["SpecGANTestSupport"],
    path: "Tests/Program/RunSupport"),
]

var usable = walls + [kernels, allocationCounter, testSupport[0]]
var tests: [Target] = []
for (floor, rooms) in [(Floor.base, base), (.sound, sound), (.learning, learning)] {
  usable += rooms
  tests += rooms.map { testsOf($0, on: floor, using: usable) }
}
usable += program + [specgan, testSupport[1]]
// The umbrella is tested by ProgramTests, through a package of its own.
tests += program.filter { $0.name != "SpecGAN" }.map { testsOf($0, on: .program, using: usable) }
tests.append(testTarget("ProgramTests", on: .program, using: usable))

// MARK: - Package

let package = Package(
  name: "specgan",
  products: [
    .executable(name: "specgan", targets: [specgan.name]),
    product("Waveforms"), product("Spectra"), product("Safetensors"), product("Networks"),
    product("Scores"), product("SpecGAN"),
  ],
  traits: [
    .trait(name: "MPI", description: "Training by several processes; needs Open MPI or MPICH.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: walls + [mpi, kernels, fatalErrors, version] + rooms + [specgan] + [allocationCounter]
    + testSupport
    + tests,
  swiftLanguageModes: [.v6]
)

// MARK: - Settings shared by every Swift target

/// Warnings are errors only if `SPECGAN_STRICT` is set: the next compiler's deprecations must not
/// break a user's first build.
let isStrict = Context.environment["SPECGAN_STRICT"] != nil

for target in package.targets
where target.type != .system
  && ![kernels.name, fatalErrors.name, allocationCounter.name].contains(target.name)
{
  target.swiftSettings = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
  if isStrict { target.swiftSettings?.append(.treatAllWarnings(as: .error)) }
}
if isStrict {
  kernels.cSettings = [.treatAllWarnings(as: .error)]
  fatalErrors.cSettings = [.treatAllWarnings(as: .error)]
  version.cxxSettings = [.treatAllWarnings(as: .error)]
}

// MARK: - Vocabulary

var complexNumbers: Target.Dependency { .product(name: "ComplexModule", package: "swift-numerics") }
var realNumbers: Target.Dependency { .product(name: "RealModule", package: "swift-numerics") }
var commandLine: Target.Dependency {
  .product(name: "ArgumentParser", package: "swift-argument-parser")
}
var yaml: Target.Dependency { .product(name: "Yams", package: "Yams") }

/// The library of one room that other packages may depend on.
func product(_ room: String) -> Product { .library(name: room, targets: [targetName(room)]) }

/// A Swift target in its own folder.
func room(
  _ name: String, on floor: Floor, uses rooms: [String] = [],
  packages: [Target.Dependency] = []
) -> Target {
  .target(
    name: targetName(name),
    dependencies: rooms.map { .target(name: targetName($0)) } + packages,
    path: "Sources/\(floor.rawValue)/\(name)")
}

/// The tests of `room`.
func testsOf(_ room: Target, on floor: Floor, using rooms: [Target]) -> Target {
  let name = room.name.hasPrefix("SpecGAN") ? String(room.name.dropFirst(7)) : room.name
  return testTarget(name + "Tests", on: floor, using: rooms)
}

/// Tests in their own folder.
func testTarget(_ name: String, on floor: Floor, using rooms: [Target]) -> Target {
  .testTarget(
    name: name, dependencies: rooms.map { .target(name: $0.name) },
    path: "Tests/\(floor.rawValue)/\(name)")
}

/// A system library that Debian's `package` provides; its module map does the linking.
///
/// `configuration` is its name for pkg-config, which then does the linking and finds the headers.
func wall(_ name: String, package: String, configuration: String? = nil) -> Target {
  .systemLibrary(
    name: targetName(name), path: "Sources/C/\(name)", pkgConfig: configuration,
    providers: [.apt([package])])
}

/// The target in the folder `room`: a name that no other package of a user's has.
func targetName(_ room: String) -> String {
  let products = ["Waveforms", "Spectra", "Safetensors", "Networks", "Scores", "SpecGAN"]
  if products.contains(room) { return room }
  let isC = room.hasPrefix("C") && room.dropFirst().first?.isUppercase == true
  return isC ? "CSpecGAN" + room.dropFirst() : "SpecGAN" + room
}
