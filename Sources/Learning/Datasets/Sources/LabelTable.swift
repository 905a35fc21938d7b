/// Labels and their numbers: indices into the labels that have slices, in the order of their bytes.
///
/// Which labels have slices is known once every file was tried. Until then a label's number is its
/// place among all that were found; files that give nothing leave the final numbers of the others
/// alone.
struct LabelTable {
  private let found: [[UInt8]]
  private let places: [[UInt8]: Int32]
  private var isUsed: [Bool]

  /// The labels of `sources`; the empty one is none.
  init(_ sources: FoundSources) {
    // By bytes: strings are equal that are written with other code points.
    var labels: Set<[UInt8]> = []
    for source in sources { labels.insert(Array(source.label.utf8)) }
    found = labels.subtracting([[]]).sorted { $0.lexicographicallyPrecedes($1) }
    places = Dictionary(uniqueKeysWithValues: zip(found, Int32(0)...))
    isUsed = [Bool](repeating: false, count: found.count)
  }

  /// The place of `label`, or −1 for none.
  func place(of label: String) -> Int32 { places[Array(label.utf8)] ?? -1 }

  /// Notes that there are slices at `place`.
  mutating func markUsed(_ place: Int32) {
    if place >= 0 { isUsed[Int(place)] = true }
  }

  /// The labels that have slices.
  var labels: [String] {
    zip(found, isUsed).filter(\.1).map { String(decoding: $0.0, as: UTF8.self) }
  }

  /// The final number for each place; −1 for those without slices.
  var numbers: [Int32] {
    var next: Int32 = 0
    return isUsed.map { isUsed in
      defer { if isUsed { next += 1 } }
      return isUsed ? next : -1
    }
  }
}
