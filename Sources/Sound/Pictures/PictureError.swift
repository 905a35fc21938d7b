public import SpecGANFiles

/// Why a picture could not be written.
public enum PictureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system refused; the payload says what.
  case file(FileError)
  /// libpng refused; `reason` is its own.
  case encoding(path: String, reason: String)

  /// A sentence: what, where, and what to do.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .encoding(let path, let reason):
      "\(path) cannot be written as PNG: \(reason); try a smaller picture."
    }
  }
}
