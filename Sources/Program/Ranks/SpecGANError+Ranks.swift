package import SpecGANErrors

extension SpecGANError {
  /// Whether every rank throws this error.
  package var isOfAllRanks: Bool { code == "ranks.odd" }

  /// Whether usually every rank throws this error. If only some machines have another program, only
  /// their ranks do.
  package var isUsuallyOfAllRanks: Bool {
    ["ranks.builtWithoutMPI", "ranks.otherLauncher", "ranks.oneProcess"].contains(code)
  }

  /// MPI cannot be started.
  static func noMPI() -> SpecGANError {
    SpecGANError(
      .unreachable, "ranks.noMPI", "MPI cannot be started",
      advice: "start the program with mpirun or srun of the MPI that it was built with.")
  }

  /// MPI has not started within `seconds` s.
  static func slowStart(seconds: Int) -> SpecGANError {
    SpecGANError(
      .unreachable, "ranks.slowStart", "MPI has not started within \(seconds) s",
      advice: "check that all machines have the same program, and the network between them.")
  }

  /// MPI has not ended within `seconds` s.
  static func slowEnd(seconds: Int) -> SpecGANError {
    SpecGANError(
      .unreachable, "ranks.slowEnd", "MPI has not ended within \(seconds) s",
      advice: "all files of the run are written; check the network between the machines.")
  }

  /// Rank `rank` cannot be reached.
  static func lostRank(_ rank: Int) -> SpecGANError {
    SpecGANError(
      .unreachable, "ranks.lostRank", "rank \(rank) cannot be reached",
      advice: "check its machine and the network, then resume the run.")
  }

  /// Rank `rank` has sent nothing for `seconds` s.
  static func silentRank(_ rank: Int, seconds: Int) -> SpecGANError {
    SpecGANError(
      .unreachable, "ranks.silentRank", "rank \(rank) has not answered for \(seconds) s",
      advice: "look for its process and its machine, then resume the run.")
  }

  /// Ranks cannot take part in a run; `objections` has a reason for each, empty for those that can.
  package static func absentRanks(_ objections: [String]) -> SpecGANError {
    let reasons = objections.enumerated().filter { !$0.element.isEmpty }
      .map { "rank \($0.offset): \($0.element)" }
    return SpecGANError(
      .unreachable, "ranks.absentRanks", "\(reasons.joined(separator: "; "))",
      advice: "all ranks need the same program, command and cache.")
  }

  /// The number of ranks is no power of two.
  static func oddRanks(_ ranks: Int) -> SpecGANError {
    SpecGANError(
      .badSetting, "ranks.odd", "the number of ranks is \(ranks)", advice: "use a power of two.")
  }

  /// The number of ranks does not divide that of the shards.
  package static func unevenRanks(_ ranks: Int, shards: Int) -> SpecGANError {
    SpecGANError(
      .badSetting, "ranks.uneven",
      "training.shards is \(shards), and the number of ranks is \(ranks)",
      advice: "use at least as many shards as ranks, at least \(ranks).",
      key: "training.shards")
  }

  /// A launcher has started the program, which was built without MPI; `variable` says so.
  static func builtWithoutMPI(ranks: Int, _ variable: String) -> SpecGANError {
    SpecGANError(
      .misuse, "ranks.builtWithoutMPI", "this is one of \(ranks) ranks, but the program has no MPI",
      advice:
        "build it with swift build -c release --traits MPI, or unset \(variable) to train alone.")
  }

  /// A launcher has started `ranks` processes, of which MPI knows `found`; `variable` says so.
  static func otherLauncher(ranks: Int, found: Int, _ variable: String) -> SpecGANError {
    SpecGANError(
      .misuse, "ranks.otherLauncher", "this is one of \(ranks) ranks, but MPI finds \(found)",
      advice:
        "start them with the launcher of the MPI that the program was built with, or unset \(variable) to train alone."
    )
  }

  /// A launcher has started `ranks` processes for work of a single one; `variable` says so.
  static func oneProcess(ranks: Int, _ variable: String) -> SpecGANError {
    SpecGANError(
      .misuse, "ranks.oneProcess", "this is one of \(ranks) ranks, but only train uses several",
      advice: "start this command without mpirun or srun, or unset \(variable).")
  }

  /// The system refuses the thread that sends heartbeats.
  static func noHeartbeat() -> SpecGANError {
    SpecGANError(
      .noMemory, "ranks.noHeartbeat", "the thread of heartbeats cannot be started",
      advice: "raise the limit of processes (ulimit -u), or end other programs.")
  }
}
