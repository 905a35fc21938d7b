extension StudioPage {
  /// Opening a run, and the start of the page.
  static let startScript = #"""
    const openRun = async index => {
      state.run = index;
      Object.assign(state, {
        points: [], directions: [], current: null, pad: null, isFinding: isServed,
      });
      leaveMap();
      leaveShape();
      const {name, step, labels, sampleRate, seconds} = run();
      const number = new Intl.NumberFormat("en");
      $("facts").textContent = `${isServed && state.runs.length > 1 ? "" : `${name} · `}step ${
        number.format(step)} · ${sampleRate / 1000} kHz · ${Number(seconds.toFixed(2))} s${
        labels.length > 0 ? ` · ${labels.length} labels` : ""}`;
      document.title = isServed ? `${name} – SpecGAN Studio` : `Sounds of ${name} – SpecGAN Studio`;
      for (const id of ["map-note", "shape-note"]) $(id).textContent = "";
      makeLabels();
      $("knobs").replaceChildren();
      if (!isServed) showMap(embedded.map);
      const {stars = [], pads = [], bank = 0} = kept();
      state.stars = stars.filter(isSound);
      const isWhole = pads.length === 16 && pads.every(isSound);
      const filling = openBank(Number.isInteger(bank) ? bank : 0, isWhole ? pads : null);
      showStars();
      choose(state.pads[0], 0);
      await filling;
      if (!isServed || index !== state.run) return;
      try {
        const found = await askPatiently(`/map?run=${index}`, ({done, total}) => {
          if (index === state.run)
            $("map-note").textContent = `Computing the map … ${Math.round(100 * done / total)} %`;
        });
        if (index !== state.run) return;
        showMap(found);
        showPads();
        showCurrent();
      } catch (error) {
        if (index !== state.run) return;
        $("map-note").textContent = error.message;
      }
      await findDirections(index);
    };

    const start = async () => {
      makePads();
      makeMorph();
      $("bank-back").addEventListener("click", () => openBank(state.bank - 1));
      $("bank-on").addEventListener("click", () => openBank(state.bank + 1));
      $("again").addEventListener("click", event => {
        const sound = state.current, {timeStamp} = event;
        if (!sound) return;
        load(sound).then(ready => {
          if (sound === state.current) play(ready, "walk", {since: timeStamp});
        }).catch(report);
      });
      $("star").addEventListener("click", toggleStar);
      $("put").addEventListener("click", () => setPutting(!state.isPutting));
      $("save").addEventListener("click", () => download(state.current));
      $("flat").addEventListener("click", () => shape(sound => ({...sound, turn: {}})));
      $("name").addEventListener("keydown", event => {
        if (event.key === "Enter" || event.key === "Escape") $("name").blur();
      });
      $("name").addEventListener("change", () => {
        const star = state.current && starOf(state.current);
        if (!star) return;
        star.title = $("name").value.trim() || plainTitle(star);
        starsChanged();
      });
      $("pad-kit").addEventListener("click", event =>
        downloadKit(event.currentTarget, `${run().name} pads`, state.pads));
      $("star-kit").addEventListener("click", event =>
        downloadKit(event.currentTarget, `${run().name} stars`, state.stars));
      $("help").addEventListener("click", () => $("keys").showModal());
      $("run").addEventListener("change", () => openRun(Number($("run").value)).catch(report));
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        showPads();
        showCurrent();
        drawMap();
      });
      addEventListener("resize", () => { showPads(); showCurrent(); });
      // The same page in another tab has kept its stars.
      addEventListener("storage", event => {
        if (!run() || event.key !== storage() || !event.newValue) return;
        state.stars = (kept().stars ?? []).filter(isSound);
        showStars();
        showPads();
        showCurrent();
        drawMap();
      });
      // So that the first sound need not wait for the output.
      for (const kind of ["pointerdown", "keydown"])
        addEventListener(kind, () => output(), {capture: true, once: true});
      startMIDI();
      if (isServed) {
        const {seed, runs} = await (await ask("/runs")).json();
        [state.seed, state.runs] = [seed, runs];
        runs.forEach(({name, step}, index) => {
          const choice = document.createElement("option");
          [choice.value, choice.textContent] = [index, name];
          $("run").append(choice);
        });
        $("run-box").hidden = runs.length < 2;
      } else {
        document.querySelector("main").classList.add("exported");
        document.querySelectorAll("dialog .served").forEach(element => element.remove());
        [state.seed, state.runs] = [embedded.seed, [embedded.run]];
      }
      await openRun(0);
    };
    start().catch(report);
    // For tests and for the curious.
    globalThis.studio = {state, levelNow, receive, hit, query, load, placeOf, padElements};
    """#
}
