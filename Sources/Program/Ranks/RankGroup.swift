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
  /// The variables by which launchers give the number of ranks.
  private static let sizes = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"]

  /// Joins the other ranks; nil if no launcher has started several processes.
  ///
  /// A rank that cannot reach another one, or does not hear from it for `patience` s, calls
  /// `report`, and ends all ranks with `status`.
  ///
  /// - Throws: ``SpecGANError`` if MPI cannot be started, or the program was built without it.
  package static func ranks(
    endingWith status: Int32, patience: Double, report: @escaping (SpecGANError) -> Void
  ) throws(SpecGANError) -> (any RankGroup)? {
    let environment = ProcessInfo.processInfo.environment
    let found = sizes.lazy.compactMap { name in
      environment[name].flatMap(Int.init).map { (name: name, size: $0) }
    }.first
    guard let (variable, size) = found, size > 1 else { return nil }
    #if MPI
      let channel = try MessageChannel(endingWith: status, patience: patience, report: report)
      guard channel.size == size else {
        channel.end()
        throw .otherLauncher(ranks: size, found: channel.size, variable)
      }
      return MPIRanks(channel)
    #else
      throw .builtWithoutMPI(ranks: size, variable)
    #endif
  }
}
