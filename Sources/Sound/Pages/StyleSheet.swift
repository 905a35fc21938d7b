/// The style sheet of pages: light or dark by the reader's system, in one column on a phone.
let styleSheet: StaticString = """
  :root {
    color-scheme: light dark;
    --ground: #f6f6f4; --card: #ffffff; --ink: #1d1f21; --soft: #63676c; --rule: #dddedb;
    --first: #0a6c96; --second: #b4530f;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #131517; --card: #1c1f22; --ink: #e6e7e8; --soft: #9ba1a7; --rule: #34393e;
      --first: #62bce6; --second: #f0a266;
    }
  }
  * { box-sizing: border-box; }
  body {
    margin: 0; background: var(--ground); color: var(--ink);
    font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  }
  main { max-width: 98rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
  h2 { font-size: 1.15rem; margin: 2.25rem 0 .75rem; }
  h3 { font-size: .95rem; margin: 0 0 .5rem; }
  p { margin: .25rem 0; }
  .soft, small { color: var(--soft); }
  .state {
    display: inline-block; padding: .05rem .6rem; border-radius: 1rem; font-size: .85rem;
    border: 1px solid var(--rule); background: var(--card);
  }
  .state.live { border-color: var(--first); color: var(--first); }
  .grid { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
  .figures { display: grid; gap: .75rem; margin: 1.25rem 0 0; padding: 0;
    grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); }
  .card, .figures > div { background: var(--card); border: 1px solid var(--rule); border-radius: .5rem; padding: .9rem 1rem; }
  .figures > div { padding: .6rem .9rem; }
  .figures dt { color: var(--soft); font-size: .8rem; }
  .figures dd { margin: 0; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
  figure { margin: 0; }
  figcaption { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; margin-bottom: .4rem; }
  figcaption strong { font-size: .95rem; }
  figcaption p { margin: 0; flex-basis: 100%; font-size: .8rem; color: var(--soft); }
  .chart output { display: block; min-height: 1.3em; font-size: .8rem; color: var(--soft); font-variant-numeric: tabular-nums; }
  .chart svg { display: block; width: 100%; height: auto; }
  .chart text { fill: var(--soft); font-size: 12.5px; font-variant-numeric: tabular-nums; }
  .chart .rule { stroke: var(--rule); stroke-width: 1; }
  .chart .cursor { stroke: var(--soft); stroke-width: 1; visibility: hidden; }
  .chart path { fill: none; stroke-linejoin: round; stroke-linecap: round; stroke: var(--first); }
  .chart circle { fill: var(--first); }
  .chart path.faint { stroke-width: 1; opacity: .33; }
  .chart path.strong { stroke-width: 2; }
  .chart path.second { stroke: var(--second); }
  .chart circle.second { fill: var(--second); }
  .chart rect { fill: var(--first); opacity: .75; }
  .chart .mark { stroke: var(--second); stroke-width: 2.5; stroke-linecap: round; }
  .legend { font-size: .8rem; color: var(--soft); }
  .legend::before { content: ""; display: inline-block; width: 1.1rem; height: .2rem; border-radius: .1rem;
    margin-right: .4rem; vertical-align: middle; background: var(--first); }
  .legend.second::before { background: var(--second); }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; }
  .sounds th { font-size: .8rem; font-weight: 600; color: var(--soft); padding: .25rem .4rem; text-align: left; white-space: nowrap; }
  .sounds td { padding: .3rem .4rem; vertical-align: top; }
  .sounds { border-spacing: 0; border-collapse: separate; }
  .sounds .real { position: sticky; left: 0; z-index: 1; background: var(--ground); border-right: 2px solid var(--rule); padding: .3rem .8rem .3rem 0; }
  .sounds img { display: block; width: 7.8rem; height: auto; border-radius: .25rem; image-rendering: pixelated; }
  .sounds audio { display: block; width: 7.8rem; height: 2.25rem; margin-top: .3rem; }
  .scores { font-size: .92rem; font-variant-numeric: tabular-nums; }
  .scores th, .scores td { padding: .3rem .9rem .3rem 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
  .scores thead th { white-space: normal; overflow-wrap: anywhere; vertical-align: bottom; min-width: 5.5rem; }
  .scores th:first-child { text-align: left; position: sticky; left: 0; background: var(--ground); }
  .scores tbody th { font-weight: 400; }
  @media (max-width: 40rem) { .scores tbody th { white-space: normal; } }
  .scores .sign { color: var(--soft); text-align: left; }
  .sounds .set { min-width: 7rem; max-width: 11rem; overflow-wrap: anywhere; white-space: normal; vertical-align: top; }
  .notes { margin: .75rem 0 0; padding-left: 1.1rem; font-size: .9rem; color: var(--soft); }
  .facts { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0; font-size: .9rem; }
  .facts dt { color: var(--soft); }
  .facts dd { margin: 0; overflow-wrap: anywhere; }
  pre { margin: 0; overflow-x: auto; font: .8rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
  footer { margin-top: 2.5rem; font-size: .8rem; color: var(--soft); }
  """
