internal import SpecGANErrors

/// The faults that were found in a file: damage, which is an error unless it is allowed, and
/// remarks on a file that is used nevertheless.
struct Faults {
  /// Whether the intact part of a damaged file is used.
  let allowsDamage: Bool
  /// The longest duration of audio, in s.
  let longestDuration: Int
  /// Remarks, each the rest of a sentence that begins with the path, without its full stop.
  private(set) var remarks: [String] = []
  /// The first damage; nil if there is none.
  private(set) var damage: SpecGANError?

  init(allowsDamage: Bool, longestDuration: Int) {
    self.allowsDamage = allowsDamage
    // So that a number of frames cannot overflow.
    self.longestDuration = min(longestDuration, Int(Int32.max))
  }

  /// Records `error`, after which the caller continues with what is intact.
  ///
  /// - Throws: `error` if damage is not allowed.
  mutating func record(_ error: SpecGANError) throws(SpecGANError) {
    guard allowsDamage else { throw error }
    if damage == nil { damage = error }
  }

  mutating func remark(_ text: String) {
    if !remarks.contains(text) { remarks.append(text) }
  }

  /// Adds the remark that the header gives another number of frames than there are.
  mutating func remarkLength(given: Int, found: Int) {
    remark("has \(found) frames, but its header says \(given); all of them are used")
  }

  /// Throws if `frames` exceed the longest duration.
  func checkDuration(_ frames: Int, sampleRate: Int, path: String) throws(SpecGANError) {
    guard frames <= longestDuration * sampleRate else {
      throw .tooLong(path: path, limit: longestDuration)
    }
  }
}
