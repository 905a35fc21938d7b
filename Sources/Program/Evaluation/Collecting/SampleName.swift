internal import Scores
internal import SpecGANErrors
internal import SpecGANFiles
internal import Spectra

/// A set of sounds as the user names it: a path, with `@METHOD` behind it where its spectrograms
/// are to be inverted another way than its own.
struct SampleName {
  let text: String
  let path: String
  let method: InversionMethod?

  /// What `text` names; a path that is there is a path, whatever signs are in it.
  ///
  /// - Throws: ``SpecGANError`` where nothing is there.
  init(_ text: String) throws(SpecGANError) {
    self.text = text
    if Folder.exists(text) {
      (path, method) = (text, nil)
      return
    }
    guard let at = text.lastIndex(of: "@"), Folder.exists(String(text[..<at])) else {
      throw .notFound(path: text)
    }
    path = String(text[..<at])
    let word = String(text[text.index(after: at)...])
    guard let method = InversionMethod(rawValue: word) else {
      throw .inversionMethod(text: text, found: word)
    }
    self.method = method
  }
}
