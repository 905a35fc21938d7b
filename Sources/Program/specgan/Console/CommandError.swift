import SpecGANFiles
import SpecGANSettings
import Spectra

/// What only a command knows to be wrong.
enum CommandError: Error, CustomStringConvertible {
  /// Two inputs would write the same file.
  case equalStems(first: String, second: String, output: String)
  /// An input would be written over.
  case overwritesInput(path: String)
  /// A file is none of what a command takes.
  case unknownInput(path: String, expected: String)
  /// A tensor has another number of axes, or axes of other lengths, than a command takes.
  case shape(path: String, name: String, found: [Int], expected: String)
  /// Spectrograms come without the moments that normalised them.
  case noMoments(path: String, isGiven: Bool)
  /// Magnitudes are too large for a sound of finite samples; `place` says which.
  case tooLarge(place: String)
  /// A result could not be written to standard output.
  case lostResult(reason: String)
  /// A spectrogram cannot be used; `place` says which.
  case spectrogram(place: String, SpectraError)
  /// More sounds are to be kept than are made.
  case keepsMoreThanMade(keep: Int, count: Int)
  /// A file of latents has no such row.
  case noSuchRow(option: String, row: Int, path: String, count: Int)
  /// A checkpoint knows other labels, or none.
  case unknownLabel(String, path: String, known: [String])
  /// It is not said which label a sound is to be scored as.
  case noLabel(path: String, file: String, known: [String])

  var description: String {
    switch self {
    case .equalStems(let first, let second, let output):
      "\(first) and \(second) would both be written to \(output); rename one of them."
    case .overwritesInput(let path):
      "\(path) would be written over; choose another place to write to."
    case .unknownInput(let path, let expected):
      "\(path) is not something this command takes; give it \(expected)."
    case .shape(let path, let name, let found, let expected):
      "\(path): tensor '\(name)' has shape \(found) where \(expected) is needed; give a file with that shape."
    case .noMoments(let path, isGiven: false):
      "\(path) has spectrograms and no 'mean' and 'deviation'; "
        + "add --moments with the moments.safetensors of their cache."
    case .noMoments(let path, isGiven: true):
      "\(path) has no 'mean' and 'deviation'; give --moments the moments.safetensors of a cache."
    case .tooLarge(let place):
      "\(place) has magnitudes too large for a sound; scale them down."
    case .lostResult(let reason):
      "Standard output cannot be written: \(reason); send it to a file with room."
    case .spectrogram(let place, let error): "\(place): \(error)"
    case .keepsMoreThanMade(let keep, let count):
      "--keep \(keep) of --count \(count) sounds is not possible; make more, or keep fewer."
    case .noSuchRow(let option, let row, let path, let count):
      "--\(option) is \(row) and \(path) has \(count == 1 ? "row 0 alone" : "rows 0 to \(count - 1)"); "
        + "use one of them."
    case .unknownLabel(let label, let path, let known):
      known.isEmpty
        ? "--label is \(label) and \(path) knows of no labels; leave it out."
        : "--label is \(label) and \(path) knows \(Self.list(known)); use one of them."
    case .noLabel(let path, let file, let known):
      "\(path) scores a sound as one of its label, and \(file) says none; "
        + "add --label with \(Self.list(known, last: "or"))."
    }
  }

  /// `a, b and c`; of very many, the first.
  private static func list(_ names: [String], last: String = "and") -> String {
    guard names.count > 1 else { return names.first ?? "" }
    let most = 40
    let shown = names.count <= most ? names : names.prefix(most) + ["\(names.count - most) more"]
    return shown.dropLast().joined(separator: ", ") + " \(last) " + (shown.last ?? "")
  }

  var status: ExitStatus {
    switch self {
    case .equalStems, .overwritesInput, .keepsMoreThanMade, .noSuchRow, .unknownLabel, .noLabel:
      .usage
    case .unknownInput, .shape, .noMoments, .spectrogram, .tooLarge: .badData
    case .lostResult: .cannotWrite
    }
  }

  /// Refuses to write `output` over one of `inputs`.
  static func refuse(writing output: String, over inputs: [String?]) throws {
    for input in inputs.compactMap(\.self)
    where input == output || Folder.areSame(input, output) {
      throw CommandError.overwritesInput(path: output)
    }
  }

  /// Calls `body`, saying where the spectrogram is that it cannot use.
  static func naming<Result>(_ place: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as SpectraError {
      throw CommandError.spectrogram(place: place, error)
    } catch TrainingError.spectra(let error) {
      throw CommandError.spectrogram(place: place, error)
    }
  }
}
