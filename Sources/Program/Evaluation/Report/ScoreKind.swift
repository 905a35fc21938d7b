/// The scores of the table, in its order. The raw values are the keys of its JSON.
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
  case codeDistanceToOthers = "distance_self_2048"
  case codeDistanceToTraining = "distance_train_2048"
  case consistency
  case convergence = "inversion_spectral_convergence_db"
  case logSpectralDistance = "inversion_log_spectral_distance_db"

  /// What better sounds do to a score.
  package enum Direction: String, Sendable {
    /// They raise it.
    case higher
    /// They lower it.
    case lower
    /// They bring it to 1, where real sounds are.
    case one
    /// They bring it to what real sounds have.
    case real

    /// As the table says it.
    package var sign: String {
      switch self {
      case .higher: "↑"
      case .lower: "↓"
      case .one: "→ 1"
      case .real: "→ real"
      }
    }
  }

  /// What people call it.
  package var name: String { text.name }
  /// What better sounds do to it.
  package var direction: Direction { text.direction }
  /// A sentence or two on what it measures.
  package var explanation: String { text.explanation }
  /// Where it comes from.
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
    case .distanceToOthers, .distanceToTraining, .codeDistanceToOthers, .codeDistanceToTraining:
      neighborText
    case .consistency, .convergence, .logSpectralDistance: spectralText
    }
  }

  private var classText: Text {
    switch self {
    case .modifiedInceptionScore:
      Text(
        "modified inception score", .higher,
        "As the inception score, and higher where sounds of one class differ, too: every sound is held against every other. "
          + "It has no upper bound: it is the exponential of a mean divergence, to which a classifier that gives every other class "
          + "a ten-millionth adds sixteen. So one that is sure of real sounds gives them millions, where published tables, "
          + "by another classifier, have hundreds.",
        "Gurumurthy et al. 2017 (DeLiGAN), but over all pairs, as tables of SC09 take it")
    case .amScore:
      Text(
        "AM score", .lower,
        "How unsure the classifier is, and how far its mean over these is from its mean over the real sounds; 0 at best.",
        "Zhou et al. 2018, of the classifier's own means, as tables of SC09 take it")
    case .classesReached:
      Text(
        "classes reached", .higher, "How many classes are the most probable one of some sound.",
        "Salimans et al. 2016, after the classifier's first choice")
    case .accuracy:
      Text(
        "accuracy", .higher,
        "The share of sounds that the classifier takes for what their folder, or the generator's label, says.",
        "Ravuri and Vinyals 2019")
    default:
      Text(
        "inception score", .higher,
        "Sounds that the classifier is sure of, evenly over the classes: 1 to the number of classes. "
          + "The mean and deviation over parts of the sounds; few sounds in a part make it lower. "
          + "It does not see that one sound of each class is repeated.",
        "Salimans et al. 2016; the paper's table 1")
    }
  }

  private var distanceText: Text {
    switch self {
    case .frechetExtrapolated:
      Text(
        "Fréchet distance, N → ∞", .lower,
        "The Fréchet distance without what it owes to there being few generated sounds; below zero by chance.",
        "Chong and Forsyth 2020; Gui et al. 2024 for sounds")
    case .kernelDistance:
      Text(
        "kernel distance", .lower,
        "How far the two sets' features are apart without assuming a distribution, and without a bias by their number; "
          + "and the interval that it is in 19 times of 20. Below zero by chance.",
        "Bińkowski et al. 2018, of all pairs, with the jackknife's error")
    default:
      Text(
        "Fréchet distance", .lower,
        "How far the normal distributions most like the two sets' features are apart. Few sounds make it larger.",
        "Heusel et al. 2017; Kilgour et al. 2019 for sounds")
    }
  }

  private var coverText: Text {
    switch self {
    case .precision:
      Text(
        "precision", .higher,
        "The share of sounds that are as near to a real one as its fifth neighbour.",
        "Kynkäänniemi et al. 2019")
    case .recall:
      Text(
        "recall", .higher,
        "The share of real sounds that are as near to one of these as its fifth neighbour.",
        "Kynkäänniemi et al. 2019")
    case .density:
      Text(
        "density", .one,
        "Precision, but in how many real sounds' neighbourhoods; about 1 where both sets are alike, and not bounded by it.",
        "Naeem et al. 2020")
    case .coverage:
      Text(
        "coverage", .higher, "The share of real sounds whose neighbourhood holds one of these.",
        "Naeem et al. 2020")
    case .differentBins:
      Text(
        "NDB / K", .lower,
        "Of the K clusters that the real sounds fall into, the share that these fill differently by more than chance; "
          + "0.05 where both are alike. K is 50, or a tenth of the real sounds where that is less; few sounds "
          + "cannot differ by more than chance.",
        "Richardson and Weiss 2018")
    default:
      Text(
        "JSD", .lower,
        "How differently the two sets fill those clusters: the Jensen-Shannon divergence in nats, 0 to 0.69.",
        "Richardson and Weiss 2018")
    }
  }

  private var neighborText: Text {
    let (name, frames) =
      self == .distanceToOthers || self == .distanceToTraining
      ? ("", "frames of 1024 samples, as the paper describes it")
      : (" (2048)", "frames of 2048 samples, as the published code makes it")
    switch self {
    case .distanceToOthers, .codeDistanceToOthers:
      return Text(
        "|D| self" + name, .one,
        "The mean distance to the nearest other sound of the set, over that of held-out real sounds: "
          + "below 1 where sounds repeat each other. Of log-mel spectrograms in \(frames).",
        "the paper, section 6.2 and table 1")
    default:
      return Text(
        "|D| train" + name, .one,
        "The mean distance to the nearest real sound, of all that are not held out, over that of held-out ones: "
          + "0 for copies. Of log-mel spectrograms in \(frames).",
        "the paper, section 6.2 and table 1")
    }
  }

  private var spectralText: Text {
    switch self {
    case .consistency:
      Text(
        "consistency", .real,
        "How much the spectrograms look like those of any sound at all, before they are inverted: a correlation, −1 to 1, in the mean "
          + "over sounds, with their deviation.",
        "Marafioti et al. 2019, section 3.2")
    case .convergence:
      Text(
        "inversion, dB of convergence", .lower,
        "What is lost between a spectrogram and its sound, over the whole of it in decibels, in the mean over sounds, with "
          + "their deviation; loud bins count most.",
        "spectral convergence, as the inversion tables have it")
    default:
      Text(
        "inversion, log-spectral dB", .lower,
        "The same by ear: decibels that bins are off, in the root mean square over a frame; quiet bins count as much.",
        "Gray and Markel 1976")
    }
  }
}
