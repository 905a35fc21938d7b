/// The sample format of a WAV file to write.
public enum SampleFormat: String, CaseIterable, Sendable {
  /// 16-bit integers.
  case pcm16 = "pcm16"
  /// 32-bit floating point.
  case float = "float"

  var byteCount: Int { self == .pcm16 ? 2 : 4 }
}
