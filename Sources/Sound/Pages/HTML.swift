/// A part of a page.
///
/// Text is always escaped: no label, file name or setting can become markup, because only
/// ``Tag`` and ``Attribute`` create markup, and the program defines all their names.
package struct HTML: Equatable, Sendable {
  /// The HTML text.
  package private(set) var markup = ""

  /// Creates an empty part.
  package init() {}

  /// Creates a part with the text `text`, escaped.
  package init(text: String) { markup = text.escapedForHTML }

  /// Creates an element with its contents.
  package init(
    _ tag: Tag, _ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { HTML() }
  ) {
    self.init(tag, attributes, inner: content().markup)
  }

  /// Creates an element that contains code of the program, such as a style sheet.
  init(_ tag: Tag, code: StaticString) { self.init(tag, [], inner: "\(code)") }

  private init(_ tag: Tag, _ attributes: [Attribute], inner: String) {
    markup.reserveCapacity(inner.utf8.count + 256)
    markup += "<\(tag.rawValue)"
    for attribute in attributes { markup += attribute.markup }
    markup += ">"
    if tag.isVoid { return }
    markup += inner
    markup += "</\(tag.rawValue)>"
  }

  /// A gap, which divides a page into ``Page/parts``.
  package static let gap = HTML(comment: "gap")

  private init(comment: StaticString) { markup = "<!--\(comment)-->" }

  /// Appends `other`.
  package mutating func append(_ other: HTML) { markup += other.markup }
}

/// The elements that pages are made of.
package enum Tag: String, Sendable {
  // The page.
  case html, head, body, meta, title, style, script, main, header, footer, section, nav
  // Text.
  case h1, h2, h3, p, a, pre, code, strong, small, span, div, dl, dt, dd, ul, li, br, time
  // Tables, figures and players.
  case table, caption, thead, tbody, tr, th, td, figure, figcaption, img, audio, output
  // Controls.
  case button, dialog, kbd, noscript, ol, option, select
  // Drawings; in one, `title` and `text` have SVG's meaning.
  case svg, g, path, line, rect, circle, text, desc, clipPath

  /// Whether the element has no contents and no end tag.
  var isVoid: Bool {
    switch self {
    case .meta, .img, .br: true
    default: false
    }
  }
}

/// An attribute of an element.
package struct Attribute: Sendable {
  let markup: String

  /// Creates the attribute `name="value"`, with the value escaped.
  package init(_ name: StaticString, _ value: String) {
    markup = " \(name)=\"\(value.escapedForHTML)\""
  }

  /// Creates the attribute `name`, whose value is a file.
  package init(_ name: StaticString, _ uri: DataURI) { markup = " \(name)=\"\(uri.text)\"" }

  /// Creates a Boolean attribute, such as `controls`.
  package init(_ name: StaticString) { markup = " \(name)" }

  private init(markup: String) { self.markup = markup }

  /// Returns the attribute with the classes `names` of the style sheet.
  package static func `class`(_ names: StaticString) -> Attribute { Attribute("class", "\(names)") }

  /// Returns the source attribute of an embedded image or audio file.
  package static func source(_ uri: DataURI) -> Attribute {
    Attribute(markup: " src=\"\(uri.text)\"")
  }
}

/// A builder that joins parts of a page; strings are text.
@resultBuilder
package enum HTMLBuilder {
  /// Returns a part with the text `text`.
  package static func buildExpression(_ text: String) -> HTML { HTML(text: text) }
  /// Returns `piece`.
  package static func buildExpression(_ piece: HTML) -> HTML { piece }
  /// Joins parts.
  package static func buildBlock(_ pieces: HTML...) -> HTML { buildArray(pieces) }
  /// Joins the parts of a loop.
  package static func buildArray(_ pieces: [HTML]) -> HTML {
    pieces.reduce(into: HTML()) { $0.append($1) }
  }
  /// Returns `piece`, or an empty part if it is nil.
  package static func buildOptional(_ piece: HTML?) -> HTML { piece ?? HTML() }
  /// Returns the part of the first branch.
  package static func buildEither(first piece: HTML) -> HTML { piece }
  /// Returns the part of the second branch.
  package static func buildEither(second piece: HTML) -> HTML { piece }
}

extension String {
  /// The text with the five special characters of HTML as entities, and with control characters,
  /// which HTML cannot represent, as U+FFFD.
  var escapedForHTML: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count)
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      case UInt8(ascii: "'"): bytes += "&#39;".utf8
      case 0x09, 0x0A: bytes.append(byte)
      case 0..<0x20, 0x7F: bytes += "\u{FFFD}".utf8
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension HTML {
  /// Returns a player of `sound` below its image, if there is one; `name` is its accessible name.
  package static func player(of sound: DataURI, picture: DataURI?, name: String) -> HTML {
    HTML(.div) {
      if let picture {
        HTML(.img, .source(picture), Attribute("alt", "Spectrogram of \(name)"))
      }
      HTML(
        .audio, Attribute("controls"), Attribute("preload", "metadata"),
        Attribute("aria-label", name), .source(sound))
    }
  }
}
