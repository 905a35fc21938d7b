/// A set of sounds that has a column of the table.
struct SoundColumn: Sendable {
  /// What a set is to the others.
  enum Kind: String, Encodable, Sendable {
    /// What everything is measured against.
    case real
    /// Real sounds that nothing is measured against.
    case heldOut = "held-out"
    /// What a checkpoint's generator makes.
    case generated
    /// Sounds of a folder or a cache.
    case sounds
  }

  /// What the table calls it.
  let name: String
  let path: String
  let kind: Kind
  let source: any SoundSource
  /// How many sounds there are to choose from; nil where as many as wanted can be made.
  let available: Int?
}
