/// Labels and their numbers: indices into the labels that have slices, in the order of their bytes.
///
/// The labels that have slices are known once every file has been read. Until then a label is
/// identified by its place: its index into all labels found. Labels without slices have no final
/// number and do not change those of the others.
struct LabelTable {
  private let found: [[UInt8]]
  private let places: [[UInt8]: Int32]
  private var isUsed: [Bool]

  /// Creates a table of the labels of `sources`; an empty label is no label.
  init(_ sources: FoundSources) {
    // Compared by bytes, because Swift strings of different code points may be equal.
    var labels: Set<[UInt8]> = []
    for source in sources { labels.insert(Array(source.label.utf8)) }
    found = labels.subtracting([[]]).sorted { $0.lexicographicallyPrecedes($1) }
    places = Dictionary(uniqueKeysWithValues: zip(found, Int32(0)...))
    isUsed = [Bool](repeating: false, count: found.count)
  }

  /// Returns the place of `label`, or −1 if it is empty.
  func place(of label: String) -> Int32 { places[Array(label.utf8)] ?? -1 }

  /// Records that the label at `place` has slices.
  mutating func markUsed(_ place: Int32) {
    if place >= 0 { isUsed[Int(place)] = true }
  }

  /// The labels that have slices.
  var labels: [String] {
    zip(found, isUsed).filter(\.1).map { String(decoding: $0.0, as: UTF8.self) }
  }

  /// The final number of the label at each place; −1 if it has no slices.
  var numbers: [Int32] {
    var next: Int32 = 0
    return isUsed.map { isUsed in
      defer { if isUsed { next += 1 } }
      return isUsed ? next : -1
    }
  }
}
