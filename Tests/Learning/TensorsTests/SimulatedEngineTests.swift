import SpecGANTensors
import SpecGANWorkers
import Synchronization
import Testing

@Suite struct SimulatedEngineTests {
  /// The tasks of a pass belong to it, and all others to what is outside of passes.
  @Test func tasksAreAttributedToTheirPasses() {
    let recorder = TaskRecorder()
    let engine = Engine(simulating: 16, recorder: recorder)
    engine.reserveScratch(each: 3, shared: 2)
    #expect(engine.threads == 16 && engine.taskGoal == 64)
    engine.run(tasks: 9) { _, _ in }
    let timer = PassTimer(recorder: recorder)
    let done = Mutex(0..<0)
    for kind in [PassTimer.Kind.forward, .backward, .forward] {
      engine.run(tasks: 2) { _, _ in }
      timer.time("layer", kind, multiplyAdds: 1) {
        engine.run(over: 0..<10, by: 3) { examples, scratch in
          #expect(scratch.count == 3)
          done.withLock { $0 = min($0.lowerBound, examples.lowerBound)..<examples.upperBound }
        }
        engine.run(tasks: 1) { _, _ in }
      }
    }
    engine.run(tasks: 7) { _, _ in }
    #expect(done.withLock { $0 } == 0..<10)
    let entries = timer.entries
    #expect(entries.map(\.kind) == [.forward, .backward])
    #expect(entries[0].tasks.runs.map(\.count) == [4, 1, 4, 1])
    #expect(entries[1].tasks.runs.map(\.count) == [4, 1])
    let outside = timer.tasksOutsidePasses()
    #expect(outside.runs.map(\.count) == [2, 2, 2, 7])
    #expect(timer.tasksOutsidePasses().taskCount == 13)
  }

  @Test func withoutARecorderNothingIsRecorded() {
    let timer = PassTimer()
    timer.time("layer", .forward, multiplyAdds: 1) {}
    #expect(timer.entries[0].tasks == TaskCosts())
    #expect(timer.tasksOutsidePasses() == TaskCosts())
  }
}
