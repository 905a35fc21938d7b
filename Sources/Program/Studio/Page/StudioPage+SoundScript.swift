extension StudioPage {
  /// Sounds by what makes them, their names on the server, and their audio.
  static let soundScript = #"""
    "use strict";
    const $ = id => document.getElementById(id);
    const embedded = $("data") ? JSON.parse($("data").textContent) : null;
    const isServed = embedded === null;
    const state = {
      runs: [], run: 0, seed: "0", points: [], directions: [], pads: [], bank: 0,
      current: null, pad: null, stars: [], isPutting: false, latencies: [], isFinding: false,
    };
    const run = () => state.runs[state.run];

    // A sound is {number, z, mix, labels, turn, to, at, title}, of which the server needs those
    // that are set; see the parameters of StudioSound.
    const drawn = number => ({number, turn: {}});
    const query = sound => {
      const values = new URLSearchParams({run: state.run, seed: sound.seed ?? state.seed});
      if (sound.mix) values.set("mix", sound.mix);
      else values.set("number", sound.number);
      if (sound.z) values.set("z", sound.z);
      if (sound.labels) values.set("labels", sound.labels);
      const turn = Object.entries(sound.turn ?? {}).filter(([, amount]) => amount !== 0);
      if (turn.length > 0) values.set("turn", turn.map(pair => pair.join(":")).join(","));
      if (sound.to) {
        values.set("to", query(sound.to));
        values.set("at", sound.at);
      }
      return values.toString();
    };
    const copy = sound => structuredClone(sound);

    // The weight of each label by its index.
    const weights = sound => {
      const count = run().labels.length;
      if (count === 0) return [];
      if (sound.to) {
        const [first, last] = [weights({...sound, to: undefined}), weights(sound.to)];
        return first.map((weight, label) => (1 - sound.at) * weight + sound.at * last[label]);
      }
      const list = new Array(count).fill(0);
      if (sound.labels) {
        for (const pair of sound.labels.split(",")) {
          const [label, weight] = pair.split(":").map(Number);
          list[label] = weight;
        }
      } else if (sound.mix) {
        for (const pair of sound.mix.split(",")) {
          const [number, weight] = pair.split(":").map(Number);
          list[number % count] += weight;
        }
      } else list[sound.number % count] = 1;
      return list;
    };
    const labelOf = sound => {
      const list = weights(sound);
      return list.length === 0 ? null : list.indexOf(Math.max(...list));
    };
    const hue = label => (195 + 137.5 * label) % 360;
    // A point without a label has none in JSON.
    const colorOf = (label, tone = 0.4) => label == null
      ? `oklch(var(--lightness) var(--chroma) ${(300 - 230 * tone).toFixed(0)})`
      : `oklch(var(--lightness) var(--chroma) ${hue(label).toFixed(0)})`;
    const colorOfSound = sound => colorOf(labelOf(sound), toneOf(sound.number));

    // The place of a point between the dullest and the brightest one.
    const toneOf = number => {
      const point = state.points.find(point => point.number === number);
      return point?.tone ?? 0.4;
    };
    const plainTitle = sound => {
      const label = labelOf(sound);
      const noun = label == null ? "sound" : run().labels[label];
      if (sound.to) return `${plainTitle({...sound, to: undefined})} to ${titleOf(sound.to)}`;
      if (sound.mix) return `near ${plainTitle(drawn(sound.number))}`;
      const isChanged = sound.z || sound.labels || Object.values(sound.turn ?? {}).some(Boolean);
      return `${noun} ${sound.number + 1}${isChanged ? "′" : ""}`;
    };
    const titleOf = sound => sound.title || plainTitle(sound);

    // MARK: the server

    const ask = async (path, options) => {
      const response = await fetch(path, options);
      if (response.ok) return response;
      const text = (await response.text()) || `The studio answered ${response.status}.`;
      throw Object.assign(new Error(text), {status: response.status});
    };
    // Asks until the answer is complete; `report` gets what is done.
    const askPatiently = async (path, report) => {
      for (;;) {
        const response = await ask(path);
        const answer = await response.json();
        if (response.status !== 202) return answer;
        report(answer);
        await new Promise(resolve => setTimeout(resolve, 250));
      }
    };
    const bytesOf = base64 => Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    const embeddedBytes = sound => {
      const place = state.points.findIndex(point => point.number === sound.number);
      if (place < 0) throw new Error("This page does not have that sound.");
      return bytesOf(embedded.sounds[place]);
    };

    // Gives the sound parameters of its own, without a way or a mixture, so that it can be changed.
    const flatten = async sound => {
      if (!sound.to && !sound.mix) return sound;
      const made = await (await ask(`/latent?${query(sound)}`)).json();
      return {
        number: made.number, seed: made.seed, z: made.z, labels: made.labels, turn: {},
        title: titleOf(sound),
      };
    };

    // MARK: audio

    const decoder = new OfflineAudioContext(1, 1, 48000);
    const loaded = new Map();
    // At most so many sounds, and bytes of samples.
    const mostLoaded = 600, mostSize = 128 * 2 ** 20;
    let loadedSize = 0;
    const identity = sound => isServed ? query(sound) : String(sound.number);
    // Returns the audio of a sound, {buffer, peaks}; the sounds asked for last are kept.
    const load = sound => {
      const key = identity(sound);
      let entry = loaded.get(key);
      if (entry) loaded.delete(key);
      else {
        const made = {audio: fetchAudio(sound, key), size: 0};
        entry = made;
        made.audio.then(({buffer}) => {
          if (loaded.get(key) !== made) return;
          made.size = buffer.length * buffer.numberOfChannels * 4;
          loadedSize += made.size;
          forgetOldest();
        }, () => { if (loaded.get(key) === made) loaded.delete(key); });
      }
      loaded.set(key, entry);
      forgetOldest();
      return entry.audio;
    };
    // Forgets the sounds that were asked for first, but those of the pads, which have them anyway.
    const forgetOldest = () => {
      const isTooMuch = () => loaded.size > mostLoaded || loadedSize > mostSize;
      if (!isTooMuch()) return;
      const own = new Set(state.pads.map(identity));
      for (const [key, {size}] of loaded) {
        if (own.has(key)) continue;
        loaded.delete(key);
        loadedSize -= size;
        if (!isTooMuch()) return;
      }
    };
    const fetchAudio = async (sound, key) => {
      const bytes = isServed
        ? await (await ask(`/sound?${key}`)).arrayBuffer() : embeddedBytes(sound).buffer;
      const buffer = await decoder.decodeAudioData(bytes);
      return {buffer, peaks: peaksOf(buffer)};
    };
    const peaksOf = buffer => {
      const samples = buffer.getChannelData(0), count = 96;
      const peaks = new Float32Array(count);
      for (let place = 0; place < count; place++) {
        const start = Math.floor(place * samples.length / count);
        const end = Math.floor((place + 1) * samples.length / count);
        for (let index = start; index < end; index++)
          peaks[place] = Math.max(peaks[place], Math.abs(samples[index]));
      }
      return peaks;
    };

    let noteTimer = 0;
    const note = text => {
      $("note").textContent = text;
      $("note").classList.add("shown");
      clearTimeout(noteTimer);
      noteTimer = setTimeout(() => $("note").classList.remove("shown"), 5000);
    };
    const report = error => note(
      error instanceof TypeError && isServed ? "The studio has ended. Start it again." : error.message);
    """#
}
