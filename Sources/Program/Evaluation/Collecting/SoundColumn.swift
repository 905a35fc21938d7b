/// A set of clips with a column in the table.
struct SoundColumn: Sendable {
  /// The role of a set.
  enum Kind: String, Encodable, Sendable {
    /// The real clips, to which all sets are compared.
    case real
    /// Real clips to which no set is compared.
    case heldOut = "held-out"
    /// The clips of a checkpoint's generator.
    case generated
    /// The clips of a folder or a cache.
    case sounds
  }

  /// The name in the table.
  let name: String
  let path: String
  let kind: Kind
  let source: any SoundSource
  /// The number of clips to choose from; nil if any number can be generated.
  let available: Int?
}
