package import SpecGANSynthesis
package import Waveforms

/// A clip as a kit writes it, with the recipe that generates it again.
package struct MasteredClip: Sendable {
  /// The samples to write.
  package let waveform: Waveform
  /// The recipe, with the gain and the edges.
  package let recipe: ClipRecipe

  /// Masters `clip`, which `recipe` generates, with the factor `gain`; nil for that of the clip
  /// alone.
  package init(
    _ clip: Waveform, _ recipe: ClipRecipe, _ mastering: Mastering, gain: Float? = nil
  ) {
    let gain = gain ?? mastering.gain(peak: clip.peak)
    let (mastered, edges) = mastering.edged(clip, gain: gain, number: recipe.number)
    var recipe = recipe
    recipe.take(gain: gain, edges)
    (waveform, self.recipe) = (mastered, recipe)
  }
}
