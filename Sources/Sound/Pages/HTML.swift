/// A piece of a page.
///
/// Text in it stays text: no label, file name or setting can become markup, because the only ways
/// to markup are ``Tag`` and ``Attribute``, whose names are the program's own.
package struct HTML: Equatable, Sendable {
  /// As a browser reads it.
  package private(set) var markup = ""

  /// Nothing.
  package init() {}

  /// `text`, to be read as it is.
  package init(text: String) { markup = text.escapedForHTML }

  /// An element, with what stands in it.
  package init(
    _ tag: Tag, _ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { HTML() }
  ) {
    self.init(tag, attributes, inner: content().markup)
  }

  /// An element whose content is code of the program's own, such as a style sheet.
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

  /// Puts `other` behind this.
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
  // Drawings; in one, `title` and `text` have SVG's meaning.
  case svg, g, path, line, rect, circle, text, desc, clipPath

  /// Whether it holds nothing and is not closed.
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

  /// `name="value"`; the value is escaped.
  package init(_ name: StaticString, _ value: String) {
    markup = " \(name)=\"\(value.escapedForHTML)\""
  }

  /// One that is there or not, such as `controls`.
  package init(_ name: StaticString) { markup = " \(name)" }

  private init(markup: String) { self.markup = markup }

  /// The classes that the style sheet knows an element by.
  package static func `class`(_ names: StaticString) -> Attribute { Attribute("class", "\(names)") }

  /// Where a picture or a sound comes from: the page itself.
  package static func source(_ uri: DataURI) -> Attribute {
    Attribute(markup: " src=\"\(uri.text)\"")
  }
}

/// Puts pieces together; a string among them is text.
@resultBuilder
package enum HTMLBuilder {
  /// Text.
  package static func buildExpression(_ text: String) -> HTML { HTML(text: text) }
  /// A piece as it is.
  package static func buildExpression(_ piece: HTML) -> HTML { piece }
  /// Pieces one after the other.
  package static func buildBlock(_ pieces: HTML...) -> HTML { buildArray(pieces) }
  /// Pieces of a loop.
  package static func buildArray(_ pieces: [HTML]) -> HTML {
    pieces.reduce(into: HTML()) { $0.append($1) }
  }
  /// A piece that may be missing.
  package static func buildOptional(_ piece: HTML?) -> HTML { piece ?? HTML() }
  /// One of two.
  package static func buildEither(first piece: HTML) -> HTML { piece }
  /// The other of two.
  package static func buildEither(second piece: HTML) -> HTML { piece }
}

extension String {
  /// With the five characters that mean something in HTML as entities, and control characters,
  /// which HTML has no way to write, as U+FFFD.
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
