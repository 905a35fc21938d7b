import SpecGANErrors
import SpecGANRanks
import Testing

@Suite struct LauncherTests {
  /// No launcher starts the tests.
  @Test func aProcessAloneHasNoRanks() throws {
    #expect(try Launcher.ranks(endingWith: 75, patience: 60) { _ in } == nil)
    #expect(Launcher.index == 0)
    try Launcher.refuseRanks()
  }

  @Test func launchersAreKnownByTheirVariables() {
    let openMPI = ["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3"]
    let mpich = ["PMI_SIZE": "2", "PMI_RANK": "0"]
    let slurm = ["SLURM_STEP_NUM_TASKS": "8", "SLURM_PROCID": "5"]
    let worlds = [openMPI, mpich, slurm].map(Launcher.world)
    #expect(worlds.map { $0?.size } == [4, 2, 8])
    #expect(worlds.map { $0?.index } == [3, 0, 5])
    #expect(worlds.map { $0?.variable } == [openMPI, mpich, slurm].map { $0.keys.sorted().last })
    #expect(Launcher.world(in: [:]) == nil)
    #expect(Launcher.world(in: ["SLURM_NTASKS": "8"]) == nil)
  }

  /// `mpirun -np 1` within a step of Slurm with four tasks starts one process.
  @Test func theInnerLauncherCounts() {
    let slurm = ["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "1"]
    let alone = ["OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0"]
    #expect(Launcher.world(in: slurm.merging(alone) { $1 }) == nil)
    // A variable that an outer shell has left.
    #expect(Launcher.world(in: slurm.merging(["PMI_SIZE": "1"]) { $1 })?.size == 4)
  }
}
