import Foundation
import RealModule
import SpecGANErrors
import SpecGANKits
import SpecGANTestSupport
import Testing
import Waveforms

@Suite struct KitTests {
  /// A decaying sine of 1,600 samples at 16 kHz.
  private func sine(_ hertz: Double, level: Float) -> Waveform {
    Waveform(
      samples: (0..<1_600).map { index in
        level * Float(Double.sin(2 * .pi * hertz * Double(index) / 16_000))
          * Float(Double.exp(-Double(index) / 800))
      }, channels: 1, sampleRate: 16_000)
  }

  private func clip(_ file: String, _ hertz: Double, level: Float) -> Kit.Clip {
    let measures = ClipMeasures(sine(hertz, level: level))
    return Kit.Clip(file: file, measures: measures, generated: measures)
  }

  private func voice(_ label: String, _ count: Int) -> (label: String, clips: [Kit.Clip]) {
    (
      label,
      (0..<count).map { index in
        clip(
          "X/\(VoiceName.plain(label)) \(index).wav", 200 + 100 * Double((index * 11) % count),
          level: 0.1 + 0.02 * Float((index * 13) % count))
      }
    )
  }

  // MARK: - Measures

  @Test func measuresOfASineAreItsOwn() {
    let samples = (0..<16_000).map { Float(Double.sin(2 * .pi * 1_000 * Double($0) / 16_000)) / 2 }
    let sine = Waveform(samples: samples, channels: 1, sampleRate: 16_000)
    let found = ClipMeasures(sine)
    #expect(abs(found.brightness - 1_000) < 1)
    #expect(abs(found.loudness - 20 * .log10(0.5 / 2.0.squareRoot())) < 0.001)
    #expect(abs(found.peak - 20 * .log10(0.5)) < 0.001)
    // Both channels are the same, and the loudest 100 ms count.
    let stereo = ClipMeasures(
      Waveform(samples: samples.flatMap { [$0, $0] }, channels: 2, sampleRate: 16_000))
    #expect(abs(stereo.loudness - found.loudness) < 1e-9 && stereo.peak == found.peak)
    #expect(abs(stereo.brightness - found.brightness) < 1e-6)
    let padded = ClipMeasures(
      Waveform(
        samples: [Float](repeating: 0, count: 777) + samples.prefix(1_600)
          + [Float](repeating: 0, count: 900), channels: 1, sampleRate: 16_000))
    #expect(abs(padded.loudness - found.loudness) < 0.001)
    let short = ClipMeasures(Waveform(samples: [0.5], channels: 1, sampleRate: 16_000))
    #expect(abs(short.loudness - short.peak) < 1e-9 && short.brightness == 0)
  }

  // MARK: - Layers

  /// Every velocity plays exactly one layer, every clip is in one, and a layer's are brighter and
  /// louder than those below by the sum of their ranks.
  @Test(arguments: [(1, 1), (1, 4), (2, 2), (7, 3), (8, 2), (8, 16), (40, 5), (100, 16)])
  func layersShareTheVelocities(_ count: Int, _ layers: Int) throws {
    let group = voice("kick", count)
    let kit = try Kit(name: "k", clips: [group], layers: layers)
    let found = kit.voices[0].layers
    #expect(found.count == min(count, layers))
    #expect(found.flatMap { Array($0.velocities) } == Array(1...127))
    #expect(
      Set(found.flatMap { $0.clips.map(\.clip.file) }) == Set(group.clips.map(\.file)))
    let sizes = found.map(\.clips.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1 && sizes.reduce(0, +) == count)
    func rank(_ clip: Kit.Clip) -> Int {
      group.clips.count { $0.measures.loudness < clip.measures.loudness }
        + group.clips.count { $0.measures.brightness < clip.measures.brightness }
    }
    for (lower, upper) in zip(found, found.dropFirst()) {
      let most = lower.clips.map { rank($0.clip) }.max() ?? 0
      #expect(upper.clips.allSatisfy { rank($0.clip) >= most })
    }
  }

  /// All clips play at one loudness, the largest that keeps each at or below −1 dBFS and 6 dB of
  /// gain.
  @Test func clipsPlayAtEqualLoudness() throws {
    let clips = (0..<6).map {
      clip("\($0).wav", 300 + 50 * Double($0), level: 0.2 + 0.1 * Float($0))
    }
    let kit = try Kit(name: "k", clips: [("kick", clips)], layers: 2)
    let played = kit.voices[0].layers.flatMap(\.clips)
    let loudness = played.map { $0.clip.measures.loudness + $0.gain }
    #expect((loudness.max() ?? 0) - (loudness.min() ?? 0) < 1e-9)
    let headroom = played.map { min(-1 - ($0.clip.measures.peak + $0.gain), 6 - $0.gain) }
    #expect(headroom.allSatisfy { $0 > -1e-9 } && (headroom.min() ?? 1) < 1e-9)
  }

  /// One nearly silent clip does not turn down the others by more than 12 dB.
  @Test func aQuietClipDoesNotSilenceTheOthers() throws {
    let clips = (0..<5).map { clip("\($0).wav", 300, level: $0 == 0 ? 0.001 : 0.5) }
    let played = try Kit(name: "k", clips: [("kick", clips)], layers: 1).voices[0].layers[0].clips
    #expect(abs(played[0].gain - 6) < 1e-9)
    for other in played.dropFirst() { #expect((-12 ... -6).contains(other.gain)) }
  }

  // MARK: - Files

  private func kit() throws -> Kit {
    try Kit(
      name: "My kit",
      clips: [
        voice("snare", 4), voice("hat_closed", 3), voice("hat_open", 2), voice("kick", 20),
        voice("a <b> & \"c\"", 1),
      ], layers: 2)
  }

  @Test func anotherReaderFindsAllRegions() throws {
    let kit = try kit()
    let text = kit.sfz(by: "specgan")
    #expect(text.utf8.allSatisfy { $0 < 128 && $0 != 0x0D } && !text.contains("\\"))
    let regions = SFZReader(text).regions
    #expect(regions.count == 30 && regions.allSatisfy { $0["loop_mode"] == "one_shot" })
    #expect(kit.voices.map(\.key) == [36, 38, 42, 46, 60])
    #expect(Set(regions.compactMap { $0["sample"] }).count == 30)
    for key in [36, 38, 42, 46, 60] {
      let voice = regions.filter { $0["key"] == "\(key)" }
      let isHat = key == 42 || key == 46
      #expect(
        voice.allSatisfy { $0["group"] == (isHat ? "1" : nil) && $0["off_by"] == $0["group"] })
      // At each velocity the positions of the regions are 1 to their number.
      for velocity in 1...127 {
        let played = voice.filter { region in
          guard let low = region["lovel"].flatMap({ Int($0) }),
            let high = region["hivel"].flatMap({ Int($0) })
          else { return false }
          return (low...high).contains(velocity)
        }
        let positions = played.compactMap { $0["seq_position"].flatMap { Int($0) } }.sorted()
        #expect(positions == Array(1...played.count))
        #expect(played.allSatisfy { $0["seq_length"] == "\(played.count)" })
      }
      #expect(voice.allSatisfy { (-144...6).contains(Double($0["volume"] ?? "") ?? 99) })
    }
    #expect(regions.contains { $0["sample"] == "X/kick 3.wav" })
  }

  /// Python's parser of XML and, if it is installed, the schema of Hydrogen.
  @Test(.enabled(if: OutsideTools.isWanted("python3"))) func theDrumkitIsXML() throws {
    try withTemporaryFolder { folder in
      let kit = try kit()
      try folder.write(Array(kit.hydrogen(by: "specgan").utf8), as: "drumkit.xml")
      let program = """
        import json, xml.etree.ElementTree as E
        n = "{http://www.hydrogen-music.org/drumkit}"
        root = E.parse("drumkit.xml").getroot()
        print(json.dumps([root.find(n + "name").text, [
          [i.find(n + "name").text, int(i.find(n + "midiOutNote").text),
           int(i.find(n + "muteGroup").text),
           [[l.find(n + "filename").text] + [float(l.find(n + t).text) for t in ("min", "max", "gain")]
            for l in i.iter(n + "layer")]]
          for i in root.iter(n + "instrument")]]))
        """
      let result = try RunningProgram("/usr/bin/env", ["python3", "-c", program], in: folder).wait()
      #expect(result.status == 0, "\(result.messages)")
      let parsed = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [Any]
      #expect(parsed?.first as? String == "My kit")
      let instruments = try #require(parsed?.last as? [[Any]])
      #expect(
        instruments.compactMap { $0[0] as? String }
          == ["kick", "snare", "hat_closed", "hat_open", "a <b> & \"c\""])
      #expect(instruments.compactMap { $0[1] as? Int } == [36, 38, 42, 46, 60])
      #expect(instruments.compactMap { $0[2] as? Int } == [-1, -1, 0, 0, -1])
      let layers = instruments.compactMap { $0[3] as? [[Any]] }
      // Hydrogen takes 16 clips of an instrument: eight of each layer of the kick.
      #expect(layers.map(\.count) == [16, 4, 3, 2, 1])
      #expect(kit.hydrogenFiles.count == 26)
      for layer in layers.joined() {
        let file = try #require(layer[0] as? String)
        #expect(!file.contains("/") && kit.hydrogenFiles.contains("X/\(file)"))
      }
      for instrument in layers {
        let ranges = instrument.map { ($0[1] as? Double ?? -1, $0[2] as? Double ?? -1) }
        for velocity in 1...127 {
          let value = Double(velocity) / 127
          #expect(ranges.contains { $0.0 <= value && value <= $0.1 })
        }
        let first = instrument.filter { $0[1] as? Double == 0 }.count
        #expect(first == (instrument.count == 1 ? 1 : instrument.count / 2))
      }
    }
  }

  @Test func tarReadsTheArchive() throws {
    try withTemporaryFolder { folder in
      let long = String(repeating: "n", count: 100)
      try folder.write([UInt8](repeating: 7, count: 1_025), as: "a")
      try folder.write([UInt8](repeating: 8, count: 512), as: "b")
      func write(_ name: String) throws -> [UInt8] {
        try TarArchive.write(
          [
            ("x y.txt", .text("héllo")), ("empty", .text("")), (long, .file(folder.path("a"))),
            ("b", .file(folder.path("b"))),
          ], in: "My kit", to: folder.path(name))
        return try folder.bytes(of: name)
      }
      let bytes = try write("kit.tar")
      #expect(bytes.count % 512 == 0)
      #expect(try write("again.tar") == bytes)
      let result = try RunningProgram("/usr/bin/env", ["tar", "xf", "kit.tar"], in: folder).wait()
      #expect(result.status == 0 && result.messages.isEmpty, "\(result.messages)")
      #expect(try folder.bytes(of: "My kit/x y.txt") == Array("héllo".utf8))
      #expect(try folder.bytes(of: "My kit/empty").isEmpty)
      #expect(try folder.bytes(of: "My kit/\(long)") == folder.bytes(of: "a"))
      #expect(try folder.bytes(of: "My kit/b") == folder.bytes(of: "b"))
    }
  }
}
