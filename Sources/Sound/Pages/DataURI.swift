internal import Foundation

/// A file that is embedded in a page.
///
/// Source: RFC 2397.
package struct DataURI: Equatable, Sendable {
  /// The type of a file.
  package enum Kind: String, Sendable {
    /// A PNG image.
    case png = "image/png"
    /// A WAV file.
    case wav = "audio/wav"
  }

  /// The URI: `data:`, the type, and the bytes in base 64.
  package let text: String

  /// Creates the URI of a file with the contents `bytes`.
  package init(_ kind: Kind, _ bytes: [UInt8]) {
    text = "data:\(kind.rawValue);base64,\(Data(bytes).base64EncodedString())"
  }
}
