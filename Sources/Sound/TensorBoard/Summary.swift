internal import SpecGANErrors
internal import SpecGANWireFormat

/// The values of one step: scalars, images, audio, histograms and text, each under its own tag.
///
/// TensorBoard groups tags by the part before their first slash, and expects one type of value per
/// tag. The field numbers are those of tensorboard/compat/proto/summary.proto.
package struct Summary: Sendable {
  /// The message `Summary` of Protocol Buffers.
  private(set) var message = Message()

  /// Whether it has no values.
  package var isEmpty: Bool { message.bytes.isEmpty }

  /// Creates an empty summary.
  package init() {}

  /// Appends a scalar; TensorBoard shows `description` next to the curve of `tag`.
  package mutating func append(_ tag: String, scalar: Float, description: String = "") {
    var plugin = Message()
    plugin.append(PluginField.name, "scalars".utf8)
    var metadata = Message()
    metadata.append(MetadataField.plugin, plugin.bytes)
    metadata.append(MetadataField.description, description.utf8)
    append(tag) {
      $0.append(chosen: ValueField.scalar, scalar)
      $0.append(ValueField.metadata, metadata.bytes)
    }
  }

  /// Appends an image, the bytes of a PNG file.
  ///
  /// - Precondition: `bytes` begins with the signature and the header of a PNG file.
  package mutating func append(_ tag: String, png bytes: [UInt8]) {
    require(bytes.count >= 24 && bytes.starts(with: Self.signature), "\(tag) is not PNG")
    var image = Message()
    image.append(ImageField.height, Self.bigEndian(bytes[20..<24]))
    image.append(ImageField.width, Self.bigEndian(bytes[16..<20]))
    image.append(ImageField.colorSpace, Self.rgb)
    image.append(ImageField.bytes, bytes)
    append(tag) { $0.append(chosen: ValueField.image, image.bytes) }
  }

  /// Appends audio of `frames` frames, the bytes of a WAV file.
  package mutating func append(
    _ tag: String, wav bytes: [UInt8], sampleRate: Int, channels: Int, frames: Int
  ) {
    var audio = Message()
    audio.append(chosen: AudioField.sampleRate, Float(sampleRate))
    audio.append(AudioField.channels, channels)
    audio.append(AudioField.frames, frames)
    audio.append(AudioField.bytes, bytes)
    audio.append(AudioField.type, "audio/wav".utf8)
    append(tag) { $0.append(chosen: ValueField.audio, audio.bytes) }
  }

  /// Appends a histogram.
  package mutating func append(_ tag: String, _ histogram: Histogram) {
    append(tag) { $0.append(chosen: ValueField.histogram, histogram.message.bytes) }
  }

  /// Appends text in Markdown.
  package mutating func append(_ tag: String, text: String) {
    var plugin = Message()
    plugin.append(PluginField.name, "text".utf8)
    var metadata = Message()
    metadata.append(MetadataField.plugin, plugin.bytes)
    append(tag) {
      $0.append(chosen: ValueField.tensor, Self.scalarTensor(TensorType.string, text))
      $0.append(ValueField.metadata, metadata.bytes)
    }
  }

  /// A value of a hyperparameter.
  package enum Hyperparameter: Equatable, Sendable {
    case number(Double)
    case text(String)
    case flag(Bool)

    /// The message `google.protobuf.Value`.
    fileprivate var message: Message {
      var message = Message()
      switch self {
      case .number(let value): message.append(chosen: 2, value)
      case .text(let value): message.append(chosen: 3, value.utf8)
      case .flag(let value): message.append(chosen: 4, value)
      }
      return message
    }
  }

  /// Appends the hyperparameters of a session, by which TensorBoard's page HPARAMS compares runs.
  ///
  /// The field numbers are those of tensorboard/plugins/hparams/plugin_data.proto.
  package mutating func append(
    hyperparameters: [(name: String, value: Hyperparameter)], startedAt time: Double
  ) {
    var session = Message()
    for (name, value) in hyperparameters.sorted(by: { $0.name < $1.name }) {
      var pair = Message()
      pair.append(1, name.utf8)
      pair.append(2, value.message.bytes)
      session.append(1, pair.bytes)
    }
    session.append(5, time)
    var content = Message()
    content.append(chosen: 3, session.bytes)
    var plugin = Message()
    plugin.append(PluginField.name, "hparams".utf8)
    plugin.append(PluginField.content, content.bytes)
    var metadata = Message()
    metadata.append(MetadataField.plugin, plugin.bytes)
    append("_hparams_/session_start_info") {
      $0.append(chosen: ValueField.tensor, Self.scalarTensor(TensorType.float))
      $0.append(ValueField.metadata, metadata.bytes)
    }
  }

  /// Returns the message `TensorProto` of a scalar; without a value, a number is zero.
  private static func scalarTensor(_ type: Int, _ value: String? = nil) -> [UInt8] {
    var tensor = Message()
    tensor.append(TensorField.type, type)
    tensor.append(chosen: TensorField.shape, [UInt8]())
    if let value { tensor.append(chosen: TensorField.strings, value.utf8) }
    return tensor.bytes
  }

  private mutating func append(_ tag: String, _ appendValue: (inout Message) -> Void) {
    var value = Message()
    value.append(ValueField.tag, tag.utf8)
    appendValue(&value)
    message.append(chosen: Self.valueField, value.bytes)
  }

  /// Source: PNG specification, section 5.2; width and height are the first words of the first
  /// chunk.
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The color space of red, green and blue.
  private static let rgb = 3
  private static let valueField: UInt64 = 1

  private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  private enum ValueField {
    static let tag: UInt64 = 1
    static let scalar: UInt64 = 2
    static let image: UInt64 = 4
    static let histogram: UInt64 = 5
    static let audio: UInt64 = 6
    static let tensor: UInt64 = 8
    static let metadata: UInt64 = 9
  }

  private enum ImageField {
    static let height: UInt64 = 1
    static let width: UInt64 = 2
    static let colorSpace: UInt64 = 3
    static let bytes: UInt64 = 4
  }

  private enum AudioField {
    static let sampleRate: UInt64 = 1
    static let channels: UInt64 = 2
    static let frames: UInt64 = 3
    static let bytes: UInt64 = 4
    static let type: UInt64 = 5
  }

  private enum MetadataField {
    static let plugin: UInt64 = 1
    static let description: UInt64 = 3
  }

  private enum PluginField {
    static let name: UInt64 = 1
    static let content: UInt64 = 2
  }

  private enum TensorField {
    static let type: UInt64 = 1
    static let shape: UInt64 = 2
    static let strings: UInt64 = 8
  }

  /// Values of TensorFlow's `DataType`.
  private enum TensorType {
    static let float = 1
    static let string = 7
  }
}
