import SpecGANWorkers
import Testing

@Suite struct AvailableMemoryTests {
  /// Processes share what is free; a limit is that of each process.
  @Test(
    arguments: [
      (AvailableMemory(free: 800, limit: nil), 4, 200),
      (AvailableMemory(free: 800, limit: 150), 4, 150),
      (AvailableMemory(free: 800, limit: 300), 4, 200),
      (AvailableMemory(free: nil, limit: 300), 4, 300),
      (AvailableMemory(free: nil, limit: nil), 4, nil),
      (AvailableMemory(free: 800, limit: nil), 1, 800),
    ] as [(AvailableMemory, Int, Int?)])
  func processesShareTheMachine(_ memory: AvailableMemory, _ processes: Int, _ share: Int?) {
    #expect(memory.share(of: processes) == share)
  }

  @Test func thisMachineHasMemory() throws {
    #expect(try #require(AvailableMemory().free) > 1 << 20)
  }
}
