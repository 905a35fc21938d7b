internal import CSpecGANKernels
internal import SpecGANErrors
public import SpecGANTensors
internal import SpecGANWorkers

/// The names and shapes of a network's parameters, in memory order.
public struct ParameterLayout: Equatable, Sendable {
  /// One parameter: a kernel or a bias.
  public struct Entry: Equatable, Sendable {
    /// The name, such as `G/z_project/dense/kernel`.
    public let name: String
    /// The shape.
    public let shape: [Int]
    /// The index of the first element among all the network's.
    package let offset: Int
    /// The index in the layout, from 0.
    package let ordinal: Int
    /// The initial value of all elements, unless they are drawn at random.
    package let initialValue: Float
    /// The use of the parameter.
    package let role: Role
    /// The level of progressive growing that first uses the parameter, from 0.
    package let level: Int
    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }
  }

  /// The use of a parameter, which decides its initial values and learning rate.
  package enum Role: Sendable {
    /// A kernel of a linear map, or a bias.
    case layer
    /// An embedding, with a row for each label; spectral normalization leaves it unchanged.
    case embedding
    /// A kernel or a bias of a style-based generator's mapping network.
    case mapping
    /// A style-based generator's constant, whose initial values are standard normal.
    case constant
    /// A kernel or a bias between features and the samples of one level of progressive growing.
    case samples

    /// The factor of the learning rate. That of a mapping network is 0.01, because a deep one is
    /// unstable at high rates: Karras, Laine and Aila, "A Style-Based Generator Architecture for
    /// Generative Adversarial Networks", CVPR 2019.
    package var rateFactor: Float { self == .mapping ? 0.01 : 1 }
    /// The factor of a kernel's initial weights. That of a mapping network, √2, approximately keeps
    /// the mean square through LeakyReLU.
    package var initialFactor: Float { self == .mapping ? Float(2).squareRoot() : 1 }
  }

  /// The parameters, in order.
  public private(set) var entries: [Entry] = []
  /// The number of elements of all parameters.
  public private(set) var count = 0
  /// The level of progressive growing of the parameters that are appended next.
  package var level = 0

  /// Creates a layout without parameters.
  public init() {}

  /// Whether both layouts have the same parameters.
  public static func == (a: Self, b: Self) -> Bool { a.entries == b.entries }

  /// Appends a parameter, and returns its entry.
  public mutating func append(
    _ name: String, shape: [Int], initialValue: Float = 0
  ) -> Entry {
    append(name, shape: shape, initialValue: initialValue, role: .layer)
  }

  /// Appends a parameter with a `role`, and returns its entry.
  package mutating func append(
    _ name: String, shape: [Int], initialValue: Float = 0, role: Role
  ) -> Entry {
    let entry = Entry(
      name: name, shape: shape, offset: count, ordinal: entries.count, initialValue: initialValue,
      role: role, level: level)
    entries.append(entry)
    count += entry.count
    return entry
  }
}

/// The values of all parameters of a network, in one block of memory: weights, their gradient, or
/// an optimizer's slot.
///
/// It is a reference: training changes the values in place.
public final class Parameters: Sendable {
  /// The layout.
  public let layout: ParameterLayout
  /// All values, one parameter after the other.
  public let block: Tensor

  /// Creates zeros for every parameter.
  public init(_ layout: ParameterLayout) {
    self.layout = layout
    block = Tensor(shape: [layout.count])
  }

  /// Creates the `initialValue` of every parameter.
  public convenience init(initial layout: ParameterLayout) {
    self.init(layout)
    for entry in layout.entries { self[entry].fill(entry.initialValue) }
  }

  /// The window onto the values of `entry`.
  public subscript(entry: ParameterLayout.Entry) -> TensorView {
    block.part(offset: entry.offset, shape: entry.shape)
  }

  /// The name and the values of every parameter.
  public var slices: [(name: String, slice: TensorView)] {
    layout.entries.map { ($0.name, self[$0]) }
  }

  /// The name of the first parameter with a value that is not finite; nil if there is none.
  package var firstNotFinite: String? {
    slices.first { $0.slice.withSpan { !$0.isFinite } }?.name
  }
}

extension Parameters {
  /// Copies the values of `other`.
  ///
  /// - Precondition: Both have the same layout.
  public func copy(_ other: Parameters) {
    require(layout == other.layout, "the layouts of the parameters differ")
    block.copy(0..<layout.count, of: other.block.view, to: 0)
  }

  /// Returns the Euclidean norm of all values; the same bits on any number of threads.
  public func norm(on engine: Engine) -> Float {
    let chunk = 1 << 16
    let sums = engine.workers.map((layout.count + chunk - 1) / chunk) { index, _ in
      let first = index * chunk
      return unsafe specgan_sum_of_squares(
        block.start + first, min(chunk, layout.count - first))
    }
    return Float(sums.reduce(0, +).squareRoot())
  }
}
