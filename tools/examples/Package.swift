// swift-tools-version: 6.2
import PackageDescription

// Programs that use the libraries as any other package does. Outside this repository the
// dependency is `.package(url: …)`.
let package = Package(
  name: "examples",
  dependencies: [.package(name: "specgan", path: "../..")],
  targets: [
    example("picture", product: "SpecGAN"),
    example("network", product: "Networks"),
    example("sounds", product: "SpecGAN"),
  ])

func example(_ name: String, product: String) -> Target {
  .executableTarget(name: name, dependencies: [.product(name: product, package: "specgan")])
}
