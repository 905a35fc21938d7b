import SpecGANErrors
import SpecGANFiles
import SpecGANPictures
import SpecGANTestSupport
import Testing

@Suite struct PicturesTests {
  @Test func whatIsWrittenIsDecodedAgain() throws {
    var picture = Picture(width: 3, height: 2, color: [10, 20, 30])
    picture[0, 0] = [255, 0, 0]
    picture[2, 0] = [0, 255, 0]
    picture[0, 1] = [0, 0, 255]
    try withTemporaryFolder { folder in
      try picture.write(to: folder.path("x.png"))
      #expect(try decoded(folder.path("x.png")) == picture)
    }
  }

  /// Four frames of three bins: a low tone throughout, a high one in the second frame.
  @Test func lowFrequenciesAreBelowAndTimeRunsToTheRight() throws {
    let values: [Float] = [1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0]
    let picture = Picture(spectrogram: values, frames: 4, bins: 3, range: 0...1, scale: 2)
    try withTemporaryFolder { folder in
      try picture.write(to: folder.path("x.png"))
      let found = try decoded(folder.path("x.png"))
      #expect(found.width == 8 && found.height == 6)
      for x in 0..<8 {
        for y in 0..<6 {
          let isLoud = y >= 4 || (y < 2 && (2..<4).contains(x))
          #expect(found[x, y] == ColorMap.dusk[isLoud ? 1 : 0], "(\(x), \(y))")
        }
      }
    }
  }

  @Test func valuesAreSpreadOverTheRange() {
    let values: [Float] = [-8, -6, -4, -9, 7, .infinity, -.infinity, .nan]
    let picture = Picture(spectrogram: values, frames: 8, bins: 1, range: -8 ... -4, scale: 1)
    let colors = (0..<8).map { picture[$0, 0] }
    let map = ColorMap.dusk.colors
    #expect(colors == [0, 128, 255, 0, 255, 255, 0, 0].map { map[$0] })
  }

  @Test func anEmptyRangeIsDrawnAllTheSame() {
    let picture = Picture(spectrogram: [1, 2, 3], frames: 3, bins: 1, range: 2...2, scale: 1)
    let map = ColorMap.dusk.colors
    #expect((0..<3).map { picture[$0, 0] } == [map[0], map[0], map[255]])
  }

  @Test func aSheetHasItsPicturesInRowsAndColumns() {
    let red = Picture(width: 2, height: 1, color: [255, 0, 0])
    let green = Picture(width: 1, height: 3, color: [0, 255, 0])
    let blue = Picture(width: 4, height: 1, color: [0, 0, 255])
    let sheet = Picture.sideBySide([[red, green], [blue]], gap: 1)
    #expect(sheet.width == 4 + 1 + 1 && sheet.height == 3 + 1 + 1)
    let rows = (0..<sheet.height).map { y in
      String((0..<sheet.width).map { x in letter(sheet[x, y]) })
    }
    #expect(rows == ["rr...g", ".....g", ".....g", "......", "bbbb.."])
  }

  private func letter(_ color: SIMD3<UInt8>) -> Character {
    switch color {
    case [255, 0, 0]: "r"
    case [0, 255, 0]: "g"
    case [0, 0, 255]: "b"
    case [255, 255, 255]: "."
    default: "?"
    }
  }

  @Test func aPathThatCannotBeWrittenIsNamed() {
    let path = "/nowhere/at/all.png"
    let reason = "No such file or directory"
    #expect(throws: SpecGANError.unwritable(path: path, reason: reason)) {
      try Picture(width: 1, height: 1, color: [0, 0, 0]).write(to: path)
    }
  }

  /// libpng's limit is a million pixels across.
  @Test func whatLibpngRefusesIsNamed() throws {
    try withTemporaryFolder { folder in
      let picture = Picture(width: 1_000_001, height: 1, color: [0, 0, 0])
      #expect {
        try picture.write(to: folder.path("x.png"))
      } throws: { error in
        guard let error = error as? SpecGANError else { return false }
        return error.code == "pictures.encoding" && error.path == folder.path("x.png")
          && error.found?.isEmpty == false && error.sentence.hasSuffix(".")
      }
      let names = try folder.names()
      #expect(names == [])
    }
  }
}
