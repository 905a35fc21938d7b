/// A page that opens from disk: its style, its script, its pictures and its sounds are in it, and
/// it is forbidden to ask for anything else.
package struct Page: Sendable {
  /// As a browser reads it.
  package let markup: String

  /// A page in English, called `title`.
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

  /// What a browser lets the page do: what is in it, and of scripts this one alone, by its SHA-256.
  private static let policy = """
    default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; \
    script-src '\(pageScriptDigest)'; base-uri 'none'; form-action 'none'
    """
}
