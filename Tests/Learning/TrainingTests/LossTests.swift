import Networks
import SpecGANTestSupport
import SpecGANTraining
import Testing

@Suite struct LossTests {
  /// A function of the critic's value.
  private typealias Term = (Float) -> LossTerm

  private func terms(_ loss: Loss) -> [Term] {
    [
      { loss.criticTerm(real: $0) }, { loss.criticTerm(generated: $0) }, { loss.generatorTerm($0) },
    ]
  }

  /// The number of terms that a slope belongs to: both of a pair in the critic's loss.
  private func share(_ loss: Loss, _ term: Int) -> Float {
    loss == .relativisticPairs && term < 2 ? 2 : 1
  }

  /// With h = 2⁻⁶ the error by the third derivative is below h², and rounding below 2⁻¹⁷ for a
  /// value near 4.
  @Test(arguments: Loss.allCases) func slopesAreDerivatives(_ loss: Loss) {
    let step: Float = 0x1p-6
    for (index, term) in terms(loss).enumerated() {
      for d: Float in [-3, -0.5, 0, 0.25, 2, 4] {
        let difference = (term(d + step).value - term(d - step).value) / (2 * step)
        #expect(abs(difference * share(loss, index) - term(d).slope) < 1e-3, "at \(d)")
      }
    }
  }

  /// Pairs: the loss depends on differences alone, and both terms are halves of it.
  @Test func pairsCompareDifferences() {
    let loss = Loss.relativisticPairs
    let (real, generated) = (
      loss.criticTerm(real: 3, against: 1), loss.criticTerm(generated: 1, against: 3)
    )
    #expect(real == loss.criticTerm(real: 2, against: 0))
    #expect(real.value == generated.value && real.slope == -generated.slope)
    #expect(loss.generatorTerm(1, against: 3) == loss.generatorTerm(-2, against: 0))
    // softplus(−2) and σ(−2), to a rounding of each of four operations.
    expectClose([2 * real.value, -real.slope], [0.126928011, 0.119202922], terms: 4)
  }

  /// A confident critic gives large values; logarithms of values near 0 must not be computed.
  @Test(arguments: Loss.allCases) func largeValuesStayFinite(_ loss: Loss) {
    for term in terms(loss) {
      for d: Float in [-1e4, -88, 88, 1e4] {
        #expect(term(d).value.isFinite && term(d).slope.isFinite, "at \(d)")
      }
    }
    #expect(Loss.crossEntropy.generatorTerm(-1e4) == LossTerm(1e4, -1))
    #expect(Loss.crossEntropy.criticTerm(real: 1e4) == LossTerm(0, 0))
    #expect(Loss.crossEntropy.criticTerm(generated: 1e4) == LossTerm(5e3, 0.5))
  }

  @Test func whatIsNoNumberStaysNone() {
    for loss in Loss.allCases {
      for term in terms(loss) { #expect(term(.nan).value.isNaN) }
    }
  }
}

@Suite struct LearningRateDecayTests {
  @Test(arguments: [LearningRateDecay.linear, .cosine, .exponential])
  func allGoFromOneToTheirEnd(_ decay: LearningRateDecay) {
    #expect(decay.factor(step: 0, of: 100, to: 0.04) == 1)
    expectClose([decay.factor(step: 100, of: 100, to: 0.04)], [0.04], terms: 4)
    let factors = (0...100).map { decay.factor(step: $0, of: 100, to: 0.04) }
    #expect(zip(factors, factors.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test func eachHasItsOwnWay() {
    func half(_ decay: LearningRateDecay) -> Float { decay.factor(step: 50, of: 100, to: 0.04) }
    expectClose([half(.linear), half(.cosine), half(.exponential)], [0.52, 0.52, 0.2], terms: 4)
    #expect(half(.none) == 1)
    let quarter = LearningRateDecay.cosine.factor(step: 25, of: 100, to: 0)
    expectClose([quarter], [(1 + 0.5.squareRoot()) / 2].map(Float.init), terms: 4)
  }

  /// Linear and cosine decay are constant after their end, because their formulas would become
  /// negative or rise again. Exponential decay continues.
  @Test func whatComesAfterTheEnd() {
    func after(_ decay: LearningRateDecay) -> Float { decay.factor(step: 200, of: 100, to: 0.04) }
    expectClose(
      [after(.linear), after(.cosine), after(.exponential)], [0.04, 0.04, 0.0016], terms: 4)
  }
}
