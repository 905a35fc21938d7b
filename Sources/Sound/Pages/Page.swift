internal import Foundation

/// A self-contained page: it contains its style, script, images and audio, and its security policy
/// forbids it to load anything else.
package struct Page: Sendable {
  /// The HTML text.
  package let markup: String

  /// Creates a page in English with the title `title`.
  package init(title: String, @HTMLBuilder content: () -> HTML) {
    let head = HTML(.head) {
      HTML(.meta, Attribute("charset", "utf-8"))
      HTML(
        .meta, Attribute("http-equiv", "Content-Security-Policy"), Attribute("content", Self.policy)
      )
      HTML(
        .meta, Attribute("name", "viewport"),
        Attribute("content", "width=device-width, initial-scale=1"))
      HTML(.title) { title }
      HTML(.style, code: styleSheet)
    }
    let page = HTML(.html, Attribute("lang", "en")) {
      head
      HTML(.body) {
        HTML(.main, content: content)
        HTML(.script, code: pageScript)
      }
    }
    markup = "<!DOCTYPE html>\n\(page.markup)\n"
  }

  /// The content security policy: only contents of the page, and only its own script, identified by
  /// SHA-256.
  private static let policy = """
    default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; \
    script-src '\(pageScriptDigest)'; base-uri 'none'; form-action 'none'
    """
}

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
