import CSpecGANPNG
import SpecGANPictures
import Testing

/// The picture in the PNG file at `path`, decoded by libpng.
func decoded(_ path: String) throws -> Picture {
  var image = unsafe png_image()
  unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
  try #require(unsafe png_image_begin_read_from_file(&image, path) != 0)
  unsafe image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
  let (width, height) = unsafe (Int(image.width), Int(image.height))
  var bytes = [UInt8](repeating: 0, count: 3 * width * height)
  try #require(unsafe png_image_finish_read(&image, nil, &bytes, 0, nil) != 0)
  var picture = Picture(width: width, height: height, color: [0, 0, 0])
  for (index, start) in stride(from: 0, to: bytes.count, by: 3).enumerated() {
    picture[index % width, index / width] = [bytes[start], bytes[start + 1], bytes[start + 2]]
  }
  return picture
}
