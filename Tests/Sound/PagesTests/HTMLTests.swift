import Foundation
import SpecGANPages
import SpecGANTestSupport
import Testing

/// Text stays text.
@Suite struct HTMLTests {
  @Test(arguments: [
    ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("\" onload='x' &amp;", "&quot; onload=&#39;x&#39; &amp;amp;"),
    ("trommel ü 太鼓\n\tb", "trommel ü 太鼓\n\tb"),
    ("\u{0}\u{1B}[2J\r\u{7F}", "\u{FFFD}\u{FFFD}[2J\u{FFFD}\u{FFFD}"),
  ]) func textIsEscapedWhereverItStands(_ text: String, _ escaped: String) {
    #expect(HTML(text: text).markup == escaped)
    #expect(HTML(.p) { text }.markup == "<p>\(escaped)</p>")
    #expect(
      HTML(.p, Attribute("title", text)).markup == "<p title=\"\(escaped)\"></p>")
  }

  /// Whatever the text, what is left between two tags has no character that opens one.
  @Test func noTextOpensATag() {
    for seed in 0..<2_000 {
      let scalars = randomNumbers(20, seed: UInt64(seed)).map {
        Unicode.Scalar(UInt8(64 * ($0 + 1)))
      }
      let text = String(String.UnicodeScalarView(scalars))
      let inner = HTML(.p, Attribute("title", text)) { text }.markup
      #expect(inner.count(where: { $0 == "<" }) == 2 && inner.count(where: { $0 == "\"" }) == 2)
    }
  }

  @Test func elementsNestAndVoidOnesAreNotClosed() {
    let html = HTML(.ul, .class("list")) {
      for index in 0..<2 { HTML(.li) { "\(index)" } }
      if false { HTML(.li) }
      HTML(.img, .source(DataURI(.png, [0, 1, 2])), Attribute("alt", ""))
      HTML(.audio, Attribute("controls"))
    }
    #expect(
      html.markup == "<ul class=\"list\"><li>0</li><li>1</li>"
        + "<img src=\"data:image/png;base64,AAEC\" alt=\"\"><audio controls></audio></ul>")
  }

  @Test func aPageIsWholeAndMayAskForNothing() {
    let page = Page(title: "a < b") { HTML(.p) { "text" } }.markup
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"))
    #expect(page.contains("<title>a &lt; b</title>") && page.contains("<main><p>text</p></main>"))
    #expect(page.contains("default-src &#39;none&#39;; img-src data:; media-src data:;"))
    #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("DIGEST"))
  }

  @Test func aPageIsWrittenInPartsAroundItsGap() {
    let script = PageScript("let x = 1;", digest: "sha256-ABC=")
    let page = Page(title: "t", style: "p { margin: 0; }", script: script) {
      HTML(.ol) { HTML.gap }
      HTML(.p) { "<!--gap-->" }
    }
    let (before, after) = page.parts
    #expect(
      before.hasSuffix("<main><ol>") && after.hasPrefix("</ol><p>&lt;!--gap--&gt;</p></main>"))
    #expect(after.contains("<script>let x = 1;</script>"))
    #expect(before.contains("script-src &#39;sha256-ABC=&#39;;"))
    #expect(before.contains("<style>p { margin: 0; }</style>"))
    let whole = Page(title: "t") { HTML(.p) { "text" } }
    #expect(whole.parts.before == whole.markup[...] && whole.parts.after.isEmpty)
  }
}
