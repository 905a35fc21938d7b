import Foundation
import Networks
import SpecGANModels
import SpecGANTestSupport
import Testing

/// Instructions are counted instead of timed, so that the result does not depend on the load of the
/// machine.
///
/// Valgrind emulates a processor with AVX2. A change of the compiler may change the counts a
/// little; a kernel that is no longer vectorized or spills its registers doubles them.
@Suite struct InstructionCountTests {
  @Test(.valgrind) func aStepsHotKernelsTakeAsManyInstructionsAsTheyDid() throws {
    try withTemporaryFolder { folder in
      let workshop = try Workshop(folder)
      let counts = try counts(workshop)
      func share(_ names: String...) throws -> Double {
        let found = counts.filter { name, _ in names.contains { name.hasPrefix($0) } }
        try #require(!found.isEmpty, "no function is called \(names)")
        return Double(found.values.reduce(0, +)) / Double(multiplyAdds)
      }
      // A tile of 6 rows by 2 vectors of 8 takes 2 loads, 6 broadcasts, 12 multiply-adds and 3 more
      // instructions for 96 multiplications: 0.24 each. Half of the definition's multiplications
      // remain, and some instructions for zeros, edges and stores. It was 0.175.
      let products = try share("products_avx2")
      #expect(products < 0.19, "\(products) instructions a multiplication")
      // The Winograd transforms of inputs, outputs and kernels took 0.034.
      let transforms = try share("three_by", "two_by")
      #expect(transforms < 0.04, "\(transforms) instructions a multiplication")
      // Packing the kernel for the transposed products of a single example took 0.019.
      let packing = try share("specgan_transpose")
      #expect(packing < 0.025, "\(packing) instructions a multiplication")
    }
  }

  /// The multiplications of one step with one example and one critic update, by the definition.
  private var multiplyAdds: Int {
    var network = NetworkConfiguration()
    network.dimension = 16
    let gan = GAN.specGAN(network)
    let critic = gan.critic
    let (ends, whole) = (critic.layers[0].multiplyAdds, critic.multiplyAdds)
    let generator = gan.generator
    let update = (3 + 3 + 1 + 3) * whole - 2 * ends + generator.multiplyAdds
    let generatorUpdate =
      2 * whole + 3 * generator.multiplyAdds - generator.layers[0].multiplyAdds
    return update + generatorUpdate
  }

  /// Returns the instructions of one step by function.
  private func counts(_ workshop: Workshop) throws -> [String: Int] {
    let folder = workshop.folder
    // Valgrind may not understand the compiler's debug information.
    try run("strip", "--strip-debug", "-o", folder.path("stripped"), Program.path, in: folder)
    let settings = ["network.dimension=16", "training.batch_size=1", "training.critic_updates=1"]
    try run(
      "valgrind", "--tool=callgrind", "--callgrind-out-file=counts", "./stripped", "train",
      "tiny.yaml", "--steps", "1", "--threads", "1", and: settings.map { ["--set", $0] }, in: folder
    )
    let report = try run("callgrind_annotate", "counts", in: folder)
    var counts: [String: Int] = [:]
    for line in report.split(separator: "\n") {
      // 246,271,346 (25.18%)  ???:products_avx2 [program]
      guard let match = line.wholeMatch(of: /\s*([0-9,]+) \(.*%\)\s+[^:]*:(\S+) \[.*\]/) else {
        continue
      }
      counts[String(match.2)] = Int(match.1.replacing(",", with: ""))
    }
    return counts
  }

  @discardableResult
  private func run(
    _ arguments: String..., and more: [[String]] = [], in folder: TemporaryFolder
  ) throws -> String {
    let result = try RunningProgram("/usr/bin/env", arguments + more.flatMap(\.self), in: folder)
      .wait()
    try #require(result.status == 0, "\(arguments.joined(separator: " ")): \(result.messages)")
    return result.output
  }
}
