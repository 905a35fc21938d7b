// Donahue, McAuley and Puckette 2019, section 3.3, as the published code has it: a shift a layer and a
// pass, shared by all channels and, there, by all examples of a batch; what a shift uncovers is filled by
// reflection without the edge.

public import SpecGANConvolutions

/// A shift of what a layer reads by up to a radius along time, new in every pass.
public struct PhaseShuffle: Equatable, Sendable {
  /// Which axis of the picture is time.
  public let axis: PictureShift.Axis
  /// Which of ``PhaseShifts``' layers this is.
  public let index: Int

  /// The shuffle that takes its shifts from layer `index` of a pass's.
  public init(along axis: PictureShift.Axis, index: Int) {
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
public struct PhaseShifts: Equatable, Sendable {
  private var shifts: [[Int]] = []
  private var groupSize = 1

  /// Whether nothing is shifted.
  public var isEmpty: Bool { shifts.isEmpty }

  /// No shift anywhere.
  public init() {}

  /// `shifts[group][layer]`, where a group is `groupSize` examples in a row.
  public init(_ shifts: [[Int]], groupSize: Int) {
    self.shifts = shifts
    self.groupSize = groupSize
  }

  /// How far `layer` shifts `example`; right is positive.
  public subscript(layer layer: Int, example example: Int) -> Int {
    shifts.isEmpty ? 0 : shifts[example / groupSize][layer]
  }
}
