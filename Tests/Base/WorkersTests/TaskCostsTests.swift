import SpecGANWorkers
import Testing

@Suite struct TaskCostsTests {
  /// Costs that binary fractions add up exactly, of no regular order.
  private static func costs(_ count: Int, seed: Int) -> [Double] {
    (0..<count).map { Double(($0 * $0 * 7 + $0 * 13 + seed * 29) % 31) / 8 }
  }

  @Test func oneThreadTakesTheSumAndManyTheLongestTask() {
    let costs = Self.costs(20, seed: 1)
    #expect(TaskCosts.makespan(of: costs, threads: 1) == costs.reduce(0, +))
    #expect(TaskCosts.makespan(of: costs, threads: 20) == costs.max())
    #expect(TaskCosts.makespan(of: [], threads: 4) == 0)
  }

  /// Tasks start in order, each on the thread that is free first.
  @Test(arguments: 1...9) func everyTaskStartsOnTheFirstFreeThread(_ seed: Int) {
    for (count, threads) in [(1, 3), (7, 3), (50, 4), (400, 17), (400, 64)] {
      let costs = Self.costs(count, seed: seed)
      var times = [Double](repeating: 0, count: threads)
      for cost in costs {
        times.sort()
        times[0] += cost
      }
      #expect(TaskCosts.makespan(of: costs, threads: threads) == times.max())
    }
  }

  @Test(arguments: 1...9) func theTimeIsWithinItsBounds(_ seed: Int) {
    let costs = Self.costs(7, seed: seed)
    var before = Double.infinity
    for threads in 1...4 {
      let time = TaskCosts.makespan(of: costs, threads: threads)
      let best = Self.best(costs[...], [Double](repeating: 0, count: threads))
      #expect(time >= best && best >= costs.reduce(0, +) / Double(threads))
      #expect(time <= (2 - 1 / Double(threads)) * best + 1e-9)
      #expect(time <= before, "more threads take no longer")
      before = time
    }
  }

  /// Graham's example: the one long task comes last.
  @Test(arguments: 2...6) func theBoundIsReached(_ threads: Int) {
    let short = [Double](repeating: 1, count: threads * (threads - 1))
    let time = TaskCosts.makespan(of: short + [Double(threads)], threads: threads)
    #expect(time == Double(2 * threads - 1))
  }

  /// Returns the least time of all distributions of `costs` to threads that are busy until `times`.
  private static func best(_ costs: ArraySlice<Double>, _ times: [Double]) -> Double {
    guard let cost = costs.first else { return times.max() ?? 0 }
    return times.indices.map { thread in
      var times = times
      times[thread] += cost
      return best(costs.dropFirst(), times)
    }.min() ?? 0
  }

  @Test func runsAndTheWorkBetweenThemFollowEachOther() {
    var costs = TaskCosts(runs: [[4, 2, 1, 1], []], serial: 3)
    costs.add(TaskCosts(runs: [[8]], serial: 0.5))
    #expect(costs.cpu == 19.5 && costs.taskCount == 5 && costs.longestTask == 8)
    #expect(costs.seconds(threads: 1) == 19.5)
    let awakened = TaskCosts.secondsToWakeAThread
    #expect(abs(costs.seconds(threads: 2) - (3.5 + 4 + 8 + awakened)) < 1e-12)
    #expect(abs(costs.seconds(threads: 64) - (3.5 + 4 + 8 + 3 * awakened)) < 1e-12)
    #expect(costs.tasksOfWorstRun(threads: 64) == 1)
    #expect(TaskCosts().tasksOfWorstRun(threads: 2) == 0 && TaskCosts().longestTask == 0)
  }

  @Test func aSimulatedPoolRecordsItsTasks() {
    let recorder = TaskRecorder()
    let pool = Workers(simulating: 64, recorder: recorder)
    #expect(pool.count == 64)
    let numbers = pool.map(5) { index, worker in worker == 0 ? index : -1 }
    #expect(numbers == [0, 1, 2, 3, 4])
    for tasks in [0, 1, 3] {
      pool.run(tasks: tasks) { task, _ in Self.compute(200_000 * (task + 1)) }
    }
    Self.compute(2_000_000)
    let costs = recorder.take()
    #expect(costs.runs.map(\.count) == [5, 1, 3])
    #expect(costs.runs.allSatisfy { $0.allSatisfy { $0 >= 0 } })
    // Ten times the work of the first task, by the CPU time of this thread alone.
    #expect(costs.serial > costs.runs[1][0] && costs.runs[2][2] > costs.runs[2][0])
    #expect(recorder.take().runs.isEmpty)
  }

  /// Adds `count` roots, which no compiler leaves out.
  private static func compute(_ count: Int) {
    var sum = 0.0
    for number in 0..<count { sum += Double(number).squareRoot() }
    #expect(sum >= 0)
  }
}
