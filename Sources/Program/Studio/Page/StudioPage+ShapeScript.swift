extension StudioPage {
  /// The current sound, its knobs and labels, and the morph between two pads.
  static let shapeScript = #"""
    let isShaping = false, change = null;
    // Makes a sound the current one; `pad` is the pad it is on, or null.
    const choose = (sound, pad) => {
      if (!sound) return;
      const earlier = state.pad;
      [state.current, state.pad] = [sound, pad];
      for (const one of [earlier, pad]) if (one !== null && state.pads[one]) showPad(one);
      showCurrent();
    };
    const showCurrent = () => {
      const sound = state.current;
      if (!sound) return;
      const star = starOf(sound), color = colorOfSound(sound);
      $("origin").textContent = state.pad === null
        ? (sound.to ? "between pads" : sound.mix ? "between dots" : "from the map") : `pad ${state.pad + 1}`;
      if (document.activeElement !== $("name")) $("name").value = star?.title ?? sound.title ?? "";
      $("name").placeholder = plainTitle(sound);
      $("star").textContent = star ? "★" : "☆";
      $("star").setAttribute("aria-pressed", star !== undefined);
      $("star").setAttribute("aria-label", star ? "Remove the star" : "Star this sound");
      const list = weights(sound);
      const mixed = list.filter(weight => weight > 0.005).length > 1
        ? list.map((weight, label) => [weight, run().labels[label]]).filter(([weight]) => weight > 0.005)
          .sort((a, b) => b[0] - a[0]).slice(0, 4)
          .map(([weight, label]) => `${Math.round(100 * weight)} % ${label}`).join(", ") : "";
      $("about").textContent = [titleOf(sound), mixed || factsOf(sound)].filter(Boolean).join(" — ");
      for (const input of document.querySelectorAll("#labels input"))
        input.checked = list[input.value] === Math.max(...list) && mixed === "";
      for (const input of document.querySelectorAll("#knobs input")) {
        const value = sound.turn?.[input.name] ?? 0, isOwn = document.activeElement === input;
        // The knob that the user turns may be ahead of the sound.
        if (!isOwn || (!change && Number(input.value) !== value)) setKnob(input, value);
      }
      $("flat").hidden = !Object.values(sound.turn ?? {}).some(Boolean);
      load(sound).then(({peaks}) => {
        if (state.current === sound) drawWave($("wave"), peaks, color, 12);
      }).catch(() => {});
    };

    // Changes the current sound, on its pad if it has one, and plays it. `change` is what is to be
    // done next.
    const leaveShape = () => { change = null; };
    const shape = edit => {
      if (!state.current) choose(state.pads[0], 0);
      const earlier = change;
      change = earlier ? sound => edit(earlier(sound)) : edit;
      if (isShaping) return;
      isShaping = true;
      (async () => {
        while (change) {
          const edit = change, own = state.run;
          change = null;
          try {
            const pad = state.pad;
            const sound = edit(copy(await flatten(state.current)));
            if (own !== state.run) continue;
            const ready = await load(sound);
            if (own !== state.run) continue;
            if (pad !== null) {
              state.pads[pad] = sound;
              padAudio[pad] = ready;
            }
            choose(sound, pad);
            play(ready, "walk");
          } catch (error) { if (own === state.run) report(error); }
        }
        isShaping = false;
        keep();
        drawMap();
      })();
    };

    // MARK: knobs

    const mostTurn = 4;
    const setKnob = (input, value) => {
      input.value = value;
      const direction = state.directions.find(direction => direction.name === input.name);
      const angle = 135 * value / mostTurn, dial = input.nextElementSibling;
      dial.style.setProperty("--turn", `${angle}deg`);
      dial.style.setProperty("--start", `${Math.min(angle, 0)}deg`);
      dial.style.setProperty("--sweep", `${Math.abs(angle)}deg`);
      const signed = number => `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(1)}`;
      const isComponent = direction.name.startsWith("component");
      const change = value * direction.effect;
      const text = Number(value) === 0 ? "0" : isComponent ? signed(value)
        : direction.unit === "doublings" ? `×${(2 ** change).toFixed(2)}`
          : `${signed(change)} ${direction.unit === "octaves" ? "oct" : direction.unit}`;
      input.parentElement.querySelector("output").textContent = text;
      input.setAttribute("aria-valuetext", Number(value) === 0 ? "0" : isComponent
        ? signed(value) : `${signed(change)} ${direction.unit}`);
    };
    const makeKnobs = () => {
      const box = $("knobs");
      box.replaceChildren();
      for (const direction of state.directions) {
        const knob = document.createElement("div"), input = document.createElement("input");
        const dial = document.createElement("span"), name = document.createElement("b");
        knob.className = "knob";
        Object.assign(input, {
          type: "range", min: -mostTurn, max: mostTurn, step: 0.1, value: 0, name: direction.name,
        });
        input.setAttribute("aria-label", direction.name.replace("-", " "));
        input.title = "Drag up or down; double-click resets";
        dial.className = "dial";
        dial.append(document.createElement("i"));
        name.textContent = direction.name.replace("-", " ");
        knob.append(input, dial, name, document.createElement("output"));
        box.append(knob);
        const turn = value => {
          setKnob(input, Math.round(10 * Math.max(-mostTurn, Math.min(mostTurn, value))) / 10);
          const amount = Number(input.value);
          shape(sound => ({...sound, turn: {...sound.turn, [direction.name]: amount}}));
        };
        input.addEventListener("input", () => turn(Number(input.value)));
        input.addEventListener("keydown", event => {
          if (event.key === "0") turn(0);
        });
        input.addEventListener("dblclick", () => turn(0));
        let start = null;
        input.addEventListener("pointerdown", event => {
          event.preventDefault();
          input.focus({preventScroll: true});
          input.setPointerCapture(event.pointerId);
          start = {y: event.clientY, x: event.clientX, value: Number(input.value)};
        });
        input.addEventListener("pointermove", event => {
          if (!start || !(event.buttons & 1)) return;
          const moved = (start.y - event.clientY) + (event.clientX - start.x);
          const value = Math.round(10 * (start.value + moved * 0.04)) / 10;
          if (value !== Number(input.value)) turn(value);
        });
        input.addEventListener("pointerup", () => { start = null; });
        setKnob(input, state.current?.turn?.[direction.name] ?? 0);
      }
    };
    const findDirections = async index => {
      if (index !== state.run) return;
      $("shape-note").textContent = "Finding directions …";
      try {
        const found = await askPatiently(`/directions?run=${index}`, ({done, total}) => {
          if (index === state.run)
            $("shape-note").textContent = `Finding directions … ${Math.round(100 * done / total)} %`;
        });
        if (index !== state.run) return;
        state.directions = found.directions;
        $("shape-note").textContent = found.directions.length > 0 ? ""
          : "No property of the sounds follows a direction yet. Train longer.";
      } catch (error) {
        if (index !== state.run) return;
        [state.directions, state.isFinding] = [[], false];
        $("shape-note").textContent = error.message;
        return makeKnobs();
      }
      state.isFinding = false;
      makeKnobs();
      await fillMissing();
      if (index === state.run) showCurrent();
    };

    // MARK: labels

    const makeLabels = () => {
      const box = $("labels"), labels = run().labels;
      box.hidden = labels.length === 0;
      box.querySelectorAll("label").forEach(label => label.remove());
      labels.forEach((text, index) => {
        const label = document.createElement("label"), input = document.createElement("input");
        const name = document.createElement("span");
        Object.assign(input, {type: "radio", name: "label", value: index});
        name.textContent = text;
        label.style.setProperty("--color", colorOf(index));
        label.append(input, name);
        input.addEventListener("change", () => shape(sound => ({...sound, labels: `${index}:1`})));
        box.append(label);
      });
    };

    // MARK: morph

    const makeMorph = () => {
      for (const [id, standard] of [["from", 0], ["to", 5]]) {
        for (let pad = 0; pad < 16; pad++) {
          const choice = document.createElement("option");
          [choice.value, choice.textContent] = [pad, `Pad ${pad + 1}`];
          $(id).append(choice);
        }
        $(id).value = standard;
        $(id).addEventListener("change", () => { $("morph").value = id === "from" ? 0 : 1; morph(); });
      }
      $("morph").addEventListener("input", () => morph());
    };
    const morph = () => {
      const [from, to] = ["from", "to"].map(id => state.pads[$(id).value]);
      walk({...copy(from), title: undefined, to: copy(to), at: Number($("morph").value)});
    };
    """#
}
