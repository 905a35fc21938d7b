/// The kinds of scores, in the order of the table. The raw values are the keys of its JSON.
package enum ScoreKind: String, CaseIterable, Sendable {
  case inceptionScore = "inception_score"
  case modifiedInceptionScore = "modified_inception_score"
  case amScore = "am_score"
  case classesReached = "classes_reached"
  case accuracy
  case frechetDistance = "frechet_distance"
  case frechetExtrapolated = "frechet_distance_extrapolated"
  case kernelDistance = "kernel_distance"
  case precision, recall, density, coverage
  case differentBins = "ndb"
  case binDivergence = "jsd"
  case distanceToOthers = "distance_self"
  case distanceToTraining = "distance_train"
  case referenceDistanceToOthers = "distance_self_2048"
  case referenceDistanceToTraining = "distance_train_2048"
  case copies
  case consistency
  case convergence = "inversion_spectral_convergence_db"
  case logSpectralDistance = "inversion_log_spectral_distance_db"

  /// The direction in which a score improves.
  package enum Direction: String, Sendable {
    /// Higher is better.
    case higher
    /// Lower is better.
    case lower
    /// 1, the value of real audio, is best.
    case one
    /// The value of the real clips is best.
    case real

    /// The sign in the table.
    package var sign: String {
      switch self {
      case .higher: "↑"
      case .lower: "↓"
      case .one: "→ 1"
      case .real: "→ real"
      }
    }
  }

  /// The name for people.
  package var name: String { text.name }
  /// The direction in which it improves.
  package var direction: Direction { text.direction }
  /// An explanation in a sentence or two.
  package var explanation: String { text.explanation }
  /// The source in the literature.
  package var source: String { text.source }
}

extension ScoreKind {
  fileprivate struct Text {
    let name: String
    let direction: Direction
    let explanation, source: String

    init(_ name: String, _ direction: Direction, _ explanation: String, _ source: String) {
      (self.name, self.direction) = (name, direction)
      (self.explanation, self.source) = (explanation, source)
    }
  }

  fileprivate var text: Text {
    switch self {
    case .inceptionScore, .modifiedInceptionScore, .amScore, .classesReached, .accuracy: classText
    case .frechetDistance, .frechetExtrapolated, .kernelDistance: distanceText
    case .precision, .recall, .density, .coverage, .differentBins, .binDivergence: coverText
    case .distanceToOthers, .distanceToTraining, .referenceDistanceToOthers,
      .referenceDistanceToTraining, .copies:
      neighborText
    case .consistency, .convergence, .logSpectralDistance: spectralText
    }
  }

  private var classText: Text {
    switch self {
    case .modifiedInceptionScore:
      Text(
        "modified inception score", .higher,
        "Like the inception score, but also higher if clips of one class differ: all pairs are compared. It has no upper bound. "
          + "It is the exponential of a mean divergence; a classifier that gives every other class a probability of 10⁻⁷ adds 16 "
          + "to that mean. A confident classifier therefore gives real clips values in the millions; published tables, with another "
          + "classifier, have hundreds.",
        "Gurumurthy et al. 2017 (DeLiGAN), but over all pairs, as in tables of SC09")
    case .amScore:
      Text(
        "AM score", .lower,
        "Uncertainty of the classifier, plus the divergence of its mean prediction from that on real clips. 0 is best.",
        "Zhou et al. 2018, with the classifier's mean predictions, as in tables of SC09")
    case .classesReached:
      Text(
        "classes reached", .higher,
        "Number of classes that are the most probable one for some clip.",
        "Salimans et al. 2016, by the most probable class")
    case .accuracy:
      Text(
        "accuracy", .higher,
        "Share of clips whose predicted class is their folder or the generator's label.",
        "Ravuri and Vinyals 2019")
    default:
      Text(
        "inception score", .higher,
        "Confident predictions, evenly over the classes; from 1 to the number of classes. "
          + "Mean and deviation over parts of the clips; few clips in a part lower it. "
          + "It does not detect one repeated clip per class.",
        "Salimans et al. 2016; the paper's table 1")
    }
  }

  private var distanceText: Text {
    switch self {
    case .frechetExtrapolated:
      Text(
        "Fréchet distance, N → ∞", .lower,
        "The Fréchet distance, extrapolated to infinitely many generated clips. It may be below zero by chance.",
        "Chong and Forsyth 2020; Gui et al. 2024 for audio")
    case .kernelDistance:
      Text(
        "kernel distance", .lower,
        "Distance between the features of both sets without assuming a distribution, unbiased for small sets, "
          + "with its 95 % interval. It may be below zero by chance.",
        "Bińkowski et al. 2018, of all pairs, with the jackknife's error")
    default:
      Text(
        "Fréchet distance", .lower,
        "Distance (FAD) between Gaussians fitted to the features of both sets. Few clips make it larger.",
        "Heusel et al. 2017; Kilgour et al. 2019 for audio")
    }
  }

  private var coverText: Text {
    switch self {
    case .precision:
      Text(
        "precision", .higher,
        "Share of clips that are as close to a real clip as that clip's fifth neighbor.",
        "Kynkäänniemi et al. 2019")
    case .recall:
      Text(
        "recall", .higher,
        "Share of real clips that are as close to a clip of this set as that clip's fifth neighbor.",
        "Kynkäänniemi et al. 2019")
    case .density:
      Text(
        "density", .one,
        "Number of real neighborhoods around a clip, divided by five. About 1 if both sets are alike; it may exceed 1.",
        "Naeem et al. 2020")
    case .coverage:
      Text(
        "coverage", .higher,
        "Share of real clips whose neighborhood contains a clip of this set.",
        "Naeem et al. 2020")
    case .differentBins:
      Text(
        "NDB / K", .lower,
        "Share of the K clusters of real clips that this set fills significantly differently. 0.05 if both are alike. "
          + "K is 50, or a tenth of the real clips if that is less. A set with few clips cannot differ significantly.",
        "Richardson and Weiss 2018")
    default:
      Text(
        "JSD", .lower,
        "Jensen-Shannon divergence of the shares of these clusters, in nats, 0 to 0.69.",
        "Richardson and Weiss 2018")
    }
  }

  private var neighborText: Text {
    let (name, note) =
      self == .distanceToOthers || self == .distanceToTraining
      ? ("", "log-mel spectrograms")
      : (" (2048)", "log-mel spectrograms with frames of 2048 samples, as in the reference")
    switch self {
    case .distanceToOthers, .referenceDistanceToOthers:
      return Text(
        "|D| self" + name, .one,
        "Mean distance to the nearest other clip of the set, divided by that of held-out clips. "
          + "Below 1 if clips repeat. On \(note).",
        "the paper, section 6.2 and table 1")
    case .copies:
      return Text(
        "copies", .lower,
        "Share of clips whose distance to the nearest real clip that is not held out is less than half of "
          + "the median distance of held-out clips.",
        "the distances of the paper, section 6.2")
    default:
      return Text(
        "|D| train" + name, .one,
        "Mean distance to the nearest real clip that is not held out, divided by that of held-out clips. "
          + "0 for copies. On \(note).",
        "the paper, section 6.2 and table 1")
    }
  }

  private var spectralText: Text {
    switch self {
    case .consistency:
      Text(
        "consistency", .real,
        "Resemblance of a spectrogram to those of real audio, before inversion: a correlation, −1 to 1; "
          + "mean and deviation over clips.",
        "Marafioti et al. 2019, section 3.2")
    case .convergence:
      Text(
        "inversion, dB of convergence", .lower,
        "Spectral convergence between a spectrogram and its audio, in dB; mean and deviation over clips. "
          + "Loud bins count most.",
        "spectral convergence, as in the tables of inversion methods")
    default:
      Text(
        "inversion, log-spectral dB", .lower,
        "Difference per bin in dB, as a root mean square over a frame. Quiet bins count as much as loud ones.",
        "Gray and Markel 1976")
    }
  }
}
