internal import Scores
internal import SpecGANErrors
internal import SpecGANFiles
internal import Spectra

/// The user's name for a set of clips: a path, and `@METHOD` after it for another inversion method
/// than the run's own.
struct SampleName {
  let text: String
  let path: String
  let method: InversionMethod?

  /// Parses `text`. An existing path is taken literally, even with an `@` in it.
  ///
  /// - Throws: ``SpecGANError`` if the path does not exist.
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
