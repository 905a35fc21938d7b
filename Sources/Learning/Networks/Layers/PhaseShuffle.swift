// Donahue, McAuley and Puckette 2019, section 3.3, as the published code has it: a shift a layer
// and a pass, shared by all channels and, there, by all examples of a batch; what a shift uncovers
// is filled by reflection without the edge.

package import SpecGANConvolutions
internal import SpecGANErrors

/// A shift of what a layer reads by up to a radius along time, new in every pass.
package struct PhaseShuffle: Equatable, Sendable {
  /// Which axis of the picture is time.
  package let axis: PictureShift.Axis
  /// Which of ``PhaseShifts``' layers this is.
  package let index: Int

  /// The shuffle that takes its shifts from layer `index` of a pass's.
  package init(along axis: PictureShift.Axis, index: Int) {
    self.axis = axis
    self.index = index
  }

  /// The shifts of `pass`; nil where nothing is shifted.
  func shifts(_ pass: Pass) -> Convolution.Shifts? {
    let shifts = pass.shifts
    if shifts.isEmpty { return nil }
    return { [axis, index] in PictureShift(axis, by: shifts[layer: index, example: $0]) }
  }
}

/// The shifts of every phase shuffle of a network, for groups of examples that share them.
///
/// Without any, nothing is shifted.
package struct PhaseShifts: Equatable, Sendable {
  /// `[group, layer]`.
  private var shifts: [Int] = []
  private var layers = 0
  private var groupSize = 1

  /// Whether nothing is shifted.
  package var isEmpty: Bool { shifts.isEmpty }

  /// No shift anywhere.
  package init() {}

  /// `shifts[group][layer]`, where a group is `groupSize` examples in a row.
  ///
  /// - Precondition: all groups have as many layers.
  package init(_ shifts: [[Int]], groupSize: Int) {
    let layers = shifts.first?.count ?? 0
    require(
      shifts.allSatisfy { $0.count == layers }, "groups have different numbers of layers")
    self.init(groups: shifts.count, layers: layers, groupSize: groupSize) { shifts[$0][$1] }
  }

  /// `shift(group, layer)` for every one of `groups` and `layers`, where a group is `groupSize`
  /// examples in a row.
  package init(
    groups: Int, layers: Int, groupSize: Int, _ shift: (_ group: Int, _ layer: Int) -> Int
  ) {
    self.layers = layers
    self.groupSize = groupSize
    shifts.reserveCapacity(groups * layers)
    for group in 0..<groups {
      for layer in 0..<layers { shifts.append(shift(group, layer)) }
    }
  }

  /// How far `layer` shifts `example`; right is positive.
  package subscript(layer layer: Int, example example: Int) -> Int {
    if shifts.isEmpty { return 0 }
    require(0..<layers ~= layer, "layer \(layer) is not among \(layers)")
    return shifts[example / groupSize * layers + layer]
  }
}
