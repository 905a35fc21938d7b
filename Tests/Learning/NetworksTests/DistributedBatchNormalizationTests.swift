import Foundation
import Networks
import SpecGANTensors
import SpecGANTestSupport
import Synchronization
import Testing

/// A batch that is distributed over two members, who add up their sums, is normalized as one batch.
@Suite struct DistributedBatchNormalizationTests {
  @Test func twoHalvesOfABatchAreNormalizedAsTheWhole() throws {
    var (layout, statistics) = (ParameterLayout(), ParameterLayout())
    let layer = BatchNormalization<LeakyReLU>(
      shape: [3, 2], estimate: .unbiased, name: "D/layer", in: &layout, statistics: &statistics)
    let (parameters, movingLayout) = (Parameters(initial: layout), statistics)
    let values = (randomNumbers(4 * 6, seed: 1), randomNumbers(4 * 6, seed: 2))

    @Sendable func results(_ examples: Range<Int>, _ adder: PairMember?) -> [[Float]] {
      let moving = Parameters(initial: movingLayout)
      var pass = Pass(
        .init(parameters: parameters, statistics: moving), examples: 0..<examples.count,
        engine: Engine(threads: 1))
      pass.normalization = .groups(of: examples.count)
      pass.adder = adder
      func tensor(_ values: [Float]) -> TensorView {
        Tensor(shape: [4, 3, 2], values).examples(examples)
      }
      let (x, yCotangent) = (tensor(values.0), tensor(values.1))
      let (y, xCotangent) = (Tensor(shape: x.shape).view, Tensor(shape: x.shape).view)
      layer.forward(x, into: y, pass)
      layer.backward(yCotangent, x: x, y: y, into: xCotangent, pass)
      return [y.values, xCotangent.values, moving.block.values]
    }

    let whole = results(0..<4, nil)
    let board = PairMember.Board()
    let halves = Mutex([Int: [[Float]]]())
    let other = Thread {
      let found = results(2..<4, PairMember(board))
      halves.withLock { $0[1] = found }
    }
    other.start()
    let found = results(0..<2, PairMember(board))
    halves.withLock { $0[0] = found }
    while !other.isFinished { usleep(1_000) }
    let members = halves.withLock { $0 }
    let (first, second) = (try #require(members[0]), try #require(members[1]))
    expectClose(first[0] + second[0], whole[0], terms: 12, scale: 1, "values")
    expectClose(first[1] + second[1], whole[1], terms: 12, scale: 1, "cotangents")
    // The same statistics for both members, bit by bit.
    #expect(first[2] == second[2])
    expectClose(first[2], whole[2], terms: 12, scale: 1, "moving statistics")
    // Alone, a half has other means.
    #expect(results(0..<2, nil)[0] != first[0])
  }
}

/// One of two members, each on its own thread, whose sums are added round by round.
private final class PairMember: SumAdder, @unchecked Sendable {  // one thread each
  /// The sums of the members in each round.
  final class Board: @unchecked Sendable {  // fields are touched under `condition` only
    private let condition = NSCondition()
    private var rounds: [Int: [[Double]]] = [:]

    func total(of sums: [Double], round: Int) -> [Double] {
      condition.lock()
      defer { condition.unlock() }
      rounds[round, default: []].append(sums)
      condition.broadcast()
      while (rounds[round]?.count ?? 0) < 2 { condition.wait() }
      return (rounds[round] ?? []).reduce([Double](repeating: 0, count: sums.count)) {
        zip($0, $1).map { $0 + $1 }
      }
    }
  }

  private let board: Board
  private var round = 0

  init(_ board: Board) { self.board = board }

  func addUp(_ sums: inout [Double]) {
    sums = board.total(of: sums, round: round)
    round += 1
  }
}
