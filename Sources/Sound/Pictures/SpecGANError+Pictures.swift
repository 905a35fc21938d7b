package import SpecGANErrors
internal import SpecGANFiles

extension SpecGANError {
  /// libpng refused; `reason` is its own.
  package static func encoding(path: String, reason: String) -> SpecGANError {
    SpecGANError(
      .unwritable, "pictures.encoding",
      "\(path) cannot be written as PNG: \(reason)",
      advice: "try a smaller picture.", path: path, found: reason)
  }
}
