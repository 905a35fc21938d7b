internal import Foundation
package import SpecGANErrors
package import SpecGANTraining

/// The processes that a launcher such as `mpirun` has started, as members of a run.
package protocol RankGroup: Members {
  /// Returns the texts of all ranks, in order.
  func gather(_ text: String) -> [String]
  /// Ends the connection; all ranks call it.
  func leave()
}

/// The launcher of this process.
package enum Launcher {
  /// The variables by which launchers give the number of ranks, and the index of this one.
  private static let variables = [
    (size: "OMPI_COMM_WORLD_SIZE", index: "OMPI_COMM_WORLD_RANK"),
    (size: "PMI_SIZE", index: "PMI_RANK"), (size: "SLURM_STEP_NUM_TASKS", index: "SLURM_PROCID"),
  ]

  /// The ranks that a launcher has started.
  package struct World: Equatable, Sendable {
    /// The variable that gives the number of ranks.
    package let variable: String
    /// The number of ranks.
    package let size: Int
    /// The index of this rank, from 0.
    package let index: Int
  }

  /// Returns the ranks that `environment` describes; nil if a launcher has started one process, or
  /// there is none.
  ///
  /// Open MPI's `mpirun` may start one process within a step of Slurm. The other variables may be
  /// left from an outer shell of one process, and then do not count.
  package static func world(in environment: [String: String]) -> World? {
    func number(_ name: String) -> Int? { environment[name].flatMap(Int.init) }
    for (place, names) in variables.enumerated() {
      guard let size = number(names.size) else { continue }
      if size > 1 {
        return World(variable: names.size, size: size, index: number(names.index) ?? 0)
      }
      if place == 0 { return nil }
    }
    return nil
  }

  private static var world: World? { world(in: ProcessInfo.processInfo.environment) }

  /// The index of this process among those of the launcher, from 0.
  package static var index: Int { world?.index ?? 0 }

  /// Refuses several processes, for work of a single one.
  ///
  /// - Throws: ``SpecGANError`` if a launcher has started several.
  package static func refuseRanks() throws(SpecGANError) {
    if let world { throw .oneProcess(ranks: world.size, world.variable) }
  }

  /// Joins the other ranks; nil if no launcher has started several processes.
  ///
  /// A rank that cannot reach another one, or does not hear from it for `patience` s, calls
  /// `report`, and ends all ranks with `status`.
  ///
  /// - Throws: ``SpecGANError`` if the program has no MPI or cannot start it, or the number
  ///   of ranks is not a power of two.
  package static func ranks(
    endingWith status: Int32, patience: Double,
    report: @escaping @Sendable (SpecGANError) -> Void
  ) throws(SpecGANError) -> (any RankGroup)? {
    guard let world else { return nil }
    let (variable, size) = (world.variable, world.size)
    #if MPI
      let channel = try MessageChannel(endingWith: status, patience: patience, report: report)
      guard channel.size == size, size.nonzeroBitCount == 1 else {
        channel.end()
        if channel.size == size { throw .oddRanks(size) }
        throw .otherLauncher(ranks: size, found: channel.size, variable)
      }
      return MPIRanks(channel)
    #else
      throw .builtWithoutMPI(ranks: size, variable)
    #endif
  }
}
