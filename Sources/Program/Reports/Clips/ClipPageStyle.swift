/// The style of a ``ClipPage``, in addition to that of all pages.
let clipPageStyle: StaticString = """
  :root { --star: #b07a00; --picture: #17121f; }
  @media (prefers-color-scheme: dark) { :root { --star: #f0c04f; } }
  button, select, input { font: inherit; color: inherit; }
  kbd { font: .78em/1 ui-monospace, "DejaVu Sans Mono", monospace; color: var(--soft);
    border: 1px solid var(--rule); border-radius: .25rem; padding: .08rem .3rem; background: var(--card); }
  :focus-visible { outline: 2px solid var(--first); outline-offset: 2px; }
  .use { margin-top: .75rem; }
  .command { margin: .35rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
  .bar { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: center; gap: .5rem;
    margin: 1rem -1rem 1rem; padding: .6rem 1rem; background: var(--ground); border-bottom: 1px solid var(--rule); }
  .bar .count { margin-right: auto; font-weight: 600; font-variant-numeric: tabular-nums; }
  .bar button, .bar select, .help button { padding: .3rem .75rem; border: 1px solid var(--rule); border-radius: .45rem;
    background: var(--card); font-size: .88rem; line-height: 1.5; cursor: pointer; }
  .bar button:hover, .bar select:hover { border-color: var(--soft); }
  .bar [aria-pressed="true"] { border-color: var(--first); color: var(--first); }
  .bar .save { background: var(--first); border-color: var(--first); color: var(--ground); font-weight: 600; }
  .bar .save kbd { color: inherit; background: none; border-color: currentColor; opacity: .75; }
  .clips { list-style: none; margin: 0; padding: 0; display: grid; gap: .9rem;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 12.5rem), 1fr)); }
  .clip { display: flex; flex-direction: column; min-width: 0; background: var(--card); border: 1px solid var(--rule);
    border-radius: .6rem; overflow: hidden; scroll-margin: 9rem 0 2rem; content-visibility: auto;
    contain-intrinsic-size: auto 13.5rem; }
  .clip[hidden] { display: none; }
  .clip[aria-current] { border-color: var(--first); box-shadow: 0 0 0 2px var(--first); }
  .clip button { border: 0; background: none; padding: 0; cursor: pointer; text-align: left; }
  .clip button:focus-visible { outline-offset: -3px; border-radius: .4rem; }
  .clip .play { position: relative; display: block; width: 100%; height: 7rem; background: var(--picture); overflow: hidden; }
  .clip .play:focus-visible { outline: none; }
  .play img { display: block; width: 100%; height: 100%; object-fit: fill; }
  .play .head { position: absolute; inset: 0 auto 0 0; width: 2px; background: #fff; visibility: hidden;
    transform: translateX(var(--at, 0)); box-shadow: 0 0 4px #000a; }
  .playing .head { visibility: visible; }
  .clip .line { display: flex; align-items: baseline; gap: .5rem; padding: .45rem .65rem 0; }
  .clip .number { font-variant-numeric: tabular-nums; color: var(--soft); font-size: .85rem; }
  .clip .name { flex: 1; min-width: 0; min-height: 1.6rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; }
  .clip .name.none { font-weight: 400; font-size: .85rem; color: var(--soft); opacity: .55; }
  .clip:hover .name.none, .clip[aria-current] .name.none { opacity: 1; }
  .clip input { flex: 1; min-width: 0; height: 1.6rem; padding: 0 .3rem; border: 1px solid var(--first); border-radius: .3rem;
    background: var(--ground); font-weight: 600; }
  .clip input:focus-visible { outline: none; }
  .clip .line:has(input) .number { display: none; }
  .clip .star { margin: -.55rem -.6rem; padding: .55rem .7rem; line-height: 1; font-size: 1.15rem; color: var(--rule); align-self: center; }
  .clip:hover .star, .clip[aria-current] .star { color: var(--soft); }
  .clip .star[aria-pressed="true"] { color: var(--star); }
  .clip .figures-line, .clip .nearest { margin: 0; padding: 0 .65rem; font-size: .8rem; color: var(--soft); font-variant-numeric: tabular-nums; }
  .clip .figures-line { padding-bottom: .5rem; }
  .clip .nearest { display: flex; gap: .5rem; align-items: baseline; margin-top: auto; padding-block: .3rem; border-top: 1px solid var(--rule); }
  .clip .real { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .clip button.real { padding: .15rem 0; color: var(--first); }
  .clip button.real::before { content: "\\25B8\\00A0"; }
  .clip button.real:hover { text-decoration: underline; }
  .clip button.real.playing { font-weight: 600; }
  .copy-mark { color: var(--second); font-weight: 600; }
  .nothing { padding: 2rem 0; text-align: center; }
  .list { min-height: 3rem; max-height: 18rem; overflow: auto; padding: .8rem 1rem; background: var(--card);
    border: 1px solid var(--rule); border-radius: .5rem; }
  .help { max-width: min(30rem, calc(100vw - 2rem)); border: 1px solid var(--rule); border-radius: .7rem; padding: 1.2rem 1.4rem;
    background: var(--card); color: var(--ink); }
  .help::backdrop { background: #0008; }
  .help h2 { margin: 0 0 .6rem; }
  .help th { padding: .18rem 1.2rem .18rem 0; text-align: left; white-space: nowrap; font-weight: 600; vertical-align: baseline; }
  .help td { padding: .18rem 0; }
  .help .storage { margin: .9rem 0; font-size: .85rem; }
  .message { position: fixed; z-index: 3; left: 50%; bottom: 1.25rem; transform: translateX(-50%); width: max-content;
    max-width: calc(100vw - 2rem); margin: 0; padding: .55rem 1rem; border-radius: .5rem; background: var(--ink); color: var(--ground);
    font-size: .9rem; overflow-wrap: anywhere; opacity: 0; pointer-events: none; transition: opacity .2s; }
  .message.shown { opacity: 1; }
  @media (max-width: 40rem) {
    .bar { gap: .4rem; }
    .bar .count { flex-basis: 100%; }
    .bar kbd { display: none; }
    .bar button, .bar select { padding: .35rem .6rem; font-size: .82rem; }
    .clips { grid-template-columns: repeat(auto-fill, minmax(min(100%, 9.5rem), 1fr)); gap: .6rem; }
    .clip .play { height: 6rem; }
  }
  @media (prefers-reduced-motion: reduce) {
    .message { transition: none; }
    .playing .head { visibility: hidden; }
    .play.playing { box-shadow: inset 0 -4px 0 #fff; }
    .play.playing img { opacity: .75; }
  }
  """
