internal import CSpecGANPNG
package import SpecGANErrors
internal import SpecGANFiles

extension Picture {
  /// Writes the picture as PNG, whole or not at all.
  ///
  /// - Throws: ``SpecGANError`` where `path` cannot be written.
  package func write(to path: String) throws(SpecGANError) {
    let bytes = try png(for: path)
    try unsafe AtomicFile.replace(path, with: bytes.span.bytes)
  }

  /// The bytes of a PNG file.
  ///
  /// - Throws: ``SpecGANError``.
  package func png() throws(SpecGANError) -> [UInt8] { try png(for: "A picture in memory") }

  /// The bytes of a PNG file that is meant for `path`.
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
}

private func reason(of image: png_image) -> String {
  unsafe withUnsafeBytes(of: image.message) { message in
    unsafe String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
  }
}
