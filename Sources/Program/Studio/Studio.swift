internal import Foundation
internal import SpecGANErrors
internal import SpecGANExploration
internal import SpecGANKits
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
package import SpecGANTensors

/// The studio: a function from requests to responses. It keeps nothing of the user.
///
/// | request | response |
/// |---|---|
/// | `GET /` | the page |
/// | `GET /runs` | the runs, as JSON |
/// | `GET /map`, `GET /directions` | those of a run, as JSON; 202 while they are being computed |
/// | `GET /sound` | a sound as WAV, to play |
/// | `GET /latent` | the latent, label and number of a sound, as JSON |
/// | `GET /download` | a sound as WAV, with its recipe |
/// | `POST /kit` | a kit of sounds as ZIP |
///
/// A ``StudioSound`` names a sound in the query; nothing names a file.
package struct Studio: Sendable {
  /// The runs.
  package let runs: [StudioRun]
  /// The random seed of sounds that name none.
  package let seed: UInt64

  /// The largest number of runs.
  package static let mostRuns = 16
  /// The largest number of sounds in a kit.
  private static let mostSounds = 256

  /// Creates a studio of `runs`.
  package init(_ runs: [StudioRun], seed: UInt64) { (self.runs, self.seed) = (runs, seed) }

  /// Finds the maps of all runs, then their directions.
  ///
  /// - Parameters:
  ///   - engine: the threads, which differ from those of the sounds.
  ///   - isStopped: returns true to stop.
  package func findAll(on engine: Engine, isStopped: () -> Bool = { false }) {
    for run in runs { run.findMap(on: engine, isStopped: isStopped) }
    for run in runs { run.findDirections(on: engine, isStopped: isStopped) }
  }

  /// Returns the response to `request` at the address 127.0.0.1 with `port`.
  package func response(to request: StudioRequest, at port: Int) -> StudioResponse {
    do throws(SpecGANError) {
      try request.checkOrigin(port: port)
      return try response(to: request)
    } catch { return StudioResponse(error) }
  }

  private func response(to request: StudioRequest) throws(SpecGANError) -> StudioResponse {
    guard let route = Route(rawValue: request.path) else {
      throw .studioUnknownPath(request.path)
    }
    let allowed = route == .kit ? "POST" : "GET"
    let isHead = request.method == "HEAD" && allowed == "GET"
    guard request.method == allowed || isHead else {
      throw .studioMethod(request.method, path: request.path, allowed: allowed)
    }
    let query = try StudioQuery(request.query)
    switch route {
    case .page:
      return StudioResponse(
        type: "text/html; charset=utf-8", Array(StudioPage.served.utf8))
    case .runs:
      try query.check(names: [])
      return StudioResponse(json: RunList(self))
    case .map: return Self.response(try run(query).map) { MapReport($0) }
    case .directions: return Self.response(try run(query).directions) { DirectionReport($0) }
    case .sound:
      let sound = try StudioSound(query, seed: seed, besides: [])
      return StudioResponse(type: "audio/wav", try run(of: sound).played(sound))
    case .latent:
      let sound = try StudioSound(query, seed: seed, besides: [])
      return StudioResponse(json: LatentReport(try run(of: sound).latents(of: sound)))
    case .download:
      let sound = try StudioSound(query, seed: seed, besides: ["name"])
      let run = try run(of: sound)
      let title = VoiceName.plain(query["name"] ?? run.name)
      return StudioResponse(
        type: "audio/wav", fileName: "\(title).wav", try run.written(sound, title: title))
    case .kit:
      try query.check(names: [])
      return try kit(request.body)
    }
  }

  private enum Route: String {
    case page = "/"
    case runs = "/runs"
    case map = "/map"
    case directions = "/directions"
    case sound = "/sound"
    case latent = "/latent"
    case download = "/download"
    case kit = "/kit"
  }

  /// Returns the run that the query names alone.
  private func run(_ query: StudioQuery) throws(SpecGANError) -> StudioRun {
    try query.check(names: ["run"])
    return runs[try query.integer("run", in: 0...runs.count - 1, standard: 0)]
  }

  private func run(of sound: StudioSound) throws(SpecGANError) -> StudioRun {
    guard runs.indices.contains(sound.run) else {
      throw .studioParameter(
        "run is \(sound.run); use a whole number from 0 to \(runs.count - 1)")
    }
    return runs[sound.run]
  }

  private static func response<Value: Sendable, Report: Encodable>(
    _ finding: StudioRun.Finding<Value>, _ report: (Value) -> Report
  ) -> StudioResponse {
    switch finding {
    case .known(let value): StudioResponse(json: report(value))
    case .pending(let done, let total): StudioResponse(202, json: ["done": done, "total": total])
    case .failed(let error): StudioResponse(error)
    }
  }

  private func kit(_ body: [UInt8]) throws(SpecGANError) -> StudioResponse {
    guard let order = try? JSONDecoder().decode(KitOrder.self, from: Data(body)) else {
      throw .studioParameter(
        "The body is no kit; send JSON with name and sounds, each with sound and name")
    }
    guard (1...Self.mostSounds).contains(order.sounds.count) else {
      throw .studioParameter(
        "The kit has \(order.sounds.count) sounds; use 1 to \(Self.mostSounds)")
    }
    var sounds: [StudioSound] = []
    for entry in order.sounds { sounds.append(try StudioSound(entry.sound, seed: seed)) }
    let run = try run(of: sounds[0])
    var latents: [ChosenLatents] = []
    for sound in sounds {
      guard sound.run == sounds[0].run else {
        throw .studioParameter("The kit has sounds of different runs")
      }
      let chosen = try run.latents(of: sound)
      if let first = latents.first, first.seed != chosen.seed {
        throw .studioParameter("The kit has sounds of different seeds")
      }
      latents.append(chosen)
    }
    let name = VoiceName.plain(order.name)
    let archive = try run.kit(
      of: ChosenLatents(joining: latents), name: name, clipNames: order.sounds.map(\.name))
    return StudioResponse(type: "application/zip", fileName: "\(name).zip", archive)
  }

  /// A kit as the page sends it.
  private struct KitOrder: Decodable {
    let name: String
    let sounds: [Entry]

    struct Entry: Decodable {
      let sound: String
      let name: String?
    }
  }
}
