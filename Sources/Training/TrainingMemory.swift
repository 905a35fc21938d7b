internal import Foundation
internal import Models
internal import Networks

/// The memory that training takes, known before any of it is.
enum TrainingMemory {
  /// Bytes that training `gan` with batches of `batch` takes: weights, gradients and the optimisers'
  /// slots, and the places of ``Plan``; scratch memory, which is small beside it, is left out.
  static func needed(_ gan: GAN, batch: Int) -> Int {
    let parameters = gan.generator.layout.count + gan.critic.layout.count
    let copies = 4  // weights, gradient, two slots
    let places =
      batch * 2 * gan.generator.placeCount + 2 * batch * 2 * gan.critic.placeCount
    return MemoryLayout<Float>.stride * (copies * parameters + places)
  }

  /// Checks that there is as much memory as training `gan` takes.
  ///
  /// - Throws: ``TrainingError/memory(needed:available:)``.
  static func check(_ gan: GAN, batch: Int) throws(TrainingError) {
    let needed = needed(gan, batch: batch)
    guard let available, needed > available else { return }
    throw .memory(needed: needed, available: available)
  }

  /// Bytes that Linux says can be had without swapping; nil where it does not say.
  private static var available: Int? {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else {
      return nil
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
  }
}
