internal import SpecGANWireFormat

/// A record of an event file.
///
/// The field numbers are those of tensorboard/compat/proto/event.proto.
package struct Event {
  /// The contents of an event.
  package enum Content {
    /// The version of the format, the first event of a file.
    case fileVersion
    /// The start of a session: events of this step and later ones in other files become invalid.
    case sessionStart
    /// The values of a step.
    case summary(Summary)
  }

  /// The time, in s since 1970.
  let time: Double
  let step: Int
  let content: Content

  package init(time: Double, step: Int, content: Content) {
    self.time = time
    self.step = step
    self.content = content
  }

  /// The encoded message.
  package var bytes: [UInt8] {
    var message = Message()
    message.append(Field.wallTime, time)
    message.append(Field.step, step)
    switch content {
    case .fileVersion: message.append(chosen: Field.fileVersion, "brain.Event:2".utf8)
    case .summary(let summary): message.append(chosen: Field.summary, summary.message.bytes)
    case .sessionStart:
      var log = Message()
      log.append(Field.status, Self.start)
      message.append(chosen: Field.sessionLog, log.bytes)
    }
    return message.bytes
  }

  private static let start = 1

  private enum Field {
    static let wallTime: UInt64 = 1
    static let step: UInt64 = 2
    static let fileVersion: UInt64 = 3
    static let summary: UInt64 = 5
    static let sessionLog: UInt64 = 7
    /// The status of a session log.
    static let status: UInt64 = 1
  }
}
