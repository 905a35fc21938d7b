import Safetensors
import Scores
import SpecGANDatasets
import SpecGANFiles
import SpecGANPictures
import SpecGANSettings
import Spectra
import Waveforms

/// What the program leaves with, by the numbers of BSD's `sysexits.h`.
enum ExitStatus: Int32, Error {
  case usage = 64
  case badData = 65
  case noInput = 66
  case cannotWrite = 73
  case interrupted = 130
  case terminated = 143

  /// The status that goes with `error`; nil for those of the argument parser.
  init?(_ error: any Error) {
    switch error {
    case let error as CommandError: self = error.status
    case let error as FileError: self.init(error)
    case let error as SafetensorsError: self.init(error)
    case let error as AudioFileError: self.init(error)
    case let error as PictureError: self.init(error)
    case let error as DatasetError: self.init(error)
    case let error as ConfigurationError: self.init(error)
    case let error as TrainingError: self.init(error)
    case let error as EvaluationError: self.init(error)
    case is SpectraError, is WaveformError: self = .badData
    default: return nil
    }
  }

  private init(_ error: FileError) {
    switch error {
    case .notFound, .unreadable: self = .noInput
    case .unwritable, .unappendable, .unflushed: self = .cannotWrite
    }
  }

  private init(_ error: SafetensorsError) {
    if case .file(let error) = error { self.init(error) } else { self = .badData }
  }

  private init(_ error: AudioFileError) {
    switch error {
    case .file(let error): self.init(error)
    case .unstorable: self = .cannotWrite
    default: self = .badData
    }
  }

  private init(_ error: PictureError) {
    if case .file(let error) = error { self.init(error) } else { self = .cannotWrite }
  }

  private init(_ error: ConfigurationError) {
    switch error {
    case .file(let error): self.init(error)
    case .assignment: self = .usage
    default: self = .badData
    }
  }

  private init(_ error: DatasetError) {
    switch error {
    case .file(let error): self.init(error)
    case .tensors(let error): self.init(error)
    case .missingInput, .notCache: self = .noInput
    case .noInputs: self = .usage
    case .occupied, .busy, .irreplaceable: self = .cannotWrite
    case .interrupted: self = .interrupted
    default: self = .badData
    }
  }

  private init(_ error: TrainingError) {
    switch error {
    case .file(let error): self.init(error)
    case .tensors(let error): self.init(error)
    case .configuration(let error): self.init(error)
    case .dataset(let error): self.init(error)
    case .audio(let error): self.init(error)
    case .picture(let error): self.init(error)
    case .noCheckpoint: self = .noInput
    case .runExists, .busy: self = .cannotWrite
    default: self = .badData
    }
  }

  private init(_ error: EvaluationError) {
    switch error {
    case .file(let error): self.init(error)
    case .tensors(let error): self.init(error)
    case .dataset(let error): self.init(error)
    case .picture(let error): self.init(error)
    case .training(let error): self.init(error)
    case .inversionMethod: self = .noInput
    case .outputIsCache: self = .cannotWrite
    case .notInverted, .sameSounds: self = .usage
    case .interrupted: self = .interrupted
    default: self = .badData
    }
  }
}
