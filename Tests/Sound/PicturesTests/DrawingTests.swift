import SpecGANPictures
import Testing

/// Curves and text in pictures.
@Suite struct DrawingTests {
  private static let white: SIMD3<UInt8> = [255, 255, 255]
  private static let black: SIMD3<UInt8> = [0, 0, 0]

  /// Ink in a column, as a share of a whole pixel each, and its middle.
  private static func column(_ x: Int, of picture: Picture) -> (ink: Double, middle: Double) {
    let inks = (0..<picture.height).map { 1 - Double(picture[x, $0].x) / 255 }
    let ink = inks.reduce(0, +)
    return (ink, inks.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } / ink)
  }

  /// A level line is as thick as it should be, at its height, from end to end; smooth where it is
  /// between pixels.
  @Test(arguments: [(Float(0), 20.0), (0.5, 12.0), (-0.53, 28.48)])
  func aLevelLineIsAtItsHeight(_ value: Float, _ y: Double) {
    var picture = Picture(width: 61, height: 41, color: Self.white)
    picture.draw(
      curve: [value, value, value], range: -1...1, margin: 4, thickness: 3, Self.black)
    for x in 4...56 {
      let found = Self.column(x, of: picture)
      #expect(abs(found.ink - 3) < 0.02 && abs(found.middle - y) < 0.02)
    }
    #expect(picture[1, Int(y)] == Self.white && picture[59, Int(y)] == Self.white)
  }

  /// Larger values are further up, and the points are evenly spaced.
  @Test func aCurveGoesThroughItsPoints() {
    let values: [Float] = [-1, 1, 0, 0.5, -0.5]
    var picture = Picture(width: 101, height: 61, color: Self.white)
    picture.draw(curve: values, range: -1...1, margin: 10, thickness: 2, Self.black)
    for (index, value) in values.enumerated() {
      let (x, y) = (10 + 20 * index, 10 + Int(20 * (1 - value)))
      #expect(picture[x, y].x < 90, "point \(index)")
    }
    // Half way between the second and the third.
    #expect(picture[40, 20] == Self.black && picture[40, 10] == Self.white)
  }

  /// More points than pixels, or fewer than three.
  @Test func anyNumberOfPointsIsDrawn() {
    for count in [2, 3, 101, 512, 5_000] {
      var picture = Picture(width: 101, height: 41, color: Self.white)
      picture.draw(
        curve: [Float](repeating: 0, count: count), range: -1...1, margin: 10, thickness: 2.5,
        Self.black)
      for x in 10...90 { #expect(abs(Self.column(x, of: picture).ink - 2.5) < 0.02) }
      #expect(picture[5, 20] == Self.white && picture[95, 20] == Self.white)
    }
  }

  @Test func charactersAreToldFromEachOther() {
    let visible = (0x21...0x7E).compactMap(Unicode.Scalar.init).map(Character.init)
    let characters = visible + [" "]
    var pictures: [Picture] = []
    for character in characters {
      var picture = Picture(width: 10, height: 14, color: Self.white)
      picture.write(String(character), x: 0, y: 0, scale: 2, Self.black)
      for other in pictures { #expect(picture != other, "\(character)") }
      pictures.append(picture)
    }
    #expect(pictures.last == Picture(width: 10, height: 14, color: Self.white))
    #expect(Picture.width(of: "10%", scale: 2) == 34 && Picture.width(of: "", scale: 3) == 0)
  }

  @Test func lettersLoseTheirAccents() {
    func picture(_ text: String) -> Picture {
      var picture = Picture(width: 40, height: 7, color: Self.white)
      picture.write(text, x: 0, y: 0, scale: 1, Self.black)
      return picture
    }
    #expect(picture("Ca\u{301}mé") == picture("Came") && picture("ス鼓1") == picture("??1"))
  }

  /// A caption that is too long is cut, and the picture stays as it is below.
  @Test func aCaptionStandsAboveThePicture() {
    let picture = Picture(width: 17, height: 5, color: Self.black)
    let captioned = picture.captioned("00003-kick")
    #expect(captioned == picture.captioned("000") && captioned != picture.captioned("001"))
    #expect(captioned.width == 17 && captioned.height == 15)
    for x in 0..<17 {
      #expect(
        (10..<15).allSatisfy { captioned[x, $0] == Self.black } && captioned[x, 9] == Self.white)
    }
  }

  @Test func textRunsToTheRight() {
    let size = Picture.width(of: "1.", scale: 1)
    var picture = Picture(width: size, height: 7, color: Self.white)
    picture.write("1.", x: 0, y: 0, scale: 1, Self.black)
    let rows = (0..<7).map { y in
      String((0..<size).map { picture[$0, y] == Self.black ? "#" : "." as Character })
    }
    #expect(
      rows == [
        "..#........", ".##........", "..#........", "..#........", "..#........", "..#....##..",
        ".###...##..",
      ])
  }

  /// Blue over white to red, one as dark as the other.
  @Test func theBalancedMapHasWhiteInItsMiddle() {
    let map = ColorMap.balance
    let middle = map[0.5]
    #expect((0..<3).allSatisfy { middle[$0] > 245 })
    #expect(map[0].z > map[0].x &+ 60 && map[1].x > map[1].z &+ 60)
    #expect(map.colors.count == 255)
  }
}
