internal import Foundation

/// A file that a page carries in itself.
///
/// Source: RFC 2397.
package struct DataURI: Equatable, Sendable {
  /// What a file is.
  package enum Kind: String, Sendable {
    /// A picture.
    case png = "image/png"
    /// A sound.
    case wav = "audio/wav"
  }

  /// `data:`, the kind, and the bytes in base 64.
  package let text: String

  /// The file of `bytes`.
  package init(_ kind: Kind, _ bytes: [UInt8]) {
    text = "data:\(kind.rawValue);base64,\(Data(bytes).base64EncodedString())"
  }
}
