internal import CSpecGANPNG
package import SpecGANErrors
internal import SpecGANFiles

extension Picture {
  /// Writes the picture as a PNG file, completely or not at all.
  ///
  /// - Throws: ``SpecGANError`` if libpng fails, or `path` cannot be written.
  package func write(to path: String) throws(SpecGANError) {
    let bytes = try png(for: path)
    try unsafe AtomicFile.replace(path, with: bytes.span.bytes)
  }

  /// Returns the bytes of a PNG file.
  ///
  /// - Throws: ``SpecGANError`` if libpng fails.
  package func png() throws(SpecGANError) -> [UInt8] { try png(for: "A picture in memory") }

  /// Returns the bytes of a PNG file; errors name `path`.
  ///
  /// Source: libpng manual, section V, "Simplified API".
  private func png(for path: String) throws(SpecGANError) -> [UInt8] {
    var image = unsafe png_image()
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    unsafe image.width = png_uint_32(width)
    unsafe image.height = png_uint_32(height)
    unsafe image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
    var count = png_alloc_size_t()
    guard unsafe png_image_write_to_memory(&image, nil, &count, 0, pixels, 0, nil) != 0 else {
      throw .encoding(path: path, reason: unsafe reason(of: image))
    }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    guard unsafe png_image_write_to_memory(&image, &bytes, &count, 0, pixels, 0, nil) != 0 else {
      throw .encoding(path: path, reason: unsafe reason(of: image))
    }
    return bytes
  }

  /// The name and version of the library that writes PNG files.
  package static var libraryVersion: String { "libpng-\(PNG_LIBPNG_VER_STRING)" }
}

private func reason(of image: png_image) -> String {
  unsafe withUnsafeBytes(of: image.message) { message in
    unsafe String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
  }
}

extension SpecGANError {
  /// libpng cannot encode a picture; `reason` is its message.
  package static func encoding(path: String, reason: String) -> SpecGANError {
    // "insufficient memory" or "out of memory".
    let isRefused = reason.contains("memory")
    return SpecGANError(
      isRefused ? .noMemory : .unwritable, "pictures.encoding",
      "\(path) cannot be written as PNG: \(reason)",
      advice: isRefused ? "free memory, or raise its limit (ulimit -v)." : "try a smaller picture.",
      path: path, found: reason)
  }
}
