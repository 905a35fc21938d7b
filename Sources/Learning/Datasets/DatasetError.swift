public import Safetensors
public import SpecGANFiles
public import Spectra

/// Why a cache could not be made or read.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No INPUT was given.
  case noInputs
  /// An INPUT is not there.
  case missingInput(path: String)
  /// A setting is out of range; `allowed` completes "use …".
  case setting(key: String, found: String, allowed: String)
  /// The spectrogram's settings, or its moments, cannot be used.
  case spectra(SpectraError)
  /// The INPUTs hold no files at all.
  case noFiles(inputs: [String])
  /// Not one of `count` files gave a slice; `first` are the first of them.
  case nothingUsable(count: Int, first: [SkippedSource])
  /// What is at the output's path is not a cache; `reason` says what is.
  case occupied(path: String, reason: String)
  /// Another run is writing to the output now.
  case busy(path: String)
  /// The file system cannot put a new cache in an old one's place in one step.
  case irreplaceable(path: String)
  /// The caller asked to stop; nothing was changed.
  case interrupted
  /// The system refused to read or write.
  case file(FileError)
  /// A tensor file cannot be read or written.
  case tensors(SafetensorsError)
  /// There is no cache at the path.
  case notCache(path: String)
  /// The cache was written by another version of this program.
  case schemaVersion(path: String, found: Int, supported: Int)
  /// The cache contradicts itself; `path` is the file and `reason` what is wrong in it.
  case damaged(path: String, reason: String)
  /// The cache was replaced by another while it was being opened.
  case replaced(path: String)
  /// No sound of the cache has a second slice, so none can be cropped elsewhere.
  case noCrops(path: String)

  /// A sentence: what, where, and what to do.
  public var description: String {
    switch self {
    case .noInputs: "No input was given; name a folder of sounds."
    case .missingInput(let path): "\(path) does not exist; check the path."
    case .setting(let key, let found, let allowed): "\(key) is \(found); use \(allowed)."
    case .spectra(let error): error.description
    case .noFiles(let inputs):
      "\(inputs.joined(separator: ", ")) holds no files; name a folder of sounds."
    case .nothingUsable(let count, let first):
      "None of \(count) files could be used: "
        + first.map { "\($0.path) \($0.reason)" }.joined(separator: " ")
    case .occupied(let path, let reason):
      "\(path) \(reason); choose another output, or move it away."
    case .busy(let path): "Another run is writing \(path); wait for it, or choose another output."
    case .irreplaceable(let path):
      "\(path) lies on a file system that cannot exchange folders; delete it first."
    case .interrupted: "The work was interrupted; nothing was changed."
    case .file(let error): error.description
    case .tensors(let error): error.description
    case .notCache(let path):
      "\(path) is not a cache; make one with specgan preprocess INPUT --output \(path)."
    case .schemaVersion(let path, let found, let supported):
      "\(path) is a cache of version \(found), and this program reads version \(supported); "
        + "preprocess the sounds again."
    case .damaged(let path, let reason):
      "\(path) is damaged: \(reason); preprocess the sounds again."
    case .replaced(let path): "\(path) was replaced while it was being read; open it again."
    case .noCrops(let path):
      "\(path) has no sound that is longer than a slice, so there is nothing to crop at random; "
        + "set training.random_crops to false, or preprocess longer sounds."
    }
  }

  /// The sentence up to what to do, for another that says what to do itself.
  var withoutAdvice: String { String(description.prefix { $0 != ";" }) }

  /// The same, where it was thrown on reading a file that a cache must have.
  var inCache: DatasetError {
    guard case .file(.notFound(let path)) = self else { return self }
    return .damaged(path: path, reason: "it is missing")
  }
}

/// Calls `body`, with what goes wrong with tensor files as this module's error.
func withTensorFiles<Result>(
  _ body: () throws(SafetensorsError) -> Result
) throws(DatasetError) -> Result {
  do throws(SafetensorsError) {
    return try body()
  } catch .file(let error) {
    throw .file(error)
  } catch {
    throw .tensors(error)
  }
}

/// Calls `body`, with what goes wrong with files as this module's error.
func withFiles<Result: ~Copyable>(
  _ body: () throws(FileError) -> Result
) throws(DatasetError) -> Result {
  do throws(FileError) { return try body() } catch { throw .file(error) }
}

/// Calls `body`, with what goes wrong with spectrograms as this module's error.
func withSpectra<Result: ~Copyable>(
  _ body: () throws(SpectraError) -> Result
) throws(DatasetError) -> Result {
  do throws(SpectraError) { return try body() } catch { throw .spectra(error) }
}

extension DatasetError {
  /// That number `slice` of the cache at `path`, or what is computed of it, is not finite; what preprocessing writes is.
  package static func notFinite(slice: Int, of path: String) -> DatasetError {
    .damaged(
      path: path, reason: "slice \(slice) holds a number that is not finite, or far too large")
  }
}
