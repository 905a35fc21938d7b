internal import Foundation
internal import SpecGANRandomness

/// Random moments at which a test stops a program.
///
/// Each is drawn from a seed, and printed in a form that replays it: `SPECGAN_KILL_MOMENT=7@183042`
/// makes a test use its moment 7 alone, 183,042 µs after the program's start.
public struct KillMoments: Sendable {
  /// The numbers of the moments.
  public let indices: [Int]
  /// Whether the environment asks for one moment, so that statistics of all moments do not apply.
  public let isReplay: Bool

  private let test: String
  private let stream: RandomStream
  private let replayed: UInt32?

  /// The moments with the numbers `range` that `seed` gives to `test`, a suite's name.
  public init(of test: String, seed: UInt64, _ range: Range<Int>) {
    self.test = test
    stream = RandomStream(seed: seed, purpose: .order)
    let words = ProcessInfo.processInfo.environment["SPECGAN_KILL_MOMENT"]?.split(separator: "@")
    guard let words, words.count == 2, let index = Int(words[0]), let moment = UInt32(words[1])
    else {
      (indices, isReplay, replayed) = (Array(range), false, nil)
      return
    }
    (indices, isReplay, replayed) = (range.contains(index) ? [index] : [], true, moment)
  }

  /// Waits until moment `index` of a program that has just started and takes `duration` seconds.
  ///
  /// - Returns: The setting that replays the moment, which is printed, too.
  public func wait(for index: Int, within duration: Double) -> String {
    let fraction = Double(stream.uniform(at: UInt64(index)))
    let moment = replayed ?? UInt32(1e6 * duration * fraction)
    let replay = "SPECGAN_KILL_MOMENT=\(index)@\(moment)"
    print("\(test) stops a program; to replay it: \(replay) tools/test --filter \(test)")
    usleep(moment)
    return replay
  }
}
