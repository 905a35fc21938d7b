internal import Foundation

/// A self-contained page: it contains its style, script, images and audio, and its security policy
/// forbids it to load anything else.
package struct Page: Sendable {
  /// The HTML text.
  package let markup: String

  /// Creates a page in English with the title `title`.
  ///
  /// - Parameters:
  ///   - title: the title.
  ///   - style: rules in addition to those of all pages; nil for none.
  ///   - script: the script.
  ///   - content: the contents.
  package init(
    title: String, style: StaticString? = nil, script: PageScript = .standard,
    @HTMLBuilder content: () -> HTML
  ) {
    let head = HTML(.head) {
      HTML(.meta, Attribute("charset", "utf-8"))
      HTML(
        .meta, Attribute("http-equiv", "Content-Security-Policy"),
        Attribute("content", Self.policy(for: script)))
      HTML(
        .meta, Attribute("name", "viewport"),
        Attribute("content", "width=device-width, initial-scale=1"))
      HTML(.title) { title }
      HTML(.style, code: styleSheet)
      if let style { HTML(.style, code: style) }
    }
    let page = HTML(.html, Attribute("lang", "en")) {
      head
      HTML(.body) {
        HTML(.main, content: content)
        HTML(.script, code: script.code)
      }
    }
    markup = "<!DOCTYPE html>\n\(page.markup)\n"
  }

  /// The text before and after ``HTML/gap``, so that a large page can be written in parts; all and
  /// nothing if there is no gap.
  package var parts: (before: Substring, after: Substring) {
    guard let gap = markup.firstRange(of: HTML.gap.markup) else { return (markup[...], "") }
    return (markup[..<gap.lowerBound], markup[gap.upperBound...])
  }

  /// Returns the content security policy: only contents of the page, and only `script`, identified
  /// by SHA-256.
  private static func policy(for script: PageScript) -> String {
    """
    default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; \
    script-src '\(script.digest)'; base-uri 'none'; form-action 'none'
    """
  }
}

/// The script of a page.
package struct PageScript: Sendable {
  let code: StaticString
  let digest: StaticString

  /// Creates the script `code`. Its SHA-256 is `digest`, as in a content security policy; if they
  /// differ, a browser refuses the script and prints the right value on its console.
  package init(_ code: StaticString, digest: StaticString) {
    (self.code, self.digest) = (code, digest)
  }

  /// The script of charts and players.
  package static let standard = PageScript(pageScript, digest: pageScriptDigest)
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
