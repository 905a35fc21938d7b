extension StudioPage {
  /// The style sheet: light or dark by the reader's system, in one column on a phone.
  static let style = #"""
    :root {
      color-scheme: light dark;
      --ground: #f3f3f0; --card: #fdfdfc; --ink: #1c2023; --soft: #5c656b; --rule: #e0e1dd;
      --pad: #ecedea; --pad-edge: #d9dbd6; --first: #0f6c75; --on-first: #ffffff; --well: #f4f5f3;
      --lightness: 56%; --chroma: 0.13;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #101315; --card: #181c1f; --ink: #e8eaeb; --soft: #98a2a9; --rule: #2a3035;
        --pad: #21272b; --pad-edge: #2f373c; --first: #5cc5cf; --on-first: #0c1f21; --well: #131719;
        --lightness: 76%; --chroma: 0.12;
      }
    }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--ground); color: var(--ink); min-width: 20rem;
      font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
    }
    h1, h2, p, ul, dl, dd, fieldset { margin: 0; padding: 0; border: 0; }
    button, input, select { font: inherit; color: inherit; }
    button {
      border: 1px solid var(--rule); border-radius: .6rem; background: transparent; cursor: pointer;
      padding: .25rem .75rem; min-height: 2rem; white-space: nowrap; transition: background .12s, border-color .12s;
    }
    button:hover { background: var(--pad); }
    button:disabled { opacity: .45; cursor: default; background: transparent; }
    button[aria-pressed="true"] { border-color: var(--first); color: var(--first); }
    button[aria-busy="true"] { opacity: .6; cursor: progress; }
    select, input[type="text"] {
      border: 1px solid var(--rule); border-radius: .6rem; background: var(--well);
      padding: .3rem .6rem; min-height: 2.1rem; min-width: 0; max-width: 100%;
    }
    :focus-visible { outline: 2px solid var(--first); outline-offset: 2px; }
    .out { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .hint { color: var(--soft); font-size: .84rem; }
    header {
      display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .9rem;
      max-width: 84rem; margin: 0 auto; padding: .9rem 1rem .1rem;
    }
    h1 { font-size: 1.12rem; font-weight: 400; letter-spacing: -.01em; display: flex; align-items: center; gap: .55rem; }
    h1 b { font-weight: 650; margin-left: -.25rem; }
    .mark { display: inline-flex; align-items: center; gap: 2px; width: 1.6rem; height: 1.6rem; padding: 0 5px;
      border-radius: .45rem; background: var(--first); }
    .mark i { flex: 1; background: var(--on-first); border-radius: 1px; height: 30%; }
    .mark i:nth-child(2) { height: 78%; } .mark i:nth-child(3) { height: 50%; } .mark i:nth-child(4) { height: 22%; }
    .run { display: flex; align-items: center; gap: .5rem; color: var(--soft); }
    #facts { color: var(--soft); font-size: .88rem; flex: 1 1 12rem; min-width: 0; overflow-wrap: anywhere; }
    #meter { width: 7.5rem; height: .5rem; border-radius: .25rem; background: var(--rule); overflow: hidden; }
    #meter i { display: block; height: 100%; width: 100%; transform-origin: left; transform: scaleX(0);
      background: linear-gradient(90deg, var(--first) 72%, #d49a2c 88%, #cf5a3a 100%); }
    main {
      display: grid; gap: 1rem; max-width: 84rem; margin: 0 auto; padding: .8rem 1rem 2.5rem;
      grid-template-columns: minmax(21rem, 26rem) minmax(0, 1fr) minmax(0, 1fr);
      grid-template-areas: "pads map map" "sound shape morph" "sound shape star";
      grid-template-rows: auto auto 1fr;
    }
    main.exported { grid-template-areas: "pads map map" "sound star star"; grid-template-rows: auto auto; }
    .exported .served { display: none !important; }
    #pad-card { grid-area: pads; } #map-card { grid-area: map; } #sound-card { grid-area: sound; }
    #shape-card { grid-area: shape; } #morph-card { grid-area: morph; } #star-card { grid-area: star; }
    .card { background: var(--card); border: 1px solid var(--rule); border-radius: 1rem; padding: .85rem 1rem 1rem; min-width: 0; }
    .bar { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .7rem; min-height: 2rem; margin-bottom: .55rem; }
    .bar h2 { font-size: .95rem; font-weight: 620; margin-right: auto; }
    .bank { display: inline-flex; align-items: center; gap: .35rem; }
    .bank button { padding: .1rem .65rem; }
    .bank output { min-width: 4.6rem; text-align: center; color: var(--soft); font-size: .86rem; font-variant-numeric: tabular-nums; }
    #pads { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .55rem; }
    .pad {
      position: relative; aspect-ratio: 1; min-width: 0; padding: 0; overflow: hidden; text-align: left;
      border-radius: .8rem; border: 1px solid var(--pad-edge); background: var(--pad);
      touch-action: manipulation; user-select: none; -webkit-user-select: none;
    }
    .pad:hover { background: var(--pad); border-color: var(--color); }
    .pad canvas { position: absolute; inset: 29% 8% 27% 8%; width: 84%; height: 44%; }
    .pad::after { content: ""; position: absolute; inset: 0; background: var(--color); opacity: 0; transition: opacity .35s ease-out; }
    .pad.hit::after { opacity: .42; transition: none; }
    .pad.chosen { border-color: var(--color); box-shadow: inset 0 0 0 1px var(--color); }
    .pad.waiting canvas { opacity: .25; }
    .pad kbd { position: absolute; top: .42rem; left: .55rem; border: 0; padding: 0; background: none; color: var(--soft); font-family: inherit; font-size: .74rem; font-weight: 600; line-height: 1; }
    .pad .what { position: absolute; bottom: .4rem; left: .55rem; right: .4rem; font-size: .76rem; line-height: 1.2; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .pad .shone { position: absolute; top: .36rem; right: .5rem; font-size: .72rem; line-height: 1; color: var(--soft); }
    .putting .pad { border-style: dashed; border-color: var(--first); }
    #map-card { display: flex; flex-direction: column; }
    #map-box { position: relative; flex: 1; min-height: 18rem; border-radius: .7rem; background: var(--well); overflow: hidden; }
    #map { position: absolute; inset: 0; width: 100%; height: 100%; display: block; touch-action: none; cursor: crosshair; border-radius: .7rem; }
    #map:focus-visible { outline-offset: -2px; }
    #map-note { position: absolute; inset: auto 0 50% 0; text-align: center; color: var(--soft); pointer-events: none; }
    #map-help { margin-top: .55rem; }
    #legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .82rem; color: var(--soft); }
    #legend li { display: flex; align-items: center; gap: .35rem; }
    #legend i { width: .6rem; height: .6rem; border-radius: 50%; background: var(--color); }
    #origin { color: var(--soft); font-size: .84rem; }
    #again { display: block; width: 100%; padding: 0; height: 5.4rem; border-radius: .7rem; background: var(--well); overflow: hidden; }
    #again canvas { width: 100%; height: 100%; display: block; }
    #about { min-height: 1.45em; margin: .5rem 0 .6rem; font-size: .86rem; color: var(--soft); }
    .row { display: flex; flex-wrap: wrap; gap: .45rem; }
    .name { flex: 1 1 6rem; } .name input { width: 100%; }
    #star { font-size: 1.1rem; line-height: 1; padding: .2rem .6rem; }
    #labels { margin-top: .8rem; display: flex; flex-wrap: wrap; gap: .4rem; }
    #labels legend { float: left; font-size: .84rem; color: var(--soft); padding: .3rem .3rem 0 0; }
    #labels label { position: relative; }
    #labels input { position: absolute; opacity: 0; inset: 0; margin: 0; cursor: pointer; }
    #labels span { display: block; padding: .22rem .7rem; border: 1px solid var(--rule); border-radius: 1rem; font-size: .86rem; }
    #labels input:checked + span { border-color: var(--color); box-shadow: inset 0 0 0 1px var(--color); }
    #labels input:focus-visible + span { outline: 2px solid var(--first); outline-offset: 2px; }
    #knobs { display: grid; grid-template-columns: repeat(auto-fill, minmax(4.9rem, 1fr)); gap: .9rem .2rem; }
    .knob { position: relative; display: grid; justify-items: center; gap: .2rem; text-align: center; }
    .knob input { position: absolute; top: 0; width: 3.4rem; height: 3.4rem; margin: 0; opacity: 0; cursor: ns-resize; touch-action: none; }
    .dial { position: relative; width: 3.4rem; height: 3.4rem; border-radius: 50%; pointer-events: none;
      background: conic-gradient(from 225deg, var(--rule) 0 270deg, transparent 270deg);
      mask: radial-gradient(circle, #000 100%, transparent 0); }
    .dial::before { content: ""; position: absolute; inset: 0; border-radius: 50%;
      background: conic-gradient(from var(--start, 0deg), var(--first) var(--sweep, 0deg), transparent 0); }
    .dial::after { content: ""; position: absolute; inset: .28rem; border-radius: 50%; background: var(--card); }
    .dial i { position: absolute; z-index: 1; inset: .5rem; border-radius: 50%; background: var(--pad); transform: rotate(var(--turn, 0deg)); }
    .dial i::after { content: ""; position: absolute; left: calc(50% - 1px); top: .25rem; width: 2px; height: .65rem; border-radius: 1px; background: var(--ink); }
    .knob input:focus-visible + .dial { outline: 2px solid var(--first); outline-offset: 3px; }
    .knob b { font-weight: 500; font-size: .77rem; }
    .knob output { font-size: .76rem; color: var(--soft); font-variant-numeric: tabular-nums; min-height: 1.2em; }
    #shape-note:not(:empty) { margin-top: .3rem; }
    .morph { display: grid; grid-template-columns: auto minmax(3rem, 1fr) auto; gap: .7rem; align-items: center; margin-bottom: .5rem; }
    input[type="range"] { accent-color: var(--first); width: 100%; min-width: 0; }
    #stars { list-style: none; display: grid; gap: .4rem; max-height: 22rem; overflow: auto; }
    #stars li { display: grid; grid-template-columns: auto minmax(0, 1fr) auto auto; gap: .4rem; align-items: center; }
    #stars .play { padding: .3rem .7rem; border-color: var(--color); }
    #note { position: fixed; left: 50%; bottom: 1rem; transform: translateX(-50%); max-width: calc(100vw - 2rem);
      padding: .5rem 1rem; border-radius: .7rem; background: var(--ink); color: var(--ground); font-size: .9rem; opacity: 0;
      transition: opacity .2s; pointer-events: none; }
    #note.shown { opacity: 1; }
    dialog { border: 1px solid var(--rule); border-radius: 1rem; background: var(--card); color: var(--ink); width: min(34rem, calc(100vw - 1.5rem)); padding: 1.2rem 1.4rem; }
    dialog::backdrop { background: #0006; }
    dialog h2 { font-size: 1.05rem; margin-bottom: .7rem; }
    dialog dl > div { display: grid; grid-template-columns: minmax(0, 13rem) 1fr; gap: .8rem; padding: .3rem 0; }
    dialog dt { color: var(--soft); } dialog form { text-align: right; margin-top: .8rem; }
    kbd { font-family: inherit; font-size: .8rem; border: 1px solid var(--rule); border-bottom-width: 2px; border-radius: .3rem; padding: .1rem .35rem; background: var(--well); color: var(--ink); }
    @media (max-width: 68rem) {
      main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); grid-template-areas: "pads map" "sound shape" "star morph"; grid-template-rows: none; }
      main.exported { grid-template-areas: "pads map" "sound star"; }
    }
    @media (max-width: 46rem) {
      main, main.exported { grid-template-columns: minmax(0, 1fr); padding: .6rem .6rem 2rem; gap: .7rem; }
      main { grid-template-areas: "pads" "map" "sound" "shape" "morph" "star"; }
      main.exported { grid-template-areas: "pads" "map" "sound" "star"; }
      header { padding: .7rem .8rem 0; gap: .4rem .6rem; }
      #facts { order: 9; flex-basis: 100%; }
      #meter { order: 8; flex-basis: 100%; height: .3rem; }
      #midi { margin-left: auto; }
      header button { padding: .2rem .6rem; }
      h1 { font-size: 1rem; }
      .card { padding: .7rem .75rem .8rem; border-radius: .8rem; }
      #pads { gap: .4rem; }
      #pad-kit { display: none; }
      #map-box { min-height: 19rem; }
      .bank output { min-width: 4rem; }
      .pad .what { left: .4rem; font-size: .7rem; } .pad kbd { left: .4rem; }
      dialog dl > div { grid-template-columns: minmax(0, 9rem) 1fr; }
    }
    @media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
    """#
}
