extension StudioPage {
  /// Stars, names and downloads.
  static let starScript = #"""
    const storage = () => `specgan-studio ${run().id} seed ${state.seed}`;
    const starOf = sound => {
      const name = identity(sound);
      return state.stars.find(star => identity(star) === name);
    };
    // Keeps stars and pads in the browser, for this checkpoint and seed.
    const keep = () => {
      const {stars, pads, bank} = state;
      try { localStorage.setItem(storage(), JSON.stringify({stars, pads, bank})); } catch { /* Not allowed. */ }
    };
    const kept = () => {
      try { return JSON.parse(localStorage.getItem(storage())) ?? {}; } catch { return {}; }
    };
    // Whether a kept sound can be played: an exported page has those of its map.
    const isSound = sound => Number.isInteger(sound?.number)
      && (isServed || state.points.some(point => point.number === sound.number));

    const toggleStar = async () => {
      const own = state.run, {current} = state;
      if (!current) return note("Play a sound first.");
      const star = starOf(current);
      if (star) state.stars.splice(state.stars.indexOf(star), 1);
      else {
        try {
          const title = $("name").value.trim() || plainTitle(current);
          const sound = copy(await flatten(current));
          if (own !== state.run) return;
          state.stars.push({...sound, title});
          // So that its star is found.
          if (state.current === current && (current.to || current.mix)) state.current = state.stars.at(-1);
        } catch (error) { return own === state.run ? report(error) : undefined; }
      }
      starsChanged();
    };
    const starsChanged = () => {
      keep();
      showStars();
      showPads();
      showCurrent();
      drawMap();
    };
    const showStars = () => {
      const list = $("stars");
      list.replaceChildren();
      for (const star of state.stars) {
        const item = document.createElement("li");
        const button = (text, label, action) => {
          const element = document.createElement("button");
          Object.assign(element, {type: "button", textContent: text});
          element.setAttribute("aria-label", `${label} ${titleOf(star)}`);
          element.addEventListener("click", action);
          return element;
        };
        const name = document.createElement("input");
        Object.assign(name, {type: "text", value: titleOf(star), maxLength: 60, spellcheck: false});
        name.setAttribute("aria-label", `Name of ${titleOf(star)}`);
        name.addEventListener("change", () => {
          star.title = name.value.trim() || plainTitle(star);
          starsChanged();
        });
        const play = button("▶", "Play", () => walk(star));
        play.className = "play";
        item.style.setProperty("--color", colorOfSound(star));
        item.append(play, name, button("↓", "Download", () => download(star)),
          button("×", "Remove", () => {
            state.stars.splice(state.stars.indexOf(star), 1);
            starsChanged();
          }));
        list.append(item);
      }
      $("no-stars").hidden = state.stars.length > 0;
      $("star-kit").disabled = state.stars.length === 0;
    };

    // MARK: downloads

    const save = (bytes, name) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(bytes);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      note(`Saved ${name}.`);
    };
    const download = async sound => {
      if (!sound) return note("Play a sound first.");
      const name = starOf(sound)?.title || $("name").value.trim() && sound === state.current
        && $("name").value.trim() || titleOf(sound).replace("′", " changed");
      try {
        const bytes = isServed
          ? await (await ask(`/download?${query(sound)}&${new URLSearchParams({name})}`)).blob()
          : new Blob([embeddedBytes(sound)], {type: "audio/wav"});
        save(bytes, `${name.replace(/[^\p{L}\p{N} .+-]/gu, " ").trim() || "sound"}.wav`);
      } catch (error) { report(error); }
    };
    const downloadKit = async (button, name, sounds) => {
      button.setAttribute("aria-busy", "true");
      try {
        const order = {name, sounds: sounds.map(sound => ({sound: query(sound), name: sound.title}))};
        const response = await ask("/kit", {
          method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(order),
        });
        save(await response.blob(), `${name}.zip`);
      } catch (error) { report(error); }
      button.removeAttribute("aria-busy");
    };
    """#
}
