import Foundation
import SpecGANDatasets
import SpecGANModels
import SpecGANRanks
import SpecGANRunSupport
import SpecGANTestSupport
import Testing

@Suite struct HandshakeTests {
  private static let arguments = ["run.yaml", "--run run"]

  @Test func aRankLikeTheFirstOneHasNoObjection() throws {
    let (request, cache) = try Self.request()
    let received = try #require(Handshake(request.bytes))
    #expect(received == request)
    #expect(received.objection(Self.arguments) == nil)
    #expect(received.objection(to: cache) == nil)
  }

  /// A rank that differs names the difference.
  @Test func aRankThatDiffersSaysWhy() throws {
    let (request, cache) = try Self.request()
    func changed(_ key: String, _ value: Any) throws -> Handshake {
      let object = try JSONSerialization.jsonObject(with: Data(request.bytes))
      var values = try #require(object as? [String: Any])
      #expect(values[key] != nil)
      values[key] = value
      return try #require(Handshake(Array(JSONSerialization.data(withJSONObject: values))))
    }
    let version = try changed("version", "9.9").objection(Self.arguments)
    #expect(version?.hasPrefix("it is specgan ") == true && version?.hasSuffix(", not 9.9") == true)
    let bytes = String(decoding: request.bytes, as: UTF8.self)
    let processor = try changed("hasAVX2", !bytes.contains("\"hasAVX2\":true"))
    #expect(processor.objection(Self.arguments)?.contains("unlike that of rank 0") == true)
    #expect(
      request.objection(["other.yaml"])
        == "its command is for other.yaml, not for run.yaml --run run")
    let other = try changed("fingerprint", "00000000").objection(to: cache)
    #expect(other?.hasSuffix("\(cache.fingerprint), not 00000000") == true)
    #expect(Handshake(Array("no request".utf8)) == nil)
  }

  private static func request() throws -> (Handshake, Cache) {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.wavegan, in: folder)
      return (Handshake(arguments, small.configuration, on: small.cache), small.cache)
    }
  }
}
