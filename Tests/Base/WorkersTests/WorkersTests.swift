import Foundation
import SpecGANWorkers
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(15))) struct WorkersTests {
  @Test(arguments: 1...4, [0, 1, 2, 3, 7, 40_000]) func everyTaskRunsOnce(
    _ count: Int, _ tasks: Int
  ) {
    let runs = Mutex([Int](repeating: 0, count: tasks))
    Workers(count: count).run(tasks: tasks) { task, _ in runs.withLock { $0[task] += 1 } }
    #expect(runs.withLock { $0 } == [Int](repeating: 1, count: tasks))
  }

  @Test(arguments: 1...4) func aWorkerDoesOneTaskAtATime(_ count: Int) {
    let busy = Mutex([Bool](repeating: false, count: count))
    let collisions = Atomic(0)
    Workers(count: count).run(tasks: 400) { task, worker in
      let wasBusy = busy.withLock { busy in
        defer { busy[worker] = true }
        return busy[worker]
      }
      if wasBusy { collisions.add(1, ordering: .relaxed) }
      Thread.sleep(forTimeInterval: task % 10 == 0 ? 1e-4 : 0)
      busy.withLock { $0[worker] = false }
    }
    #expect(collisions.load(ordering: .relaxed) == 0)
  }

  /// Two tasks that wait for each other can only finish if they run at the same time.
  @Test func tasksRunAtTheSameTime() {
    let arrived = Atomic(0)
    Workers(count: 2).run(tasks: 2) { _, _ in
      arrived.add(1, ordering: .sequentiallyConsistent)
      while arrived.load(ordering: .sequentiallyConsistent) < 2 {
        Thread.sleep(forTimeInterval: 1e-4)
      }
    }
    #expect(arrived.load(ordering: .relaxed) == 2)
  }

  @Test(arguments: 1...4) func resultsDoNotDependOnTheCount(_ count: Int) {
    let results = Workers(count: count).map(257) { index, _ in sin(Double(index)) / 3 }
    #expect(results == (0..<257).map { sin(Double($0)) / 3 })
  }

  @Test(arguments: 1...4, [0, 1, 2, 7, 100, 1001]) func rangesMakeUpTheWholeAndShrink(
    _ count: Int, _ whole: Int
  ) {
    for longest in [1, 8, 2000] {
      let ranges = Workers(count: count).map(rangesOf: whole, longest: longest) { range, _ in range
      }
      #expect(ranges.flatMap { Array($0) } == Array(0..<whole))
      let lengths = ranges.map(\.count)
      #expect(lengths.allSatisfy { (1...longest).contains($0) })
      #expect(zip(lengths, lengths.dropFirst()).allSatisfy { $0 >= $1 })
      // So nobody waits long for the last.
      #expect((lengths.last ?? 1) == 1)
      // None takes more than its worker's share of what is left.
      for range in ranges where range.count > 1 {
        #expect(range.count * count <= whole - range.lowerBound)
      }
    }
  }

  @Test func rangesOfNothingTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = Workers(count: 1).map(rangesOf: 1, longest: 0) { range, _ in range }
    }
  }

  @Test func aTeamServesTenThousandRounds() {
    let team = Workers(count: 3)
    let sum = Atomic(0)
    for round in 0..<10_000 {
      team.run(tasks: round % 5) { task, _ in sum.add(task + 1, ordering: .relaxed) }
    }
    #expect(sum.load(ordering: .relaxed) == 2_000 * (0 + 1 + 3 + 6 + 10))
  }

  @Test func callersFromSeveralThreadsWaitForEachOther() async {
    let team = Workers(count: 2)
    let tally = Tally()
    await withTaskGroup(of: Void.self) { group in
      for caller in 1...4 {
        group.addTask {
          for _ in 0..<200 { team.run(tasks: 3) { _, _ in tally.count(for: caller) } }
        }
      }
    }
    #expect(tally.overlaps.load(ordering: .relaxed) == 0)
    #expect(tally.tasks.load(ordering: .relaxed) == 4 * 200 * 3)
  }

  @Test func aDroppedTeamEndsItsThreads() async throws {
    for _ in 0..<100 { Workers(count: 4).run(tasks: 4) { _, _ in } }
    let most = 200
    func threadCount() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    }
    let end = ContinuousClock.now + .seconds(60)
    while try threadCount() > most && ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(5))
    }
    // Other tests have some threads; the teams had 300 and more.
    #expect(try threadCount() <= most)
  }

  @Test func anEmptyTeamTraps() async {
    await #expect(processExitsWith: .failure) { _ = Workers(count: 0) }
  }
}

/// Counts tasks, three of one caller after three of another.
private final class Tally: Sendable {
  let tasks = Atomic(0)
  let overlaps = Atomic(0)
  private let owner = Mutex((caller: 0, tasks: 0))

  func count(for caller: Int) {
    tasks.add(1, ordering: .relaxed)
    owner.withLock { owner in
      if owner.tasks == 0 { owner.caller = caller }
      if owner.caller != caller { overlaps.add(1, ordering: .relaxed) }
      owner.tasks = (owner.tasks + 1) % 3
    }
  }
}
