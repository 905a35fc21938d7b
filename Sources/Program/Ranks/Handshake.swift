internal import CSpecGANKernels
internal import Foundation
package import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANRuns
package import SpecGANSettings

/// The request of the first rank to the others before a distributed run begins: what all of them
/// must have in common, and the settings.
package struct Handshake: Codable, Equatable, Sendable {
  /// The version of the program, with the commit.
  let version: String
  /// Whether the computation fuses multiplications with additions, which decides its bits: AVX2 and
  /// AVX-512 do, older processors cannot.
  let hasAVX2: Bool
  /// The arguments that say which run it is.
  let request: [String]
  /// The settings of the run.
  package let settings: String
  /// The path of the cache, as the first rank sees it.
  package let cache: String
  /// The fingerprint of the cache.
  let fingerprint: String

  /// Creates the request of this process for a run by `configuration` on `cache`, for which it was
  /// started with the arguments `request`.
  package init(_ request: [String], _ configuration: Configuration, on cache: Cache) {
    version = Self.version
    hasAVX2 = Self.hasAVX2
    self.request = request
    settings = configuration.yaml
    self.cache = cache.path
    fingerprint = cache.fingerprint
  }

  /// Reads a request; nil if `bytes` are none.
  package init?(_ bytes: [UInt8]) {
    guard let call = try? JSONDecoder().decode(Handshake.self, from: Data(bytes)) else {
      return nil
    }
    self = call
  }

  /// The bytes that ``init(_:)`` reads.
  package var bytes: [UInt8] {
    guard let bytes = try? JSONEncoder().encode(self) else { trap("a request is plain values") }
    return Array(bytes)
  }

  private static var version: String {
    [Versions.program, Versions.commit].compactMap(\.self).joined(separator: " ")
  }

  private static var hasAVX2: Bool { specgan_used_processor() != specgan_any_processor }

  /// Returns the reason for which this process, which was started with the arguments `request`,
  /// cannot take part; nil if it can.
  package func objection(_ request: [String]) -> String? {
    if version != Self.version { return "it is specgan \(Self.version), not \(version)" }
    if hasAVX2 != Self.hasAVX2 {
      let vectors = hasAVX2 ? "no AVX2" : "AVX2"
      return "its processor has \(vectors), unlike that of rank 0; the results would differ"
    }
    if request != self.request {
      return "its command is for \(request.joined(separator: " ")), not for "
        + self.request.joined(separator: " ")
    }
    return nil
  }

  /// Returns the reason for which `cache` cannot be used; nil if it is the one that is requested.
  package func objection(to cache: Cache) -> String? {
    cache.fingerprint == fingerprint
      ? nil : "\(cache.path) has the fingerprint \(cache.fingerprint), not \(fingerprint)"
  }
}
