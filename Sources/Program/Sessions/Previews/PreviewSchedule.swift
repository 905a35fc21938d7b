/// When previews are made: after steps 1, 2, 5, 10, 20, 50 and so on, and then every so many.
package struct PreviewSchedule: Equatable, Sendable {
  /// The longest way from one to the next, in steps.
  package let longestGap: Int

  package init(longestGap: Int) { self.longestGap = longestGap }

  /// Whether one is due after `step`.
  package func contains(_ step: Int) -> Bool {
    guard step > 0 else { return false }
    if step % longestGap == 0 { return true }
    var digit = step
    while digit % 10 == 0 { digit /= 10 }
    return step < longestGap && [1, 2, 5].contains(digit)
  }
}
