internal import SpecGANErrors

extension SpecGANError {
  /// Returns the error that a request has a parameter that cannot be used; `statement` says which.
  static func studioParameter(_ statement: String) -> SpecGANError {
    SpecGANError(.misuse, .studioParameter, "\(statement).")
  }

  /// Returns the error that a request is no HTTP that the studio supports.
  static func studioRequest(_ statement: String) -> SpecGANError {
    SpecGANError(.misuse, .studioRequest, "\(statement).")
  }

  /// Returns the error that a request comes from another site, or is for another host.
  static func studioForbidden(_ statement: String) -> SpecGANError {
    SpecGANError(.misuse, .studioForbidden, "\(statement).")
  }

  /// Returns the error that the studio has no page `path`.
  static func studioUnknownPath(_ path: String) -> SpecGANError {
    SpecGANError(.missing, .studioUnknownPath, "The studio has nothing at \(path).")
  }

  /// Returns the error that a page of the studio has no `method`.
  static func studioMethod(_ method: String, path: String, allowed: String) -> SpecGANError {
    SpecGANError(
      .misuse, .studioMethod, "\(path) has no method \(method)", advice: "use \(allowed).")
  }

  /// Returns the error that a request is larger than `limit` bytes.
  static func studioTooLarge(limit: Int) -> SpecGANError {
    SpecGANError(.misuse, .studioTooLarge, "The request has more than \(limit) bytes.")
  }

  /// Returns the error that the head of a request is larger than `limit` bytes.
  static func studioHeadTooLarge(limit: Int) -> SpecGANError {
    SpecGANError(
      .misuse, .studioHeadTooLarge, "The head of the request has more than \(limit) bytes.")
  }

  /// Returns the error that something of a run is still being computed.
  static func studioNotReady(_ what: String) -> SpecGANError {
    SpecGANError(
      .occupied, .studioNotReady, "\(what) are still being computed",
      advice: "try again in a few seconds.")
  }

  /// Returns the error that the studio was stopped while it computed.
  static var studioStopped: SpecGANError {
    SpecGANError(.interrupted, "studio.stopped", "The studio was stopped.")
  }

  /// Returns the error that a map of the generator at `path` has no sound.
  static func onlySilence(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "studio.onlySilence", "\(path): all sounds of the map are silent",
      advice: "train longer.", path: path)
  }

  /// Returns the error that a port cannot be listened on; `reason` is in the system's words.
  static func studioPort(_ port: Int, reason: String, errno: Int32) -> SpecGANError {
    SpecGANError(
      .occupied, "studio.port", "Port \(port) of 127.0.0.1 cannot be opened: \(reason)",
      advice: "choose another one.", found: "\(port)", errno: errno)
  }
}

extension SpecGANError.Code {
  static let studioParameter: Self = "studio.parameter"
  static let studioRequest: Self = "studio.request"
  static let studioForbidden: Self = "studio.forbidden"
  static let studioUnknownPath: Self = "studio.unknownPath"
  static let studioMethod: Self = "studio.method"
  static let studioTooLarge: Self = "studio.tooLarge"
  static let studioHeadTooLarge: Self = "studio.headTooLarge"
  static let studioNotReady: Self = "studio.notReady"
}
