import Foundation
import Models
import Networks
import TestSupport
import Testing

/// Instructions are counted, not timed, so that a noisy machine says the same as a quiet one.
///
/// Valgrind stands in for a processor with AVX2, whatever this one is. A change of the compiler may move the
/// counts a little; a kernel that has lost its vectors or its registers doubles them.
@Suite struct InstructionCountTests {
  @Test(
    .enabled(if: OutsideTools.isWanted("valgrind"), "it needs valgrind (apt-get install valgrind)"))
  func aStepsHotKernelsTakeAsManyInstructionsAsTheyDid() throws {
    try withTemporaryFolder { folder in
      let workshop = try Workshop(folder)
      let counts = try counts(workshop)
      let products = try #require(counts["products_avx2"])
      // A tile of 6 rows by 2 vectors of 8 takes 2 loads, 6 spreads, 12 products with sums and 3 more for 96
      // multiplications: 0.24 each, and then some for zeros, edges and stores. It was 0.285.
      let perProduct = Double(products) / Double(multiplyAdds)
      #expect(perProduct < 0.31, "\(perProduct) instructions a multiplication")
      // Packing the kernel for the transposed products was 0.034 of that.
      let packing = counts.filter { $0.key.hasPrefix("specgan_transpose") }.values.reduce(0, +)
      #expect(packing > 0)
      let share = Double(packing) / Double(products)
      #expect(share < 0.045, "packing takes \(share) of the products' instructions")
    }
  }

  /// What one step with one example and one critic update asks for, by the definition.
  private var multiplyAdds: Int {
    var network = NetworkConfiguration()
    network.dimension = 16
    let gan = GAN.specGAN(network)
    let critic = gan.critic.network
    let (ends, whole) = (critic.layers[0].multiplyAdds, critic.multiplyAdds)
    let generator = gan.generator
    let update = (3 + 3 + 1 + 3) * whole - 2 * ends + generator.multiplyAdds
    let generatorUpdate =
      2 * whole + 3 * generator.multiplyAdds - generator.layers[0].multiplyAdds
    return update + generatorUpdate
  }

  /// Instructions by function of one step.
  private func counts(_ workshop: Workshop) throws -> [String: Int] {
    let folder = workshop.folder
    // Valgrind need not understand what the compiler tells debuggers.
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
