/// The page of the studio: served, or with sounds inside.
///
/// It is one file of HTML with its own style and script, because the program carries no resource
/// files.
enum StudioPage {
  /// The page that a ``StudioServer`` serves.
  static let served = page(data: "")

  /// Returns the page with the sounds of `json` inside; see ``StudioExport``.
  static func exported(_ json: String) -> String {
    // The end of a script's element cannot be in its text.
    let text = json.replacing("<", with: "\\u003c")
    return page(data: "<script type=\"application/json\" id=\"data\">\(text)</script>\n")
  }

  /// The content security policy: the page loads nothing but sounds of its own server, and runs
  /// only its own script, identified by SHA-256.
  static let policy = """
    default-src 'none'; connect-src 'self'; img-src data:; style-src 'unsafe-inline'; \
    script-src '\(scriptDigest)'; base-uri 'none'; form-action 'none'
    """

  /// The SHA-256 of ``script``. If they differ, a browser refuses the script and prints the right
  /// value on its console.
  static let scriptDigest = "sha256-89BYOVW8Nrz9L2ubXgdiE4cwTt+23na5oj6vxJ1hXrI="

  /// The script.
  static let script =
    [soundScript, playerScript, padScript, mapScript, shapeScript, starScript, startScript]
    .joined(separator: "\n")

  private static func page(data: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>SpecGAN Studio</title>
    <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' \
    viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%23176f78'/%3E%3Cg fill='white'%3E\
    %3Crect x='3' y='7' width='2' height='3'/%3E%3Crect x='6' y='3' width='2' height='10'/%3E\
    %3Crect x='9' y='5' width='2' height='6'/%3E%3Crect x='12' y='7' width='1' height='2'/%3E\
    %3C/g%3E%3C/svg%3E">
    <style>
    \(style)
    </style>
    </head>
    <body>
    \(body)
    \(data)<script>\(script)</script>
    </body>
    </html>

    """
  }

  private static let body = #"""
    <header>
      <h1><span class="mark" aria-hidden="true"><i></i><i></i><i></i><i></i></span>SpecGAN <b>Studio</b></h1>
      <label class="run" hidden id="run-box"><span>Run</span><select id="run"></select></label>
      <p id="facts"></p>
      <div id="meter" role="meter" aria-label="Level in dBFS" aria-valuemin="-60" aria-valuemax="0"
        aria-valuenow="-60"><i></i></div>
      <button id="midi" type="button" aria-pressed="false">MIDI</button>
      <button id="help" type="button">Keys</button>
    </header>
    <main>
      <section class="card" id="pad-card" aria-labelledby="pad-title">
        <div class="bar">
          <h2 id="pad-title">Pads</h2>
          <span class="bank">
            <button id="bank-back" type="button" aria-label="Previous 16 sounds">‹</button>
            <output id="bank">1–16</output>
            <button id="bank-on" type="button" aria-label="Next 16 sounds">›</button>
          </span>
          <button id="pad-kit" type="button" class="served">Kit of the pads</button>
        </div>
        <div id="pads" role="group" aria-labelledby="pad-title"></div>
      </section>
      <section class="card" id="map-card" aria-labelledby="map-title">
        <div class="bar">
          <h2 id="map-title">Map</h2>
          <ul id="legend" aria-label="Colors of the map"></ul>
        </div>
        <div id="map-box">
          <canvas id="map" tabindex="0" role="application" aria-describedby="map-help"
            aria-label="Map of sounds"></canvas>
          <p id="map-note" role="status"></p>
        </div>
        <p id="map-help" class="hint"></p>
      </section>
      <section class="card" id="sound-card" aria-labelledby="sound-title">
        <div class="bar">
          <h2 id="sound-title">Sound</h2>
          <span id="origin"></span>
        </div>
        <div class="sound">
          <button id="again" type="button" aria-label="Play this sound"><canvas id="wave"></canvas></button>
          <p id="about" aria-live="polite"></p>
        </div>
        <div class="row">
          <label class="name"><span class="out">Name of this sound</span>
            <input id="name" type="text" maxlength="60" autocomplete="off" spellcheck="false"></label>
          <button id="star" type="button" aria-pressed="false" aria-label="Star this sound">☆</button>
          <button id="put" type="button" aria-pressed="false">Put on pad</button>
          <button id="save" type="button">Download</button>
        </div>
        <fieldset id="labels" class="served" hidden><legend>Label</legend></fieldset>
      </section>
      <section class="card served" id="shape-card" aria-labelledby="shape-title">
        <div class="bar">
          <h2 id="shape-title">Shape</h2>
          <button id="flat" type="button" hidden>Reset</button>
        </div>
        <div id="knobs"></div>
        <p id="shape-note" class="hint" role="status"></p>
      </section>
      <section class="card served" id="morph-card" aria-labelledby="morph-title">
        <div class="bar"><h2 id="morph-title">Morph</h2></div>
        <div class="morph">
          <label><span class="out">From pad</span><select id="from"></select></label>
          <input id="morph" type="range" min="0" max="1" step="0.01" value="0" aria-label="Position between the two pads">
          <label><span class="out">To pad</span><select id="to"></select></label>
        </div>
        <p class="hint">Sounds between two pads.</p>
      </section>
      <section class="card" id="star-card" aria-labelledby="star-title">
        <div class="bar">
          <h2 id="star-title">Starred</h2>
          <button id="star-kit" type="button" class="served" disabled>Kit of the stars</button>
        </div>
        <ul id="stars"></ul>
        <p id="no-stars" class="hint">Star a sound to keep it here, in this browser.</p>
      </section>
    </main>
    <p id="note" role="status"></p>
    <dialog id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl>
        <div><dt><kbd>1</kbd>–<kbd>4</kbd> <kbd>Q</kbd>–<kbd>R</kbd> <kbd>A</kbd>–<kbd>F</kbd> <kbd>Z</kbd>–<kbd>V</kbd></dt><dd>play a pad</dd></div>
        <div><dt><kbd>Shift</kbd> + pad</dt><dd>put the current sound on it</dd></div>
        <div><dt><kbd>,</kbd> <kbd>.</kbd></dt><dd>previous, next 16 sounds</dd></div>
        <div><dt><kbd>M</kbd></dt><dd>go to the map; arrow keys select a sound and play it, <kbd>Enter</kbd> plays it again</dd></div>
        <div><dt><kbd>B</kbd></dt><dd>star the current sound</dd></div>
        <div><dt><kbd>G</kbd></dt><dd>download the current sound</dd></div>
        <div><dt><kbd>N</kbd></dt><dd>name it</dd></div>
        <div class="served"><dt><kbd>K</kbd></dt><dd>go to the knobs; arrow keys turn, <kbd>0</kbd> resets</dd></div>
        <div><dt><kbd>H</kbd></dt><dd>these keys</dd></div>
        <div><dt>MIDI 36–51</dt><dd>play pads 1 to 16; velocity is the level</dd></div>
      </dl>
      <form method="dialog"><button>Close</button></form>
    </dialog>
    """#
}
