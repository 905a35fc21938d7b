internal import Foundation
internal import Networks
internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANTensors

/// The members of a distributed run, of which the first one decides and the others follow.
extension Trainer {
  /// A call of the first member, which the others repeat.
  enum Call: String, Codable {
    /// A step.
    case step
    /// A copy of the states of the first member, which follow.
    case restore
    /// The states before the first step.
    case restart
    /// A comparison of the states.
    case compare
    /// The end of the run.
    case end
  }

  /// A call, with the position of the first member in the run.
  private struct Instruction: Codable {
    let call: Call
    let step, rollBacks: Int
    let plannedSteps: Int?
    let augmentation: AugmentationState
    let levelStarts: [Int]
  }

  /// Ends ``follow()`` of the other members. Only the first of `members` calls it, once.
  package static func dismiss(_ members: any Members) {
    let instruction = Instruction(
      call: .end, step: 0, rollBacks: 0, plannedSteps: nil, augmentation: .init(),
      levelStarts: [])
    _ = members.share(bytes(of: instruction))
  }

  /// Sends `call` to the other members, which repeat it, if there are any and this is the first
  /// one.
  func instruct(_ call: Call) {
    guard let members = place.members, members.index == 0 else { return }
    let instruction = Instruction(
      call: call, step: step, rollBacks: rollBacks, plannedSteps: plannedSteps,
      augmentation: augmentation, levelStarts: levelStarts)
    _ = members.share(Self.bytes(of: instruction))
    if call == .restore { shareStates(members) }
  }

  private static func bytes(of instruction: Instruction) -> [UInt8] {
    guard let bytes = try? JSONEncoder().encode(instruction) else {
      trap("an instruction is plain values")
    }
    return Array(bytes)
  }

  /// Trains as the first member says, until it calls ``dismiss(_:)``.
  ///
  /// A loss that diverges does so for all members; the first one decides what follows.
  ///
  /// - Precondition: this is a member of a distributed run, and not the first one.
  package func follow() {
    guard let members = place.members, members.index > 0 else {
      trap("only other members than the first one follow")
    }
    while true {
      let bytes = members.share([])
      guard let instruction = try? JSONDecoder().decode(Instruction.self, from: Data(bytes)) else {
        trap("the first member has sent \(bytes.count) bytes that are no instruction")
      }
      plannedSteps = instruction.plannedSteps
      updateAhead = nil
      switch instruction.call {
      case .end: return
      case .restart: place.restart()
      case .restore: shareStates(members)
      case .compare: _ = members.gather([checksum])
      case .step: break
      }
      (step, augmentation) = (instruction.step, instruction.augmentation)
      levelStarts = instruction.levelStarts
      if rollBacks != instruction.rollBacks { rollBacks = instruction.rollBacks }
      if instruction.call == .step { _ = try? takeStep() }
    }
  }

  /// Returns the members whose states differ from those of most members; none if no state is that
  /// of most of them, and nil if all are equal. The first member calls this.
  ///
  /// All members compute the same updates. Their results differ only if a processor or a library
  /// rounds differently, or if memory has failed.
  package func unequalMembers() -> [Int]? {
    guard let members = place.members else { return nil }
    instruct(.compare)
    let checksums = members.gather([checksum])
    let counts = Dictionary(grouping: checksums) { $0 }.mapValues(\.count)
    if counts.count == 1 { return nil }
    guard let usual = counts.first(where: { 2 * $0.value > checksums.count })?.key else {
      return []
    }
    return checksums.indices.filter { checksums[$0] != usual }
  }

  /// The checksum of both states.
  private var checksum: UInt32 {
    var checksum = CRC32()
    for state in [generatorState, criticState] {
      for part in state.parts {
        part.parameters.block.view.withSpan { unsafe checksum.update($0.bytes) }
      }
    }
    return checksum.value
  }

  /// Copies the states of the first member to all others.
  private func shareStates(_ members: any Members) {
    for state in [generatorState, criticState] {
      for part in state.parts { members.share(part.parameters.block.view) }
    }
    // Gradients of an update that was not applied are cleared.
    if members.index > 0 { place.restore(generator: generatorState, critic: criticState) }
  }
}
