extension StudioPage {
  /// The pads, the keys of the computer and MIDI.
  static let padScript = #"""
    // Pad 1 is at the lower left, as on drum machines; keys are those at the same places of every
    // keyboard.
    const padCodes = [
      "KeyZ", "KeyX", "KeyC", "KeyV", "KeyA", "KeyS", "KeyD", "KeyF",
      "KeyQ", "KeyW", "KeyE", "KeyR", "Digit1", "Digit2", "Digit3", "Digit4",
    ];
    const padElements = [];
    const makePads = () => {
      for (const row of [3, 2, 1, 0])
        for (let column = 0; column < 4; column++) {
          const pad = 4 * row + column, element = document.createElement("button");
          element.type = "button";
          element.className = "pad waiting";
          const canvas = document.createElement("canvas"), key = document.createElement("kbd");
          const what = document.createElement("span"), shone = document.createElement("span");
          canvas.setAttribute("aria-hidden", "true");
          key.textContent = padCodes[pad].slice(-1);
          what.className = "what";
          shone.className = "shone";
          element.append(canvas, key, shone, what);
          element.addEventListener("pointerdown", event => {
            if (event.button !== 0) return;
            event.preventDefault();
            element.focus({preventScroll: true});
            if (event.shiftKey || state.isPutting) put(pad);
            else hit(pad, {since: event.timeStamp});
          });
          // Enter, the space bar and assistive technology.
          element.addEventListener("click", event => {
            if (event.detail > 0) return;
            if (state.isPutting) put(pad);
            else hit(pad, {since: event.timeStamp});
          });
          padElements[pad] = element;
          $("pads").append(element);
        }
      navigator.keyboard?.getLayoutMap?.().then(layout => padCodes.forEach((code, pad) => {
        const letter = layout.get(code);
        if (letter) padElements[pad].querySelector("kbd").textContent = letter.toUpperCase();
      })).catch(() => {});
    };

    // The audio of the pads, decoded ahead.
    const padAudio = [];
    const hit = (pad, {gain = 1, since = 0} = {}) => {
      const ready = padAudio[pad], sound = state.pads[pad];
      if (ready) play(ready, `pad ${pad}`, {gain, since});
      const element = padElements[pad];
      element.classList.add("hit");
      requestAnimationFrame(() => requestAnimationFrame(() => element.classList.remove("hit")));
      if (!ready) fillPad(pad, true).then(() => {
        if (state.pads[pad] === sound && padAudio[pad]) play(padAudio[pad], `pad ${pad}`, {gain});
      });
      // After the sound, which is more urgent.
      setTimeout(() => choose(state.pads[pad], pad), 0);
    };
    // Turned sounds wait for the directions, in silence unless they are asked for.
    const fillPad = async (pad, isAskedFor = false) => {
      const sound = state.pads[pad], element = padElements[pad];
      element.classList.add("waiting");
      showPad(pad);
      try {
        const ready = await load(sound);
        if (state.pads[pad] !== sound) return;
        padAudio[pad] = ready;
        element.classList.remove("waiting");
        showPad(pad);
      } catch (error) {
        if (state.pads[pad] !== sound) return;
        if (isAskedFor || !state.isFinding || error.status !== 503) report(error);
      }
    };
    const fillMissing = () => Promise.all(
      [...state.pads.keys()].filter(pad => !padAudio[pad]).map(pad => fillPad(pad)));
    const showPad = pad => {
      const sound = state.pads[pad], element = padElements[pad];
      const color = colorOfSound(sound), isStarred = starOf(sound) !== undefined;
      element.style.setProperty("--color", color);
      element.querySelector(".what").textContent = titleOf(sound);
      element.querySelector(".shone").textContent = isStarred ? "★" : "";
      element.classList.toggle("chosen", state.pad === pad);
      element.setAttribute("aria-label", `Pad ${pad + 1}, key ${
        element.querySelector("kbd").textContent}: ${titleOf(sound)}${isStarred ? ", starred" : ""}`);
      drawWave(element.querySelector("canvas"), padAudio[pad]?.peaks, color);
    };
    const showPads = () => state.pads.forEach((_, pad) => showPad(pad));

    // Fills the pads with 16 sounds in turn.
    const openBank = (bank, pads = null) => {
      const most = isServed ? 62499 : Math.floor((state.points.length - 1) / 16);
      state.bank = Math.max(0, Math.min(bank, most));
      const numbers = [...Array(16).keys()].map(pad => 16 * state.bank + pad);
      state.pads = pads ?? (isServed ? numbers : numbers.map(
        place => state.points[place % state.points.length].number)).map(drawn);
      padAudio.length = 0;
      state.pad = null;
      $("bank").textContent = `${16 * state.bank + 1}–${16 * state.bank + 16}`;
      $("bank-back").disabled = state.bank === 0;
      $("bank-on").disabled = state.bank === most;
      keep();
      drawMap();
      return Promise.all(state.pads.map((_, pad) => fillPad(pad)));
    };

    // Puts the current sound on a pad.
    const put = async pad => {
      setPutting(false);
      if (!state.current) return note("Play a sound first, then put it on a pad.");
      const own = state.run;
      try {
        const sound = copy(await flatten(state.current));
        if (own !== state.run) return;
        state.pads[pad] = sound;
        padAudio[pad] = undefined;
        keep();
        drawMap();
        await fillPad(pad, true);
        if (state.pads[pad] === sound && padAudio[pad]) hit(pad);
      } catch (error) { if (own === state.run) report(error); }
    };
    const setPutting = isPutting => {
      state.isPutting = isPutting;
      $("pads").classList.toggle("putting", isPutting);
      $("put").setAttribute("aria-pressed", isPutting);
      if (isPutting) note("Choose a pad for the sound.");
    };

    // MARK: keys

    const isTyping = target => target.matches?.("input[type=text], select, textarea");
    const commands = {
      Comma: () => openBank(state.bank - 1), Period: () => openBank(state.bank + 1),
      KeyM: () => $("map").focus(), KeyB: () => toggleStar(), KeyG: () => download(state.current),
      KeyN: () => { $("name").focus(); $("name").select(); },
      KeyK: () => document.querySelector("#knobs input")?.focus(),
      KeyH: () => $("keys").open ? $("keys").close() : $("keys").showModal(),
    };
    addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
      const pad = padCodes.indexOf(event.code);
      if (pad >= 0) {
        event.preventDefault();
        if (event.shiftKey || state.isPutting) put(pad);
        else hit(pad, {since: event.timeStamp});
      } else if (event.code === "Escape") setPutting(false);
      else if (commands[event.code] && !event.shiftKey) {
        event.preventDefault();
        commands[event.code]();
      }
    });

    // MARK: MIDI

    // Takes a message; a note from 36 on plays a pad, its velocity is the level.
    const receive = ([status, key, velocity], since = 0) => {
      if ((status & 0xF0) !== 0x90 || velocity === 0 || key < 36 || key > 51) return;
      hit(key - 36, {gain: velocity / 127, since});
    };
    const connectMIDI = async () => {
      const access = await navigator.requestMIDIAccess();
      const listen = () => {
        for (const input of access.inputs.values())
          input.onmidimessage = event => receive(event.data, event.timeStamp);
        $("midi").setAttribute("aria-pressed", access.inputs.size > 0);
        return access.inputs.size;
      };
      access.onstatechange = listen;
      return listen();
    };
    const startMIDI = async () => {
      if (!navigator.requestMIDIAccess) {
        $("midi").hidden = true;
        return;
      }
      $("midi").addEventListener("click", async () => {
        try {
          const count = await connectMIDI();
          note(count === 0 ? "No MIDI device is connected." : "MIDI notes 36 to 51 play the pads.");
        } catch { note("The browser does not allow MIDI."); }
      });
      // Without a question if it was allowed before.
      try {
        const permission = await navigator.permissions.query({name: "midi"});
        if (permission.state === "granted") await connectMIDI();
      } catch { /* The button asks. */ }
    };
    """#
}
