// Donahue, McAuley and Puckette 2019, section 3.3, as in the reference implementation: one shift
// per layer and pass for all channels, and in the reference also for all examples of a batch.
// Positions that a shift uncovers are filled by reflection without the edge.

package import SpecGANConvolutions
internal import SpecGANErrors

/// A random shift of a layer's input along time by up to a radius, new in every pass.
package struct PhaseShuffle: Equatable, Sendable {
  /// The axis of the picture that is time.
  package let axis: PictureShift.Axis
  /// The index of the layer in ``PhaseShifts``.
  package let index: Int

  /// Creates a shuffle with the shifts of layer `index` of a pass.
  package init(along axis: PictureShift.Axis, index: Int) {
    self.axis = axis
    self.index = index
  }

  /// Returns the shifts of `pass`; nil if nothing is shifted.
  func shifts(_ pass: Pass) -> Convolution.Shifts? {
    let shifts = pass.shifts
    if shifts.isEmpty { return nil }
    return { [axis, index] in PictureShift(axis, by: shifts[layer: index, example: $0]) }
  }
}

/// The shifts of all phase shuffles of a network: one per layer and group of examples.
///
/// If it is empty, nothing is shifted.
package struct PhaseShifts: Equatable, Sendable {
  /// The shifts, `[group, layer]`.
  private var shifts: [Int] = []
  /// The number of layers.
  package private(set) var layers = 0
  private var groupSize = 1

  /// Whether nothing is shifted.
  package var isEmpty: Bool { shifts.isEmpty }

  /// Creates empty shifts, which shift nothing.
  package init() {}

  /// Creates the shifts `shifts[group][layer]`, for groups of `groupSize` consecutive examples.
  ///
  /// - Precondition: All groups have the same number of layers.
  package init(_ shifts: [[Int]], groupSize: Int) {
    let layers = shifts.first?.count ?? 0
    require(
      shifts.allSatisfy { $0.count == layers }, "groups have different numbers of layers")
    self.init(groups: shifts.count, layers: layers, groupSize: groupSize) { shifts[$0][$1] }
  }

  /// Creates the shifts `shift(group, layer)` for `groups` groups of `groupSize` consecutive
  /// examples, and `layers` layers.
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

  /// The shift of `example` by `layer`, in lines or positions; down and right are positive.
  package subscript(layer layer: Int, example example: Int) -> Int {
    if shifts.isEmpty { return 0 }
    require(0..<layers ~= layer, "layer \(layer) is not among \(layers)")
    return shifts[example / groupSize * layers + layer]
  }
}
