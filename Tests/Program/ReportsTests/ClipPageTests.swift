import Foundation
import SpecGANErrors
import SpecGANModels
import SpecGANReports
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSynthesis
import SpecGANTestSupport
import Spectra
import Testing
import Waveforms

/// A page of clips, without a browser.
@Suite(.training) struct ClipPageTests {
  private static let hostile = "</ol><script>alert(1)</script>&\"'"

  private func clip(_ seed: UInt64, frames: Int = 2_048) -> Waveform {
    Waveform(
      samples: randomNumbers(frames, seed: seed).map { 0.5 * Float($0) }, channels: 1,
      sampleRate: 16_000)
  }

  private func description(_ folder: TemporaryFolder) throws -> ClipPage.Description {
    let small = try SmallRun(.wavegan, in: folder)
    try small.train(to: 1)
    let checkpoint = try RunFolder.checkpoint(for: small.run().path).checkpoint
    let latents = ChosenLatents(drawnFor: checkpoint.gan, count: 3, seed: 1)
    return ClipPage.Description(
      title: Self.hostile, statement: Self.hostile, source: ClipSource(latents, by: checkpoint),
      listName: Self.hostile, command: Self.hostile)
  }

  @Test func textStaysTextAndClipsAreTheirFiles() throws {
    try withTemporaryFolder { folder in
      let description = try description(folder)
      var clips = (0..<3).map { ClipPage.Clip(number: 4 * $0) }
      for index in clips.indices {
        clips[index].name = Self.hostile
        clips[index].label = Self.hostile
        clips[index].score = index == 0 ? .nan : 1.5
        clips[index].neighbor = ClipPage.Neighbor(
          slice: index, file: "x/\(Self.hostile)", distance: 0.5, isCopy: true)
      }
      let page = try ClipPage(to: folder.path("a.html"), description, of: clips, .init()) {
        clip(UInt64($0))
      }
      for index in 0..<3 { try page.take(clip(UInt64(9 + index)), at: index, stem: "x") }
      try page.finish()
      let text = String(decoding: try folder.bytes(of: "a.html"), as: UTF8.self)
      #expect(page.byteCount == text.utf8.count)
      #expect(text.ranges(of: "<script").count == 1 && text.ranges(of: "</ol>").count == 1)
      #expect(!text.contains("alert(1)</") && !text.contains("http:") && !text.contains("https:"))
      for index in 0..<3 {
        let wav = try AudioFile.bytes(of: clip(UInt64(9 + index)), format: .pcm16, name: "x")
        #expect(text.contains("\"data:audio/wav;base64,\(Data(wav).base64EncodedString())\""))
        let real = try AudioFile.bytes(of: clip(UInt64(index)), format: .pcm16, name: "x")
        #expect(text.ranges(of: Data(real).base64EncodedString()).count == 1)
      }
      #expect(text.contains("critic\u{A0}undefined") && text.contains("critic\u{A0}1.50"))
    }
  }

  /// The nearest training clips are embedded first, each once, until there is no room.
  @Test func trainingClipsAreEmbeddedAsFarAsThereIsRoom() throws {
    try withTemporaryFolder { folder in
      let description = try description(folder)
      let frames = ClipPage.mostRealBytes / 2 / 3
      var clips = (0..<6).map { ClipPage.Clip(number: $0) }
      for index in clips.indices {
        clips[index].neighbor = ClipPage.Neighbor(
          slice: index % 4, file: "f\(index % 4).wav", distance: Double(10 - index), isCopy: false)
      }
      var read: [Int] = []
      let page = try ClipPage(to: folder.path("a.html"), description, of: clips, .init()) {
        read.append($0)
        return clip(UInt64($0), frames: frames)
      }
      // Distances of slices: 10 and 6, 9 and 5, 8, 7. Three do not fit with their headers.
      #expect(read == [1, 0, 3])
      for index in clips.indices { try page.take(clip(50), at: index, stem: "x") }
      try page.finish()
      let text = String(decoding: try folder.bytes(of: "a.html"), as: UTF8.self)
      #expect(text.ranges(of: "<span data-slice=").count == 2)
      #expect(text.ranges(of: "class=\"real\" type=\"button\"").count == 4)
      #expect(text.contains("Only the nearest 2 training clips can be played."))
    }
  }

  @Test func aPageHasALargestSize() throws {
    let error = #expect(throws: SpecGANError.self) {
      try ClipPage.check(path: "a.html", count: 100_000, frames: 16_384, channels: 1)
    }
    #expect(error?.code == "reports.pageTooLarge" && error?.sentence.contains("a.html") == true)
    let most = try #require(error?.allowed.flatMap(Int.init))
    try ClipPage.check(path: "a.html", count: most, frames: 16_384, channels: 1)
    #expect(throws: SpecGANError.self) {
      try ClipPage.check(path: "a.html", count: most + 1, frames: 16_384, channels: 1)
    }
  }
}
