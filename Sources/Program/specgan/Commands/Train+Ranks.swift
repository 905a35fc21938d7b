import ArgumentParser
import Glibc
import SpecGANDatasets
import SpecGANErrors
import SpecGANRanks
import SpecGANSessions
import SpecGANSettings
import SpecGANTensors
import SpecGANTraining

/// Training by several processes that `mpirun` or `srun` has started. The first rank runs the
/// session, and the others follow it.
extension Train {
  /// Returns the ranks that this process belongs to; nil if it is alone.
  ///
  /// - Throws: ``SpecGANError`` if they cannot train together.
  func joinedRanks() throws -> (any RankGroup)? {
    let messages = progress.messages
    return try Launcher.ranks(
      endingWith: ExitStatus.unreachable.rawValue, patience: rankPatience
    ) { messages.fail($0) }
  }

  /// Takes part in the session of the first rank, which alone decides, writes and reports.
  func follow(_ ranks: any RankGroup) {
    // A launcher passes signals to all ranks.
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU] { signal(number, SIG_IGN) }
    defer { ranks.leave() }
    let bytes = ranks.share([])
    // Without a request, the first rank has failed.
    if bytes.isEmpty { return }
    var trainer: Trainer?
    var objection = "its program is of another version"
    if let call = Handshake(bytes) {
      objection = call.objection(request) ?? ""
      if objection.isEmpty { (trainer, objection) = follower(of: call, among: ranks) }
    }
    if ranks.gather(objection).allSatisfy(\.isEmpty) { trainer?.follow() }
  }

  /// Returns the trainer that `call` requests, or the reason for which there is none.
  private func follower(
    of call: Handshake, among ranks: any RankGroup
  ) -> (trainer: Trainer?, objection: String) {
    do throws(SpecGANError) {
      let cache = try Cache(verifying: cache ?? call.cache)
      if let objection = call.objection(to: cache) { return (nil, objection) }
      let configuration = try Configuration(yaml: call.settings, path: "the settings of rank 0")
      let trainer = try TrainingSession.follower(
        configuration, on: cache, members: ranks, engine: Engine(threads: threads.threads))
      return (trainer, "")
    } catch { return (nil, error.statement) }
  }

  /// The arguments that say which run this is, the same for all ranks.
  var request: [String] {
    [config ?? sounds.map { "--sounds \($0)" }, runFolder.map { "--run \($0)" }].compactMap(\.self)
      + settings.settings.map { "--set \($0)" }
  }
}

/// The other ranks, for the first one.
final class OtherRanks {
  let ranks: any RankGroup
  private var state = State.waiting

  private enum State {
    /// They wait for a request.
    case waiting
    /// They follow the trainer.
    case following
    /// They have ended.
    case ended
  }

  init(_ ranks: any RankGroup) { self.ranks = ranks }

  /// Asks them whether they can train by `configuration` on `cache`, and have been started with
  /// `request`; they then follow.
  func call(_ request: [String], _ configuration: Configuration, _ cache: Cache) throws {
    let shards = configuration.training.shards
    guard shards.isMultiple(of: ranks.count) else {
      throw SpecGANError.unevenRanks(ranks.count, shards: shards)
    }
    _ = ranks.share(Handshake(request, configuration, on: cache).bytes)
    let objections = ranks.gather("")
    state = objections.allSatisfy(\.isEmpty) ? .following : .ended
    if state == .ended { throw SpecGANError.absentRanks(objections) }
  }

  /// Ends them, also after an error.
  func release() {
    switch state {
    case .waiting: _ = ranks.share([])
    case .following: Trainer.dismiss(ranks)
    case .ended: break
    }
    ranks.leave()
  }
}
