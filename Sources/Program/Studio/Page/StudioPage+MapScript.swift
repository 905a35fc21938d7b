extension StudioPage {
  /// The map, and walking on it.
  static let mapScript = #"""
    const map = $("map"), margin = 22;
    let walker = null, wanted = null, isLoading = false;
    // The place of the pointer while sounds between points are played.
    let between = null;
    // Forgets where the walk is, for another run or map.
    const leaveMap = () => { [walker, between, wanted] = [null, null, null]; };
    const placeOf = point => ({
      x: margin + point.x * (map.clientWidth - 2 * margin),
      y: margin + (1 - point.y) * (map.clientHeight - 2 * margin),
    });
    const nearest = (x, y, count) => state.points.map((point, index) => {
      const place = placeOf(point);
      return {index, distance: Math.hypot(place.x - x, place.y - y)};
    }).sort((a, b) => a.distance - b.distance).slice(0, count);

    let isDrawing = false;
    const drawMap = () => {
      if (isDrawing) return;
      isDrawing = true;
      requestAnimationFrame(() => {
        isDrawing = false;
        paintMap();
      });
    };
    const paintMap = () => {
      const {pen} = fitted(map);
      const style = getComputedStyle(document.documentElement);
      const ink = style.getPropertyValue("--ink"), ground = style.getPropertyValue("--well");
      const onPads = new Map(state.pads.map((sound, pad) => [sound.z || sound.mix ? -1 : sound.number, pad]));
      const starred = new Set(state.stars.filter(star => !star.z).map(star => star.number));
      const colors = new Map();
      state.points.forEach((point, index) => {
        const {x, y} = placeOf(point);
        const key = point.label ?? Math.round(20 * point.tone);
        if (!colors.has(key)) colors.set(key, resolved(colorOf(point.label, point.tone)));
        const pad = onPads.get(point.number), isHere = index === walker && !between;
        pen.fillStyle = colors.get(key);
        if (isHere) {
          pen.globalAlpha = 0.18;
          pen.beginPath();
          pen.arc(x, y, 19, 0, 7);
          pen.fill();
        }
        pen.globalAlpha = pad === undefined && !isHere ? 0.72 : 1;
        pen.beginPath();
        pen.arc(x, y, isHere ? 9 : pad === undefined ? 4.5 : 8, 0, 7);
        pen.fill();
        pen.globalAlpha = 1;
        if (starred.has(point.number)) {
          pen.strokeStyle = ink;
          pen.lineWidth = 1.5;
          pen.beginPath();
          pen.arc(x, y, (isHere ? 9 : pad === undefined ? 4.5 : 8) + 3, 0, 7);
          pen.stroke();
        }
        if (pad !== undefined) {
          pen.fillStyle = ground;
          pen.font = "600 10px system-ui, sans-serif";
          pen.textAlign = "center";
          pen.textBaseline = "middle";
          pen.fillText(padElements[pad].querySelector("kbd").textContent, x, y + 0.5);
        }
      });
      if (between) {
        pen.strokeStyle = ink;
        pen.lineWidth = 1;
        for (const {index, weight} of between.parts) {
          const place = placeOf(state.points[index]);
          pen.globalAlpha = 0.2 + 0.6 * weight;
          pen.beginPath();
          pen.moveTo(between.x, between.y);
          pen.lineTo(place.x, place.y);
          pen.stroke();
        }
        pen.globalAlpha = 1;
        pen.fillStyle = ink;
        pen.beginPath();
        pen.arc(between.x, between.y, 5, 0, 7);
        pen.fill();
      }
    };

    // Plays the sound that was asked for last, one at a time.
    const walk = (sound, since = 0) => {
      wanted = {sound, since};
      if (isLoading) return;
      isLoading = true;
      (async () => {
        while (wanted) {
          const {sound, since} = wanted, own = state.run;
          wanted = null;
          try {
            const ready = await load(sound);
            if (own !== state.run) continue;
            play(ready, "walk", {since});
            choose(sound, null);
          } catch (error) { if (own === state.run) report(error); }
        }
        isLoading = false;
        prefetch();
      })();
    };
    const walkTo = (index, since) => {
      if (index === null || index === undefined) return;
      walker = index;
      between = null;
      drawMap();
      walk(drawn(state.points[index].number), since);
    };
    // Plays a mixture of the three closest sounds, each by the inverse square of its distance.
    const walkBetween = (x, y, since) => {
      const close = nearest(x, y, 3);
      if (!isServed || close[0].distance < 7) {
        if (close[0].index !== walker || between) walkTo(close[0].index, since);
        return;
      }
      const shares = close.map(({distance}) => 1 / (distance * distance));
      const total = shares.reduce((sum, share) => sum + share, 0);
      const parts = close.map(({index}, place) => ({index, weight: shares[place] / total}));
      between = {x, y, parts};
      drawMap();
      walk({
        mix: parts.map(part => `${state.points[part.index].number}:${part.weight.toFixed(2)}`).join(","),
        number: state.points[parts[0].index].number, turn: {},
      }, since);
    };
    // Loads the neighbors of the sound under the pointer while nothing else is asked for.
    const prefetch = async () => {
      if (walker === null || !isServed) return;
      const own = state.run, here = walker, {x, y} = placeOf(state.points[walker]);
      for (const {index} of nearest(x, y, 7).slice(1)) {
        if (wanted || isLoading || walker !== here || own !== state.run) return;
        try { await load(drawn(state.points[index].number)); } catch { return; }
      }
    };

    const at = event => {
      const box = map.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    let lastPlace = null;
    map.addEventListener("pointerdown", event => {
      if (event.button !== 0 || state.points.length === 0) return;
      map.setPointerCapture(event.pointerId);
      lastPlace = at(event);
      const [close] = nearest(...lastPlace, 1);
      if (close.distance < 24) walkTo(close.index, event.timeStamp);
      else walkBetween(...lastPlace, event.timeStamp);
    });
    map.addEventListener("pointermove", event => {
      if (state.points.length === 0) return;
      const place = at(event);
      if (event.buttons & 1) {
        if (lastPlace && Math.hypot(place[0] - lastPlace[0], place[1] - lastPlace[1]) < 9) return;
        lastPlace = place;
        walkBetween(...place, event.timeStamp);
        return;
      }
      if (event.pointerType === "touch") return;
      const [close] = nearest(...place, 1);
      if (close.distance < 16 && (close.index !== walker || between)) {
        if (!isAllowed()) note("Click once, or press a key, to turn the sound on.");
        walkTo(close.index, event.timeStamp);
      }
    });
    map.addEventListener("keydown", event => {
      const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
      if (way) {
        event.preventDefault();
        walkTo(walker === null ? nearest(map.clientWidth / 2, map.clientHeight / 2, 1)[0]?.index
          : neighbor(...way) ?? walker, event.timeStamp);
      } else if ((event.key === "Enter" || event.key === " ") && walker !== null) {
        event.preventDefault();
        walkTo(walker, event.timeStamp);
      }
    });
    // The closest point in a direction; one to the side of it counts as farther.
    const neighbor = (right, down) => {
      const here = placeOf(state.points[walker]);
      let best = null, least = Infinity;
      state.points.forEach((point, index) => {
        const place = placeOf(point);
        const [x, y] = [place.x - here.x, place.y - here.y];
        const along = x * right + y * down, aside = Math.abs(x * down - y * right);
        if (along <= 0.5 || aside > 1.5 * along) return;
        const cost = along + 2 * aside;
        if (cost < least) [best, least] = [index, cost];
      });
      return best;
    };
    new ResizeObserver(() => {
      between = null;
      drawMap();
    }).observe(map);

    // MARK: facts

    const showMap = ({points, silent}) => {
      const bright = points.map(point => point.facts.brightness ?? 0).sort((a, b) => a - b);
      for (const point of points)
        point.tone = points.length < 2 ? 0.5
          : bright.indexOf(point.facts.brightness ?? 0) / (points.length - 1);
      state.points = points;
      [walker, between] = [null, null];
      map.setAttribute("aria-label", `Map of ${points.length} sounds`);
      $("map-note").textContent = points.length === 0 ? "All sounds are silent. Train longer." : "";
      $("map-help").textContent = (isServed
        ? "Point at a dot to hear it, drag to hear mixtures of dots, or use the arrow keys."
        : "Point at a dot to hear it, or use the arrow keys.")
        + (silent > 0 ? ` ${silent} silent sounds are left out.` : "");
      const legend = $("legend");
      legend.replaceChildren();
      const entries = run().labels.length > 0
        ? run().labels.slice(0, 12).map((label, index) => [label, colorOf(index)])
        : [["dull", colorOf(null, 0)], ["bright", colorOf(null, 1)]];
      for (const [text, color] of entries) {
        const item = document.createElement("li"), dot = document.createElement("i");
        dot.style.setProperty("--color", color);
        item.append(dot, text);
        legend.append(item);
      }
      drawMap();
    };
    const factsOf = sound => {
      if (sound.z || sound.mix || sound.to || sound.labels
        || Object.values(sound.turn ?? {}).some(Boolean)) return "";
      const facts = state.points.find(point => point.number === sound.number)?.facts;
      if (!facts) return "";
      const hertz = value => value >= 1000 ? `${(value / 1000).toFixed(1)} kHz` : `${value.toFixed(0)} Hz`;
      const parts = [];
      if (facts.brightness !== undefined) parts.push(`centroid ${hertz(2 ** facts.brightness)}`);
      if (facts.pitch !== undefined) parts.push(`pitch ${hertz(2 ** facts.pitch)}`);
      if (facts.decay !== undefined) parts.push(`decay ${(1000 * 2 ** facts.decay).toFixed(0)} ms`);
      if (facts.loudness !== undefined) parts.push(`level ${facts.loudness.toFixed(0)} dB`.replace("-", "−"));
      return parts.join(" · ");
    };
    """#
}
